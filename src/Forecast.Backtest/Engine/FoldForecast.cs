using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>What a model said about one series at one cutoff, read out before anything that came later is looked at.</summary>
/// <param name="Distribution">The law of the steps 1..gap + horizon.</param>
/// <param name="Means">Mean of each step that is scored.</param>
/// <param name="Quantiles">For each step that is scored its quantiles, NaN where the model has none.</param>
/// <param name="Shortfalls">For each step that is scored its expected shortfall at each risk tail, NaN where the model has none.</param>
internal sealed record FoldForecast(PredictiveDistribution Distribution, double[] Means, double[][] Quantiles, double[][] Shortfalls)
{
    /// <exception cref="ForecastException">Fewer steps than asked for, a mean that is not finite, or quantiles that cross.</exception>
    public static FoldForecast Read(PredictiveDistribution law, string model, string series, int gap, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double>? risk = null)
    {
        if (law.Horizon < gap + horizon)
            throw new ForecastException("forecast-short", $"model '{model}' gave {law.Horizon} steps of series '{series}' where {gap + horizon} were asked for", "horizon", series);
        var means = new double[horizon];
        var quantiles = new double[horizon][];
        var shortfalls = new double[horizon][];
        for (var i = 0; i < horizon; i++)
        {
            var h = gap + i + 1;
            means[i] = law.Mean(h);
            if (!double.IsFinite(means[i]))
                throw new ForecastException("forecast-not-finite", $"model '{model}' gave the mean {means[i]} for series '{series}', step {h}", series: series, index: i);
            quantiles[i] = new double[levels.Count];
            var highest = double.NegativeInfinity;
            for (var k = 0; k < levels.Count; k++)
            {
                quantiles[i][k] = law.TryQuantile(h, levels[k], out var value) ? value : double.NaN;
                if (quantiles[i][k] < highest)
                    throw new ForecastException("quantiles-cross", $"model '{model}' gave series '{series}', step {h}, a quantile at level {levels[k]} below that of a lower level", "levels", series, i);
                if (!double.IsNaN(quantiles[i][k])) highest = quantiles[i][k];
            }

            shortfalls[i] = [.. (risk ?? []).Select(alpha => law.TryExpectedShortfall(h, alpha, out var loss) ? loss : double.NaN)];
        }

        return new FoldForecast(law, means, quantiles, shortfalls);
    }

    /// <summary>The rows that are forecast, with what came true. Actuals are the first published values of the first target.</summary>
    public IEnumerable<Results.PredictionRow> Score(TimeSeries series, string model, int fold, Instant cutoff, int gap)
    {
        var visible = series.RowsUntil(cutoff);
        for (var i = 0; i < Means.Length; i++)
        {
            var h = gap + i + 1;
            var row = visible + h - 1;
            var actual = series.Targets[0].Values[row];
            double crps = double.NaN, pit = double.NaN;
            if (!double.IsNaN(actual))
            {
                var law = Distribution.Marginal(h);
                if (law.TryCrps(actual, out var score)) crps = score;
                if (law.TryCdf(actual, out var probability)) pit = probability;
            }

            yield return new Results.PredictionRow
            {
                Model = model,
                Series = series.Id,
                Fold = fold,
                Cutoff = cutoff,
                H = h,
                Timestamp = Distribution.Timestamps[h - 1],
                ObservedAt = series.Times[row],
                Actual = actual,
                Mean = Means[i],
                Quantiles = Quantiles[i],
                Crps = crps,
                Pit = pit,
                Shortfalls = Shortfalls[i],
            };
        }
    }
}
