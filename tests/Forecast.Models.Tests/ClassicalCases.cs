using System.Text.Json.Nodes;

namespace Forecast.Models.Tests;

/// <summary>Cases of an oracle file in the classical form (tests/data/reference/classical/README.md), by kind.</summary>
internal sealed class ClassicalCase
{
    // Reading a node is not safe for several threads at once, so each has its own copy.
    private static readonly ThreadLocal<Dictionary<string, JsonNode>> Read = new(() => new(StringComparer.Ordinal));

    private ClassicalCase(JsonNode file, JsonNode node)
    {
        Node = node;
        var series = file["series"]![(string)node["series"]!]!;
        Values = Numbers(series["values"]);
        Period = Math.Max(1, (int)(double)series["frequency"]!);
    }

    public JsonNode Node { get; }

    public double[] Values { get; }

    /// <summary>Observations a season, 1 for none.</summary>
    public int Period { get; }

    public JsonNode Expected => Node["expected"]!;

    public JsonNode? Input => Node["input"];

    /// <summary>File and id of every case of a kind, in the repository and in the folder FORECAST_REFERENCE_DIR.</summary>
    public static TheoryData<string, string> Of(string pattern, string kind)
    {
        var data = new TheoryData<string, string>();
        foreach (var file in ReferenceData.Files(pattern))
        {
            foreach (var node in Root(file)["cases"]!.AsArray())
            {
                if (string.Equals((string?)node!["kind"], kind, StringComparison.Ordinal)) data.Add(file, (string)node["id"]!);
            }
        }

        return data;
    }

    public static ClassicalCase Load(string file, string id)
    {
        var root = Root(file);
        return new ClassicalCase(root, root["cases"]!.AsArray().Single(c => string.Equals((string)c!["id"]!, id, StringComparison.Ordinal))!);
    }

    private static JsonNode Root(string file)
    {
        if (!Read.Value!.TryGetValue(file, out var root)) Read.Value[file] = root = JsonNode.Parse(File.ReadAllText(file))!;
        return root;
    }

    public double[] Vector(string key) => Numbers(Expected[key]);

    public double Number(string key) => (double)Expected[key]!;

    /// <summary>NaN for null, one element for a bare number, none when absent.</summary>
    public static double[] Numbers(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select(v => v is null ? double.NaN : (double)v)],
        _ => [(double)node],
    };

    public static Dictionary<string, double> Named(JsonNode node) =>
        node.AsObject().ToDictionary(p => p.Key, p => (double)p.Value!, StringComparer.Ordinal);
}
