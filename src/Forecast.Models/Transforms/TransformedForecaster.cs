using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Transforms;

/// <summary>
/// A forecaster of the Box-Cox transform of the target. Lambda is fixed or chosen on the training window of each fit, is kept
/// while conditioning, and the forecast law is carried back to the target's unit.
/// </summary>
/// <param name="inner">Forecaster of the transformed values.</param>
/// <param name="lambda">0 = natural logarithm; null = chosen by <see cref="BoxCox.Guerrero"/>.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class TransformedForecaster(IForecaster inner, double? lambda, string name) : IForecaster
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
        var (lambdas, failures) = (new Dictionary<string, double>(StringComparer.Ordinal), new Dictionary<string, ForecastException>(StringComparer.Ordinal));
        var transformed = new List<string>();
        var mapped = history.Select(s =>
        {
            try
            {
                var own = lambda ?? BoxCox.Guerrero(s.Target, s.Frequency.SeasonalPeriod, s.Id);
                var view = s.WithTarget(BoxCox.Forward(s.Target, own, s.Id));
                lambdas[s.Id] = own;
                transformed.Add(s.Id);
                return view;
            }
            catch (ForecastException e)
            {
                failures[s.Id] = e;
                return s;
            }
        });
        if (transformed.Count == 0) throw failures.Values.First();
        return new Fitted(this, inner.Fit(mapped.Only(transformed), task, context), lambdas, failures);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var lambdas = archive.ReadObject<Dictionary<string, double>>("box_cox.json");
        return new Fitted(this, inner.Load(archive), lambdas, new Dictionary<string, ForecastException>(StringComparer.Ordinal));
    }

    private sealed class Fitted(
        TransformedForecaster model,
        IFittedForecaster fitted,
        IReadOnlyDictionary<string, double> lambdas,
        IReadOnlyDictionary<string, ForecastException> failures) : IFittedForecaster
    {
        public IReadOnlyDictionary<string, FitSummary> Summaries => fitted.Summaries.ToDictionary(
            s => s.Key,
            s => s.Value with { Paths = InUnit(s.Value.Paths, lambdas[s.Key]), Notes = [.. s.Value.Notes, $"estimated on the Box-Cox transform with lambda = {lambdas[s.Key]:R}; likelihood and criteria are those of the transformed values"] },
            StringComparer.Ordinal);

        /// <summary>Fitted values go back to the target's unit, as in R; residuals and sigma stay those of the model.</summary>
        private static IReadOnlyDictionary<string, double[]> InUnit(IReadOnlyDictionary<string, double[]> paths, double own) => paths.TryGetValue("fitted", out var fitted)
            ? new Dictionary<string, double[]>(paths, StringComparer.Ordinal) { ["fitted"] = Array.ConvertAll(fitted, v => BoxCox.Inverse(v, own)) }
            : paths;

        public IFittedForecaster Condition(PanelView history)
        {
            ArgumentNullException.ThrowIfNull(history);
            var failed = new Dictionary<string, ForecastException>(failures, StringComparer.Ordinal);
            var usable = new List<string>();
            var mapped = history.Select(s =>
            {
                if (failed.ContainsKey(s.Id) || !lambdas.TryGetValue(s.Id, out var own)) return s;
                try
                {
                    var view = s.WithTarget(BoxCox.Forward(s.Target, own, s.Id));
                    usable.Add(s.Id);
                    return view;
                }
                catch (ForecastException e)
                {
                    failed[s.Id] = e;
                    return s;
                }
            });
            return new Fitted(model, fitted.Condition(mapped.Only(usable)), lambdas, failed);
        }

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            var prediction = fitted.Predict(future, horizon, seed);
            var back = prediction.Distributions.ToDictionary(d => d.Key, d => Back(d.Key, d.Value), StringComparer.Ordinal);
            return new PanelPrediction(back, prediction.Failures.Concat(failures).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal));
        }

        public void Save(ModelArchive archive)
        {
            ArgumentNullException.ThrowIfNull(archive);
            archive.WriteObject("box_cox.json", lambdas);
            fitted.Save(archive);
        }

        private PredictiveDistribution Back(string series, PredictiveDistribution w)
        {
            var own = lambdas[series];
            var marginals = w.Targets
                .Select(IReadOnlyList<IMarginal> (_, target) => [.. Enumerable.Range(1, w.Horizon).Select(h => Law(w.Marginal(h, target)))])
                .ToArray();
            return new PredictiveDistribution(w.Timestamps, w.Targets, marginals, w.HasPaths ? Paths : null, w.Repairs);

            // A law of a few quantiles has no tails to integrate over; its quantiles map one to one, and its mean is that of the mapped ones.
            IMarginal Law(IMarginal law) => law is QuantileMarginal known ? known.Select(v => BoxCox.Inverse(v, own)) : new TransformedMarginal(law, own, series);

            SamplePaths Paths(int count)
            {
                if (!w.TryPaths(count, out var paths)) throw new InvalidOperationException("the inner law has paths");
                return paths.Select(v => BoxCox.Inverse(v, own));
            }
        }
    }
}
