using System.Text.Json.Nodes;
using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

/// <summary>One case of an arima*.json oracle file; the README beside the file explains the fields.</summary>
internal sealed class ArimaReferenceCase
{
    private readonly JsonNode _case;

    private ArimaReferenceCase(JsonNode file, JsonNode node)
    {
        _case = node;
        var model = node["model"]!;
        var order = Numbers(model["order"]);
        var seasonal = Numbers(model["seasonal"]);
        var period = (int)Number(model["period"]);
        Options = new ArimaOptions
        {
            Order = new ArimaOrder((int)order[0], (int)order[1], (int)order[2]),
            Seasonal = new ArimaOrder((int)seasonal[0], (int)seasonal[1], (int)seasonal[2]),
            Period = period,
            IncludeMean = (bool)model["include_mean"]!,
            IncludeDrift = (bool)model["include_drift"]!,
        };
        Values = Numbers(node["series"] is { } series ? file["series"]![(string)series!]!["values"] : node["input"] is JsonObject input ? input["values"] : node["input"]);
        string[] names = [.. Rows(model["xreg_names"]).Select(n => (string)n!)];
        Regressors = new ArimaRegressors(names, [.. names.Select((_, j) => Numbers(model["xreg"]![j]))]);
        FutureRegressors = new ArimaRegressors(names, [.. names.Select((_, j) => Numbers(model["future_xreg"]![j]))]);
        Names = [.. Expected["coef"]!.AsObject().Select(p => p.Key)];
        Coefficients = [.. Expected["coef"]!.AsObject().Select(p => Number(p.Value))];
    }

    public ArimaOptions Options { get; }

    public double[] Values { get; }

    public ArimaRegressors Regressors { get; }

    public ArimaRegressors FutureRegressors { get; }

    /// <summary>R's names and estimates.</summary>
    public string[] Names { get; }

    public double[] Coefficients { get; }

    public JsonNode Expected => _case["expected"]!;

    public JsonNode? Statsmodels => _case["check"]?["statsmodels"];

    /// <summary>Pairs (file, id) of every case in the repository and in the folder FORECAST_REFERENCE_DIR.</summary>
    public static IEnumerable<(string File, string Id)> All() =>
        from file in ReferenceData.Files("arima*.json")
        from node in JsonNode.Parse(File.ReadAllText(file))!["cases"]!.AsArray()
        select (file, (string)node!["id"]!);

    public static ArimaReferenceCase Load(string file, string id)
    {
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        return new ArimaReferenceCase(root, root["cases"]!.AsArray().Single(c => string.Equals((string)c!["id"]!, id, StringComparison.Ordinal))!);
    }

    /// <summary>NaN for null, one element for a bare number.</summary>
    public static double[] Numbers(JsonNode? node) => [.. Rows(node).Select(Number)];

    public static double Number(JsonNode? node) => node is null ? double.NaN : (double)node;

    private static IEnumerable<JsonNode?> Rows(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array,
        _ => [node],
    };
}
