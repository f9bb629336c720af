using System.Text.Json;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Garch;

/// <summary>One case of a <c>garch*.json</c> reference file.</summary>
public sealed record GarchCase(string Key, string Id, string Variance, string Distribution, string[] Names, GarchSample Sample, JsonElement Expected, JsonElement? Published)
{
    /// <summary>Whether a family exists here that can take the case.</summary>
    public bool IsSupported => Enum.TryParse<VarianceFamily>(Variance, ignoreCase: true, out _) && Distribution is "norm" or "std" or "ged" or "sstd";

    public GarchSpecification Specification
    {
        get
        {
            var family = Enum.Parse<VarianceFamily>(Variance, ignoreCase: true);
            return new(
                family == VarianceFamily.Figarch ? Named("phi") : Named("alpha"),
                Named("beta") + (family == VarianceFamily.Igarch ? 1 : 0),
                InnovationKinds.Parse(Distribution),
                Names.Contains("mu"),
                Named("ar"),
                Named("ma"),
                family);
        }
    }

    private int Named(string stem) => Names.Count(n => n.StartsWith(stem, StringComparison.Ordinal));

    public double[] Coefficients => Vector("coef");

    /// <summary>A named vector in the order of the parameters; NaN where the file has null or nothing.</summary>
    public double[] Vector(string key) => ReadVector(Expected.GetProperty(key), Specification.Names);

    public double Number(string key) => Expected.GetProperty(key).GetDouble();

    public bool Has(string key) => Expected.TryGetProperty(key, out var v) && v.ValueKind != JsonValueKind.Null;

    public double[] Series(string key)
    {
        var v = Expected.GetProperty(key);
        return v.ValueKind == JsonValueKind.Number ? [v.GetDouble()] : [.. v.EnumerateArray().Select(x => x.GetDouble())];
    }

    public static double[] ReadVector(JsonElement map, IReadOnlyList<string> names) =>
        [.. names.Select(n => map.TryGetProperty(n, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN)];

    public override string ToString() => Key;
}

/// <summary>Reads the reference files of the repository and those of the folder named by FORECAST_REFERENCE_DIR.</summary>
public static class GarchOracle
{
    private static readonly Lazy<IReadOnlyList<GarchCase>> Own = new(() => [.. Read(ReferenceData.Files("garch*.json").First(), "")]);
    private static readonly Lazy<IReadOnlyList<GarchCase>> Others = new(() => [.. ReferenceData.Files("garch*.json").Skip(1).SelectMany(f => Read(f, f + "#"))]);

    public static IReadOnlyList<GarchCase> CasesOfRepository => Own.Value;

    public static IReadOnlyList<GarchCase> Cases => [.. Own.Value, .. Others.Value];

    /// <summary>The case with this key: its id, after the file's path where it comes from outside the repository.</summary>
    public static GarchCase Find(string key) => Cases.First(c => string.Equals(c.Key, key, StringComparison.Ordinal));

    private static IEnumerable<GarchCase> Read(string file, string prefix)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var root = document.RootElement.Clone();
        foreach (var item in root.GetProperty("cases").EnumerateArray())
        {
            var model = item.GetProperty("model");
            var values = item.TryGetProperty("series", out var name)
                ? root.GetProperty("series").GetProperty(name.GetString()!).GetProperty("values")
                : item.GetProperty("input");
            var id = item.GetProperty("id").GetString()!;
            yield return new GarchCase(
                prefix + id,
                id,
                model.GetProperty("variance").GetString()!,
                model.GetProperty("distribution").GetString()!,
                [.. model.GetProperty("parameters").EnumerateArray().Select(p => p.GetString()!)],
                new GarchSample([.. values.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble())]),
                item.GetProperty("expected"),
                item.TryGetProperty("published", out var published) && published.ValueKind == JsonValueKind.Object ? published : null);
        }
    }
}
