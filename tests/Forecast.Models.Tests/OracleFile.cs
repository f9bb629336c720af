using System.Text.Json.Nodes;

namespace Forecast.Models.Tests;

/// <summary>One case of an oracle file beside its series; the README in the folder of the files explains the fields.</summary>
internal sealed class OracleFile
{
    private readonly JsonNode _root;

    private OracleFile(JsonNode root, JsonNode node)
    {
        _root = root;
        Case = node;
    }

    public JsonNode Case { get; }

    public JsonNode Expected => Case["expected"]!;

    /// <summary>The series of the case, NaN = missing.</summary>
    public double[] Values => Numbers(Series["values"]);

    /// <summary>Observations a season; 1 for yearly and rarer data.</summary>
    public int Period => Math.Max(1, (int)Math.Round((double)Series["frequency"]!));

    private JsonNode Series => _root["series"]![(string)Case["series"]!]!;

    /// <summary>Pairs (file, id) of the cases that pass the filter, in the repository and in the folder FORECAST_REFERENCE_DIR.</summary>
    public static TheoryData<string, string> Cases(string pattern, Func<JsonNode, bool>? filter = null)
    {
        var data = new TheoryData<string, string>();
        foreach (var file in ReferenceData.Files(pattern))
        {
            foreach (var node in JsonNode.Parse(File.ReadAllText(file))!["cases"]!.AsArray())
            {
                if (filter is null || filter(node!))
                    data.Add(file, (string)node!["id"]!);
            }
        }

        return data;
    }

    public static OracleFile Load(string file, string id)
    {
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        return new OracleFile(root, root["cases"]!.AsArray().Single(c => string.Equals((string)c!["id"]!, id, StringComparison.Ordinal))!);
    }

    /// <summary>NaN for null, one element for a bare number.</summary>
    public static double[] Numbers(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select(v => v is null ? double.NaN : (double)v)],
        _ => [(double)node],
    };
}
