using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Metrics;

/// <summary>What a forecast is charged when models are compared.</summary>
public enum ComparedLoss
{
    /// <summary>|e| of the mean.</summary>
    Absolute,

    /// <summary>e^2 of the mean.</summary>
    Squared,

    /// <summary>Mean pinball loss over the run's levels.</summary>
    Pinball,

    /// <summary>CRPS of the whole law.</summary>
    Crps,
}

/// <summary>A model against the run's first one on one series; a negative mean difference says that <paramref name="Model"/> is the better.</summary>
public sealed record ModelDifference(string Model, string Baseline, string Series, ComparedLoss Loss, DieboldMarianoResult Test);

/// <summary>Differences of loss between the models of a run, on the forecasts that both made.</summary>
public static class ModelComparison
{
    /// <summary>
    /// Each model but the first against the first, by series. The losses of a fold are averaged over its steps, so that a fold is one
    /// place in time; folds less than gap + horizon rows apart overlap, which sets the order of the long-run variance.
    /// </summary>
    public static IReadOnlyList<ModelDifference> AgainstFirst(BacktestResult result, ComparedLoss loss, LongRunKernel kernel = LongRunKernel.Rectangular)
    {
        ArgumentNullException.ThrowIfNull(result);
        var spec = result.Spec;
        var losses = result.Predictions.ToLookup(p => (p.Model, p.Series), p => (Key: (p.Cutoff, p.H), Loss: Of(p, loss, spec.Levels)));
        var differences = new List<ModelDifference>();
        foreach (var model in spec.Models.Skip(1))
        {
            foreach (var series in result.Series)
            {
                var baseline = losses[(spec.Models[0], series.Id)].ToDictionary(l => l.Key, l => l.Loss);
                double[] folds =
                [
                    .. losses[(model, series.Id)].Where(l => baseline.ContainsKey(l.Key)).Select(l => (l.Key.Cutoff, Difference: l.Loss - baseline[l.Key]))
                        .Where(d => !double.IsNaN(d.Difference)).GroupBy(d => d.Cutoff).OrderBy(g => g.Key).Select(g => g.Average(d => d.Difference)),
                ];
                differences.Add(new ModelDifference(model, spec.Models[0], series.Id, loss, DieboldMariano.OfDifferences(folds, Overlap(spec.Plan), kernel)));
            }
        }

        return differences;
    }

    /// <summary>Folds that share some row that they forecast or skip: ceil((gap + horizon) / step).</summary>
    private static int Overlap(WalkForwardPlan plan) => (int)((((long)plan.Gap + plan.Horizon) + plan.EffectiveStep - 1) / plan.EffectiveStep);

    private static double Of(PredictionRow row, ComparedLoss loss, IReadOnlyList<double> levels)
    {
        var error = row.Actual - row.Mean;
        return loss switch
        {
            ComparedLoss.Absolute => Math.Abs(error),
            ComparedLoss.Squared => error * error,
            ComparedLoss.Crps => row.Crps,
            _ => levels.Count == 0 ? double.NaN : levels.Select((p, k) => QuantileMetrics.Pinball(row.Actual, row.Quantiles[k], p)).Average(),
        };
    }
}
