using System.Text.Json;
using Forecast.Core;

namespace Forecast.Hosting.Data;

/// <summary>The files of a datasets folder by name, with what <c>datasets.json</c> says about them.</summary>
internal sealed class DatasetCatalogue
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Dictionary<string, DatasetInfo> _byName = new(StringComparer.OrdinalIgnoreCase);

    public DatasetCatalogue(string folder)
    {
        Folder = folder;
        if (!Directory.Exists(folder)) return;
        var table = ReadTable(Path.Combine(folder, "datasets.json"));
        foreach (var path in Directory.EnumerateFiles(folder).Where(CsvPath.IsCsv).Order(StringComparer.Ordinal))
        {
            var name = CsvPath.Stem(path);
            var row = table.GetValueOrDefault(name);
            _byName[name] = new DatasetInfo
            {
                Name = name,
                File = Path.GetFileName(path),
                Title = row?.Title ?? "",
                Period = row?.Period ?? "",
                Frequency = row?.Frequency,
                Calendar = row?.Calendar,
                Time = row?.Time,
                Columns = row?.Columns,
                Source = row?.Source ?? "",
                Licence = row?.Licence ?? "",
            };
        }
    }

    public string Folder { get; }

    public IReadOnlyList<DatasetInfo> All => [.. _byName.Values.OrderBy(d => d.Name, StringComparer.OrdinalIgnoreCase)];

    public DatasetInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The known name that needs the fewest edits to become <paramref name="name"/>, if at most a third of it is wrong.</summary>
    public string? Nearest(string name) => _byName.Keys
        .Select(k => (Name: k, Distance: Edits(k.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(c => c.Distance <= Math.Max(1, name.Length / 3))
        .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => c.Name)
        .FirstOrDefault();

    private static Dictionary<string, Row> ReadTable(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<Dictionary<string, Row>>(stream, Json) ?? [];
        }
        catch (JsonException e)
        {
            throw new ForecastException("datasets-table-invalid", $"{path} cannot be read: {e.Message}", "datasets", inner: e);
        }
    }

    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }

    private sealed record Row(string? Title, string? Period, string? Frequency, string? Calendar, string? Time, Dictionary<string, string>? Columns, string? Source, string? Licence);
}
