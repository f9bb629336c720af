using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>Fits and forecasts of a whole panel from its last known row on, in shards as <see cref="PanelBatch"/> makes them.</summary>
public static class PanelForecasts
{
    /// <summary>Fits every series and keeps its summary.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="cutoff">The last instant that may be read.</param>
    /// <param name="forecaster">The model.</param>
    /// <param name="task">What the fits are for.</param>
    /// <param name="context">Seed, device, training progress, cancellation of the fits.</param>
    /// <param name="options">Degree and progress; its cancellation should be the context's.</param>
    public static BatchOutcome<FitSummary> Fit(Panel panel, Instant cutoff, IForecaster forecaster, ForecastTask task, FitContext context, BatchOptions options) =>
        PanelBatch.Run(panel, forecaster, options, shard =>
        {
            var fitted = forecaster.Fit(shard.AsOf(cutoff), task, context);
            var summaries = fitted.Summaries;
            if (shard.Series.All(s => summaries.ContainsKey(s.Id))) return shard.Series.Select(s => SeriesOutcome<FitSummary>.Of(s.Id, summaries[s.Id]));

            // Only a forecast tells why a series of a global model was not fitted.
            var failures = fitted.Predict(shard.KnownFutureAfter(cutoff, task.Horizon), task.Horizon, context.Seed).Failures;
            return shard.Series.Select(s => summaries.TryGetValue(s.Id, out var summary)
                ? SeriesOutcome<FitSummary>.Of(s.Id, summary)
                : SeriesOutcome<FitSummary>.Failed(s.Id, failures.GetValueOrDefault(s.Id) ?? NotFitted(forecaster, s.Id)));
        });

    /// <summary>Fits every series, forecasts it, and keeps what is read out of its law.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="cutoff">The last instant that may be read.</param>
    /// <param name="forecaster">The model.</param>
    /// <param name="task">Horizon and levels.</param>
    /// <param name="context">Seed, device, training progress, cancellation of the fits.</param>
    /// <param name="predictSeed">Seed of what the forecasts draw.</param>
    /// <param name="options">Degree and progress; its cancellation should be the context's.</param>
    /// <param name="read">
    /// Takes out of the law of a series what is wanted; called on several threads at once. Where the series has notes and the model reads them,
    /// the second law is that of the same fit without them; else it is null.
    /// </param>
    /// <exception cref="Core.ForecastException">There are notes about the time after the cutoff, and the model reads none.</exception>
    public static BatchOutcome<T> Predict<T>(
        Panel panel, Instant cutoff, IForecaster forecaster, ForecastTask task, FitContext context, ulong predictSeed, BatchOptions options, Func<TimeSeries, PredictiveDistribution, PredictiveDistribution?, T> read)
    {
        panel.RefuseUnreadNotes(forecaster, cutoff);
        return PanelBatch.Run(panel, forecaster, options, shard =>
        {
            var fitted = forecaster.Fit(shard.AsOf(cutoff), task, context);
            context.Cancellation.ThrowIfCancellationRequested();
            var future = shard.KnownFutureAfter(cutoff, task.Horizon);
            var prediction = fitted.Predict(future, task.Horizon, predictSeed);
            var bare = shard.WithoutNotes();
            var without = bare == shard ? null : fitted.Condition(bare.AsOf(cutoff)).Predict(future, task.Horizon, predictSeed);
            return shard.Series.Select(s => Read(s, prediction, s.Notes.Count > 0 ? without : null, read));
        });
    }

    private static SeriesOutcome<T> Read<T>(TimeSeries series, PanelPrediction prediction, PanelPrediction? without, Func<TimeSeries, PredictiveDistribution, PredictiveDistribution?, T> read)
    {
        try
        {
            return SeriesOutcome<T>.Of(series.Id, read(series, prediction[series.Id], without?[series.Id]));
        }
        catch (Core.ForecastException e)
        {
            return SeriesOutcome<T>.Failed(series.Id, e);
        }
    }

    private static Core.ForecastException NotFitted(IForecaster forecaster, string series) =>
        new("series-not-fitted", $"model '{forecaster.Name}' was not fitted on series '{series}'", "series", series);
}
