using System.Text.Json;

namespace Forecast.Backtest.Tests.Metrics;

/// <summary>Cases of the oracle files <c>metrics*.json</c>: the shipped one, and those below the folder that FORECAST_REFERENCE_DIR names.</summary>
public static class ReferenceCases
{
    public const string Variable = "FORECAST_REFERENCE_DIR";

    /// <summary>File and case id, for theories.</summary>
    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in Files())
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var one in document.RootElement.GetProperty("cases").EnumerateArray()) data.Add(file, one.GetProperty("id").GetString()!);
        }

        return data;
    }

    public static (JsonElement Case, JsonElement Series) Load(string file, string id)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = document.RootElement.Clone();
        var found = root.GetProperty("cases").EnumerateArray().Single(c => string.Equals(c.GetProperty("id").GetString(), id, StringComparison.Ordinal));
        return (found, root.GetProperty("series"));
    }

    /// <summary>A number, a list of numbers, or a bare number that stands for a list; null is NaN.</summary>
    public static double[] Numbers(this JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Select(Number)]
        : [element.Number()];

    public static double Number(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetDouble(),
    };

    private static IEnumerable<string> Files()
    {
        var shipped = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "reference", "classical"), "metrics*.json");
        var folder = Environment.GetEnvironmentVariable(Variable);
        var further = string.IsNullOrEmpty(folder) ? [] : Directory.GetFiles(folder, "metrics*.json", SearchOption.AllDirectories);
        return shipped.Concat(further).Order(StringComparer.Ordinal);
    }
}
