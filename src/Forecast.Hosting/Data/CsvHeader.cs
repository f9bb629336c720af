using System.Globalization;
using CsvHelper;

namespace Forecast.Hosting.Data;

/// <summary>The first line of a file, checked to be names.</summary>
internal static class CsvHeader
{
    /// <exception cref="Core.ForecastException">The file has no content, or its first line is not a row of distinct names.</exception>
    public static IReadOnlyList<string> Read(CsvReader csv, string file)
    {
        do
        {
            if (!csv.Read()) throw DataErrors.Empty(file);
        }
        while (csv.RawRecord.IsEmpty);

        var names = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim()).ToArray();
        if (names.Length == 1 && Separator(names[0]) is { } other) throw DataErrors.Separator(file, other);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0) throw DataErrors.HeaderBlank(file, i + 1);
        }

        if (names.All(IsValue)) throw DataErrors.HeaderMissing(file, names[0]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name)) throw DataErrors.ColumnDuplicate(file, name);
        }

        return names;
    }

    private static string? Separator(string line) =>
        line.Contains(';', StringComparison.Ordinal) ? "semicolons" : line.Contains('\t', StringComparison.Ordinal) ? "tabs" : line.Contains('|', StringComparison.Ordinal) ? "bars" : null;

    private static bool IsValue(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || Timestamp.TryParse(name, out _);
}
