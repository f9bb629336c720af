namespace Forecast.Models.Tests.Weights;

/// <summary>Golden files: those of the repository, and those of the folder FORECAST_GOLDEN_DIR when it is set.</summary>
internal static class GoldenFiles
{
    public static string? Folder => Environment.GetEnvironmentVariable("FORECAST_GOLDEN_DIR") is { Length: > 0 } folder ? folder : null;

    /// <summary>Full paths of the files that match the pattern.</summary>
    public static IEnumerable<string> All(string pattern) =>
        new[] { Repository.At("tests", "data", "golden"), Folder }.OfType<string>().SelectMany(f => Directory.GetFiles(f, pattern)).Order(StringComparer.Ordinal);
}
