namespace Forecast.Models.Tests;

/// <summary>Where the oracle files lie: tests/data/reference of the repository, and the folder FORECAST_REFERENCE_DIR when set.</summary>
internal static class ReferenceData
{
    /// <summary>Files that match the pattern, at any depth, the repository's own first.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Folders().SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Folders()
    {
        yield return Repository.At("tests", "data", "reference");
        if (Environment.GetEnvironmentVariable("FORECAST_REFERENCE_DIR") is { Length: > 0 } extra)
            yield return extra;
    }
}
