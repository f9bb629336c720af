using Forecast.Backtest.Results;

namespace Forecast.Backtest.Metrics;

/// <summary>Scores of a run: each model on each series, and on all of them together.</summary>
internal static class RunMetrics
{
    /// <summary>The series name of scores over all series.</summary>
    public const string AllSeries = "all";

    public static IReadOnlyList<MetricValue> Compute(RunSpec spec, IReadOnlyList<SeriesInfo> series, IReadOnlyList<BlockResult> blocks, IReadOnlyList<PredictionRow> predictions)
    {
        var scales = series.ToDictionary(s => s.Id, StringComparer.Ordinal);
        var rows = predictions.ToLookup(p => (p.Model, p.Series), p => new ScoredForecast(p.Series, p.Actual, p.Mean, p.Quantiles, p.Crps, scales[p.Series].MaseScale, scales[p.Series].RmsseScale));
        var due = blocks.SelectMany(b => b.Item.Folds.SelectMany(f => f.Series.Select(s => (b.Item.Model, Series: s)))).CountBy(k => k).ToDictionary();
        var refused = blocks.SelectMany(b => b.Item.Refused.Select(_ => b.Item.Model)).CountBy(m => m).ToDictionary();
        var metrics = new List<MetricValue>();
        foreach (var model in spec.Models)
        {
            var all = new List<ScoredForecast>();
            var (expected, got) = (0, 0);
            foreach (var one in series)
            {
                var own = rows[(model, one.Id)].ToArray();
                var owed = due.GetValueOrDefault((model, one.Id)) * spec.Plan.Horizon;
                if (owed == 0) continue;
                metrics.AddRange(MetricTable.Of(model, one.Id, spec.Levels, own, Remark(owed, own.Length)));
                all.AddRange(own);
                (expected, got) = (expected + owed, got + own.Length);
            }

            if (expected > 0) metrics.AddRange(MetricTable.Of(model, AllSeries, spec.Levels, all, Remark(expected, got, refused.GetValueOrDefault(model), series.Count)));
        }

        return metrics;
    }

    /// <summary>Scores over fewer forecasts than planned are not comparable in silence.</summary>
    private static string Remark(int expected, int got, int refused = 0, int series = 0)
    {
        var failed = got < expected ? $"{expected - got} of {expected} forecasts failed" : "";
        if (refused == 0) return failed;
        return $"no fold fits {refused} of {series} series{(failed.Length > 0 ? "; " : "")}{failed}";
    }
}
