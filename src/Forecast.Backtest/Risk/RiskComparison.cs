using System.Text.Json.Serialization;
using Forecast.Backtest.Metrics;

namespace Forecast.Backtest.Risk;

/// <summary>Models side by side on the days that all of them have: mean losses, Diebold-Mariano tests and the model confidence set.</summary>
public sealed record RiskComparison
{
    /// <summary>Level of the confidence set: a model whose p-value is below it is out.</summary>
    public const double SetLevel = 0.1;

    private const int Samples = 2_000;

    /// <summary>Days that every model has.</summary>
    [JsonPropertyName("days")]
    public required int Days { get; init; }

    /// <summary>Models by mean tick loss, the best first.</summary>
    [JsonPropertyName("ranking")]
    public required IReadOnlyList<RankedModel> Ranking { get; init; }

    /// <summary>Every pair, tested on tick losses.</summary>
    [JsonPropertyName("diebold_mariano")]
    public required IReadOnlyList<TickComparison> Pairs { get; init; }

    /// <summary>How the set was found.</summary>
    [JsonPropertyName("mcs_method")]
    public required string Method { get; init; }

    /// <param name="models">Of the same returns; each with a name of its own.</param>
    /// <param name="alpha">Tail.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <returns>Null with fewer than two models, or fewer than two common days.</returns>
    public static RiskComparison? Of(IReadOnlyList<RiskSeries> models, double alpha, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count < 2) return null;
        var common = models.Skip(1).Aggregate(models[0].Rows.AsEnumerable(), (rows, m) => rows.Intersect(m.Rows)).Order().ToArray();
        if (common.Length < 2) return null;
        double[][] ticks = [.. models.Select(m => On(common, m, TailLosses.Tick(m, alpha)))];
        double[]?[] joint = [.. models.Select(m => TailLosses.Joint(m, alpha) is { } all ? On(common, m, all) : null)];
        var block = Math.Max(2, (int)Math.Ceiling(Math.Cbrt(common.Length)));
        var set = ModelConfidenceSet.Of(ticks, Samples, block, seed, ConfidenceSetStatistic.Range);
        var p = set.ToDictionary(s => s.Model, s => s.PValue);
        var order = Enumerable.Range(0, models.Count).OrderBy(i => ticks[i].Average()).ToArray();
        return new()
        {
            Days = common.Length,
            Ranking = [.. order.Select((i, rank) => new RankedModel(models[i].Model, rank + 1, ticks[i].Average(), joint[i]?.Average(), p[i], p[i] >= SetLevel))],
            Pairs = [.. Enumerable.Range(0, models.Count).SelectMany(i => Enumerable.Range(0, i).Select(j => TickComparison.Of(models[i].Model, ticks[i], models[j].Model, ticks[j])))],
            Method = $"Hansen, Lunde and Nason's T_R on tick losses, {Samples} bootstrap samples in circular blocks of {block} days, level {SetLevel}",
        };
    }

    private static double[] On(int[] rows, RiskSeries model, double[] losses)
    {
        var place = model.Rows.Select((row, i) => (row, i)).ToDictionary(x => x.row, x => x.i);
        return Array.ConvertAll(rows, r => losses[place[r]]);
    }
}

/// <summary>A model's place by mean tick loss.</summary>
/// <param name="Model">Name.</param>
/// <param name="Rank">From 1.</param>
/// <param name="TickLoss">Mean tick loss.</param>
/// <param name="JointLoss">Mean joint score of VaR and ES; null without ES.</param>
/// <param name="ConfidenceSetP">p-value of the model confidence set.</param>
/// <param name="InConfidenceSet">Whether the model is in the set at 10 %.</param>
public sealed record RankedModel(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("rank")] int Rank,
    [property: JsonPropertyName("quantile_loss_mean")] double TickLoss,
    [property: JsonPropertyName("fz0_loss_mean")] double? JointLoss,
    [property: JsonPropertyName("mcs_p_value")] double ConfidenceSetP,
    [property: JsonPropertyName("in_mcs")] bool InConfidenceSet);

/// <summary>Diebold-Mariano test of equal tick loss of two models, one day ahead.</summary>
/// <param name="First">A model.</param>
/// <param name="Second">Another.</param>
/// <param name="MeanDifference">Mean loss of the first less that of the second.</param>
/// <param name="Statistic">With the small-sample factor; null when the losses never differ.</param>
/// <param name="PValue">Two-sided.</param>
/// <param name="Note">Why there is no statistic.</param>
public sealed record TickComparison(
    [property: JsonPropertyName("first")] string First,
    [property: JsonPropertyName("second")] string Second,
    [property: JsonPropertyName("mean_difference")] double MeanDifference,
    [property: JsonPropertyName("dm")] double? Statistic,
    [property: JsonPropertyName("p_value")] double? PValue,
    [property: JsonPropertyName("note")] string? Note)
{
    internal static TickComparison Of(string first, double[] a, string second, double[] b)
    {
        var test = DieboldMariano.OfDifferences([.. a.Zip(b, (x, y) => x - y)], 1);
        return new(first, second, test.MeanDifference, Tails.Known(test.Corrected), Tails.Known(test.PValue), test.Note.Length > 0 ? test.Note : null);
    }
}
