using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Stl;

/// <summary>
/// Any forecaster on the seasonally adjusted series, y less the seasons of its (M)STL decomposition; each last seasonal figure goes on
/// unchanged (Hyndman and Athanasopoulos 2021, section 5.7; R's <c>stlf</c>). The season's own uncertainty is not part of the law.
/// The decomposition is a smoother of the history at hand: conditioning decomposes the new history and conditions the
/// inner model on what is left.
/// </summary>
/// <param name="inner">Forecaster of the adjusted series.</param>
/// <param name="decomposer">How the season is taken out.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class DecomposedForecaster(IForecaster inner, Decomposer decomposer, string name) : IForecaster
{
    public string Name => name;

    public FitScope Scope => inner.Scope;

    public PretrainingExposure Exposure => inner.Exposure;

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        var (view, splits, failures) = Adjust(history);
        return splits.Count == 0 ? throw failures.Values.First() : new Fitted(this, inner.Fit(view, task, context), splits, failures);
    }

    public IFittedForecaster Load(ModelArchive archive) =>
        new Fitted(this, inner.Load(archive), new Dictionary<string, Adjustment>(StringComparer.Ordinal), new Dictionary<string, ForecastException>(StringComparer.Ordinal));

    private (PanelView View, Dictionary<string, Adjustment> Splits, Dictionary<string, ForecastException> Failures) Adjust(PanelView history)
    {
        var splits = new Dictionary<string, Adjustment>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        foreach (var series in history.Series)
        {
            try
            {
                splits[series.Id] = new Adjustment(decomposer.Split(series), series.Length);
            }
            catch (ForecastException e)
            {
                failures[series.Id] = e;
            }
        }

        return (history.Only(splits.Keys).Select(s => s.WithTarget(splits[s.Id].Split.Adjusted)), splits, failures);
    }

    private sealed record Adjustment(SeasonalSplit Split, int Length);

    private sealed class Fitted(
        DecomposedForecaster model,
        IFittedForecaster fitted,
        IReadOnlyDictionary<string, Adjustment> splits,
        IReadOnlyDictionary<string, ForecastException> failures) : IFittedForecaster
    {
        public IReadOnlyDictionary<string, FitSummary> Summaries => fitted.Summaries.ToDictionary(s => s.Key, s => WithSeason(s.Value, splits[s.Key]), StringComparer.Ordinal);

        public IFittedForecaster Condition(PanelView history)
        {
            ArgumentNullException.ThrowIfNull(history);
            var (view, own, failed) = model.Adjust(history);
            return new Fitted(model, fitted.Condition(view), own, failed);
        }

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            var prediction = fitted.Predict(future, horizon, seed);
            var laws = prediction.Distributions.ToDictionary(d => d.Key, d => WithSeason(d.Value, splits[d.Key]), StringComparer.Ordinal);
            return new PanelPrediction(laws, prediction.Failures.Concat(failures).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal));
        }

        public void Save(ModelArchive archive) => fitted.Save(archive);

        private static PredictiveDistribution WithSeason(PredictiveDistribution law, Adjustment adjustment)
        {
            double[] season = [.. Enumerable.Range(0, law.Horizon).Select(h => adjustment.Split.Season(adjustment.Length + h))];
            IMarginal[] marginals = [.. season.Select((s, h) => new ShiftedMarginal(law.Marginal(h + 1), s))];
            return new PredictiveDistribution(law.Timestamps, [law.Targets[0]], [marginals], law.HasPaths ? Paths : null, law.Repairs);

            SamplePaths Paths(int count)
            {
                if (!law.TryPaths(count, out var paths))
                    throw new InvalidOperationException("the inner law has paths");
                var values = new double[count * season.Length];
                for (var path = 0; path < count; path++)
                {
                    for (var h = 0; h < season.Length; h++)
                        values[(path * season.Length) + h] = paths[path, h + 1] + season[h];
                }

                return new SamplePaths(count, season.Length, 1, values);
            }
        }

        private static FitSummary WithSeason(FitSummary summary, Adjustment adjustment)
        {
            double[] season = [.. Enumerable.Range(0, adjustment.Length).Select(adjustment.Split.Season)];
            var paths = new Dictionary<string, double[]>(summary.Paths, StringComparer.Ordinal) { ["seasonal"] = season };
            if (summary.Paths.TryGetValue("fitted", out var fittedPath) && fittedPath.Length == season.Length)
                paths["fitted"] = [.. fittedPath.Zip(season, (f, s) => f + s)];
            return summary with
            {
                Paths = paths,
                Notes = [$"seasonally adjusted with period {string.Join(", ", adjustment.Split.Periods)}; estimates, likelihood and criteria are those of the adjusted series", .. summary.Notes],
            };
        }
    }
}
