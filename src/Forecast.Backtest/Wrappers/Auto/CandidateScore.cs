using Forecast.Backtest.Metrics;
using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>The loss of one candidate on one series over its inner folds; pinned to the steps that came true.</summary>
internal static class CandidateScore
{
    /// <exception cref="ForecastException">No value came true, a mean is not finite, or a level is lacking.</exception>
    public static double Of(IReadOnlyList<InnerFold> folds, ChoiceMetric metric, IReadOnlyList<double> levels, string series, string model)
    {
        var (actual, mean, laws) = (new List<double>(), new List<double>(), new List<(InnerFold Fold, int H)>());
        foreach (var fold in folds)
        {
            for (var h = 1; h <= fold.Actual.Length; h++)
            {
                if (double.IsNaN(fold.Actual[h - 1])) continue;
                actual.Add(fold.Actual[h - 1]);
                mean.Add(fold.Law.Mean(h));
                laws.Add((fold, h));
            }
        }

        if (actual.Count == 0) throw new ForecastException("series-too-short", $"series '{series}' has no observed value in the inner folds to choose a model by", "data", series);
        if (mean.Exists(m => !double.IsFinite(m))) throw new ForecastException("forecast-not-finite", $"series '{series}': model '{model}' gave a mean that is not finite in the inner walk-forward", "model", series);
        if (metric == ChoiceMetric.Pinball && levels.Count == 0) throw new ForecastException("levels-missing", "metric pinball needs levels to be asked for", "levels", series);
        double[] y = [.. actual], f = [.. mean];
        return metric switch
        {
            ChoiceMetric.Mae => PointMetrics.MeanAbsoluteError(y, f),
            ChoiceMetric.Rmse => PointMetrics.RootMeanSquaredError(y, f),
            ChoiceMetric.Smape => PointMetrics.SymmetricMape(y, f),
            _ => levels.Average(l => QuantileMetrics.MeanPinball(y, [.. laws.Select(s => s.Fold.Law.Quantile(s.H, l, model))], l)),
        };
    }
}
