using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Transforms;

/// <summary>
/// Any forecaster of a quantity that has bounds or comes in whole numbers. The model is fitted on the data as they are; each law that it
/// forecasts becomes the law of the nearest value that can be (censoring: the mass beyond a bound stands on the bound), and so do paths.
/// </summary>
/// <param name="inner">The forecaster.</param>
/// <param name="constraint">What can be; not empty.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class ConstrainedForecaster(IForecaster inner, Constraint constraint, string name) : IForecaster
{
    public string Name => name;

    public FitScope Scope => inner.Scope;

    public bool LearnsAcrossSeries => inner.LearnsAcrossSeries;

    public bool ReadsNotes => inner.ReadsNotes;

    public PretrainingExposure Exposure => inner.Exposure;

    public string? EngineOn(string device) => inner.EngineOn(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        return new Fitted(inner.Fit(history, task, context), constraint, Outside(history));
    }

    public IFittedForecaster Load(ModelArchive archive) => new Fitted(inner.Load(archive), constraint, new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>Observed values of each series that the constraint rules out: the user should hear of them.</summary>
    private Dictionary<string, int> Outside(PanelView history)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var series in history.Series)
        {
            var count = 0;
            foreach (var value in series.Target) count += !double.IsNaN(value) && !constraint.Holds(value) ? 1 : 0;
            counts[series.Id] = count;
        }

        return counts;
    }

    private sealed class Fitted(IFittedForecaster fitted, Constraint constraint, IReadOnlyDictionary<string, int> outside) : IFittedForecaster
    {
        public IReadOnlyDictionary<string, FitSummary> Summaries => fitted.Summaries.ToDictionary(
            s => s.Key,
            s => s.Value with { Notes = [.. s.Value.Notes, Note(outside.GetValueOrDefault(s.Key))] },
            StringComparer.Ordinal);

        public IFittedForecaster Condition(PanelView history) => new Fitted(fitted.Condition(history), constraint, outside);

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            var prediction = fitted.Predict(future, horizon, seed);
            return prediction with { Distributions = prediction.Distributions.ToDictionary(d => d.Key, d => Constrained(d.Key, d.Value), StringComparer.Ordinal) };
        }

        public void Save(ModelArchive archive) => fitted.Save(archive);

        private string Note(int count) =>
            $"forecasts are of {constraint}; estimates are those of the model without this constraint"
            + (count == 0 ? "" : $"; {count} observed value{(count == 1 ? "" : "s")} cannot be under it");

        private PredictiveDistribution Constrained(string series, PredictiveDistribution law)
        {
            var marginals = law.Targets
                .Select(IReadOnlyList<IMarginal> (_, target) => [.. Enumerable.Range(1, law.Horizon).Select(h => constraint.Apply(law.Marginal(h, target), series))])
                .ToArray();
            return new PredictiveDistribution(law.Timestamps, law.Targets, marginals, law.HasPaths ? Paths : null, law.Repairs);

            SamplePaths Paths(int count)
            {
                if (!law.TryPaths(count, out var paths)) throw new InvalidOperationException("the inner law has paths");
                return paths.Select(v => constraint.Nearest(v));
            }
        }
    }
}
