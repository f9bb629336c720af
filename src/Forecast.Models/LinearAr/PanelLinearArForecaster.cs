using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.Training;

namespace Forecast.Models.LinearAr;

/// <summary>Linear autoregression, direct for each step, with the same coefficients for every series of the panel.</summary>
public sealed class PanelLinearArForecaster(LinearArOptions options, string name) : IForecaster
{
    private const string Entry = "parameters.json";

    private readonly LinearArOptions _options = options.Validated();

    public string Name => name;

    public FitScope Scope => FitScope.Global;

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var lookback = _options.Lookback ?? Lookback.Choose(history.Series, task.Horizon);
        SeriesView[] observed = [.. history.Series.Where(s => LinearArLaw.Observed(s) > 0)];
        if (observed.Length == 0) Lookback.Filled(history.Series[0].Target, history.Series[0].Id);
        return new Fitted(this, LinearArEstimator.Estimate(observed, lookback, task.Horizon, _options, context.Cancellation), history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return new Fitted(this, archive.ReadObject<LinearArParameters>(Entry), null);
    }

    private sealed class Fitted(PanelLinearArForecaster model, LinearArParameters parameters, PanelView? history) : IFittedForecaster
    {
        public IReadOnlyDictionary<string, FitSummary> Summaries => (history?.Series ?? [])
            .ToDictionary(s => s.Id, s => LinearArLaw.Summary(parameters, LinearArLaw.Observed(s)), StringComparer.Ordinal);

        public IFittedForecaster Condition(PanelView newHistory)
        {
            ArgumentNullException.ThrowIfNull(newHistory);
            return new Fitted(model, parameters, newHistory);
        }

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
            if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
            var distributions = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
            var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
            foreach (var series in history.Series)
            {
                try
                {
                    distributions[series.Id] = LinearArLaw.Of(parameters, series, horizon);
                }
                catch (ForecastException e)
                {
                    failures[series.Id] = e;
                }
            }

            return new PanelPrediction(distributions, failures);
        }

        public void Save(ModelArchive archive)
        {
            ArgumentNullException.ThrowIfNull(archive);
            archive.WriteObject(Entry, parameters);
        }
    }
}
