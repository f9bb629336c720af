namespace Forecast.Hosting.Data;

/// <summary>Names of CSV files.</summary>
internal static class CsvPath
{
    public static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || IsCompressed(path);

    public static bool IsCompressed(string path) => path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>File name without folder and without <c>.csv</c> or <c>.csv.gz</c>.</summary>
    public static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        return name[..^(IsCompressed(name) ? ".csv.gz".Length : ".csv".Length)];
    }
}
