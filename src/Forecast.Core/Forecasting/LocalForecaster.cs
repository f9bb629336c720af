using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Core.Forecasting;

/// <summary>
/// Base of models that fit each series by itself. A subclass says how one series is fitted and how fixed parameters and a
/// history give a distribution; conditioning is then only a change of history, pure by construction. Each series draws from a
/// seed of its own, so that it does not matter which series are worked on together.
/// </summary>
/// <typeparam name="TParameters">Estimates of one series; immutable, and survives <see cref="ModelArchive.WriteObject{T}"/>.</typeparam>
public abstract class LocalForecaster<TParameters> : IForecaster
    where TParameters : class
{
    public abstract string Name { get; }

    public FitScope Scope => FitScope.Local;

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var parameters = new Dictionary<string, TParameters>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        for (var i = 0; i < history.Series.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var series = history.Series[i];
            try
            {
                parameters[series.Id] = FitSeries(series, task, context with { Seed = Seeds.Derive(context.Seed, series.Id) });
            }
            catch (ForecastException e)
            {
                failures[series.Id] = e;
            }

            context.Progress?.Report((i + 1.0) / history.Series.Count);
        }

        return parameters.Count == 0 ? throw failures.Values.First() : new Fitted(this, parameters, failures, history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var parameters = archive.ReadObject<Dictionary<string, TParameters>>("parameters.json");
        return new Fitted(this, parameters, new Dictionary<string, ForecastException>(StringComparer.Ordinal), history: null);
    }

    /// <summary>Estimates one series.</summary>
    /// <exception cref="ForecastException">The series cannot be fitted; names the series and what is needed.</exception>
    protected abstract TParameters FitSeries(SeriesView history, ForecastTask task, FitContext context);

    /// <summary>The law of steps 1..<paramref name="horizon"/> after the last row of <paramref name="history"/>, at fixed parameters.</summary>
    protected abstract PredictiveDistribution PredictSeries(TParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed);

    /// <summary>What <c>forecast fit</c> prints.</summary>
    protected abstract FitSummary Summarize(TParameters parameters, SeriesView history);

    private sealed class Fitted(
        LocalForecaster<TParameters> model,
        IReadOnlyDictionary<string, TParameters> parameters,
        IReadOnlyDictionary<string, ForecastException> failures,
        PanelView? history) : IFittedForecaster
    {
        /// <summary>Of the series that are both fitted and in the history; none after a load without data.</summary>
        public IReadOnlyDictionary<string, FitSummary> Summaries => (history?.Series ?? [])
            .Where(s => parameters.ContainsKey(s.Id))
            .ToDictionary(s => s.Id, s => model.Summarize(parameters[s.Id], s), StringComparer.Ordinal);

        public IFittedForecaster Condition(PanelView newHistory)
        {
            ArgumentNullException.ThrowIfNull(newHistory);
            return new Fitted(model, parameters, failures, newHistory);
        }

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            ArgumentNullException.ThrowIfNull(future);
            if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
            if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
            var distributions = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
            var failed = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
            foreach (var series in history.Series)
            {
                try
                {
                    if (failures.TryGetValue(series.Id, out var earlier)) throw earlier;
                    if (!parameters.TryGetValue(series.Id, out var own))
                        throw new ForecastException("series-not-fitted", $"model '{model.Name}' was not fitted on series '{series.Id}'", "series", series.Id);
                    distributions[series.Id] = model.PredictSeries(own, series, future[series.Id], horizon, Seeds.Derive(seed, series.Id));
                }
                catch (ForecastException e)
                {
                    failed[series.Id] = e;
                }
            }

            return new PanelPrediction(distributions, failed);
        }

        public void Save(ModelArchive archive)
        {
            ArgumentNullException.ThrowIfNull(archive);
            archive.WriteObject("parameters.json", parameters);
        }
    }
}
