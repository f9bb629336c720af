using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>Oracle files of risk, the shipped ones and those below the folder that FORECAST_REFERENCE_DIR names, and how results are held against them.</summary>
public static class RiskCases
{
    private static readonly string[] Words = ["note", "residual"];

    public static TheoryData<string, string> Backtests() => All("var_backtests*.json");

    public static TheoryData<string, string> ConfidenceSets() => All("mcs*.json");

    public static (JsonElement Case, JsonElement Series) Load(string file, string id)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = document.RootElement.Clone();
        var found = root.GetProperty("cases").EnumerateArray().Single(c => string.Equals(c.GetProperty("id").GetString(), id, StringComparison.Ordinal));
        return (found, root.GetProperty("series"));
    }

    /// <summary>Every expected leaf has to be there and be met; returns the worst relative deviation.</summary>
    public static double Compare(JsonElement expected, JsonNode? computed, string path, double tolerance)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                computed.ShouldBeOfType<JsonObject>(path);
                double worst = 0;
                foreach (var member in expected.EnumerateObject())
                {
                    if (Words.Contains(member.Name)) continue;
                    computed.AsObject().ContainsKey(member.Name).ShouldBeTrue($"no computation answers {path}/{member.Name}");
                    var loose = member.Name.Contains("p_value", StringComparison.Ordinal) && AtZero(expected);
                    worst = Math.Max(worst, Compare(member.Value, computed[member.Name], $"{path}/{member.Name}", loose ? 1e-7 : tolerance));
                }

                return worst;
            case JsonValueKind.Array:
                computed.ShouldBeOfType<JsonArray>(path).Count.ShouldBe(expected.GetArrayLength(), path);
                return expected.EnumerateArray().Select((e, i) => Compare(e, computed[i], $"{path}/{i}", tolerance)).DefaultIfEmpty(0).Max();
            case JsonValueKind.Number:
                return Number(expected.GetDouble(), computed, path, tolerance);
            case JsonValueKind.Null:
                computed.ShouldBeNull(path);
                return 0;
            case JsonValueKind.String:
                computed.ShouldNotBeNull(path).GetValue<string>().ShouldBe(expected.GetString(), path);
                return 0;
            default:
                throw new InvalidOperationException($"{path}: nothing can be held against {expected.ValueKind}");
        }
    }

    public static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value);

    private static double Number(double wanted, JsonNode? computed, string path, double tolerance)
    {
        var got = computed.ShouldNotBeNull(path).Deserialize<double>();

        // Coefficients that are 0 come out as rounding noise, theirs and ours.
        if (Math.Abs(got - wanted) <= 1e-12) return 0;
        var deviation = Math.Abs(got - wanted) / Math.Abs(wanted);
        deviation.ShouldBeLessThanOrEqualTo(tolerance, $"{path}: {got:R}, expected {wanted:R}");
        return deviation;
    }

    /// <summary>A statistic that is 0 but for rounding has a p-value that is 1 but for the root of that rounding.</summary>
    private static bool AtZero(JsonElement result) => result.TryGetProperty("lr", out var lr) && lr.GetDouble() < 1e-12;

    private static TheoryData<string, string> All(string pattern)
    {
        var data = new TheoryData<string, string>();
        var shipped = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "reference", "classical"), pattern);
        var folder = Environment.GetEnvironmentVariable(Metrics.ReferenceCases.Variable);
        var further = string.IsNullOrEmpty(folder) ? [] : Directory.GetFiles(folder, pattern, SearchOption.AllDirectories);
        foreach (var file in shipped.Concat(further).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var one in document.RootElement.GetProperty("cases").EnumerateArray()) data.Add(file, one.GetProperty("id").GetString()!);
        }

        return data;
    }
}
