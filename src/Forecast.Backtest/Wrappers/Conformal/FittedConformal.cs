using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>
/// A fitted model with its past errors. On a history that goes beyond the fit an adaptive one forecasts again at each row since, with the
/// parameters of the fit, and adds those errors: the same history gives the same law, however it was reached.
/// </summary>
/// <param name="model">The forecaster.</param>
/// <param name="fitted">The inner model.</param>
/// <param name="atFit">Errors of the fit, which are saved.</param>
/// <param name="errors">Errors now.</param>
/// <param name="failures">Why series have none.</param>
internal sealed class FittedConformal(
    ConformalForecaster model,
    IFittedForecaster fitted,
    IReadOnlyDictionary<string, SeriesErrors> atFit,
    IReadOnlyDictionary<string, SeriesErrors> errors,
    IReadOnlyDictionary<string, ForecastException> failures) : IFittedForecaster
{
    public const string ErrorsEntry = "errors.json";
    public const string MemberEntry = "member.zip";

    /// <summary>Half-width (or bound) of each step at the outermost level that is known, beside the inner model's parameters.</summary>
    public IReadOnlyDictionary<string, FitSummary> Summaries => fitted.Summaries.Where(s => errors.ContainsKey(s.Key))
        .ToDictionary(s => s.Key, s => Summarize(s.Value, errors[s.Key]), StringComparer.Ordinal);

    public IFittedForecaster Condition(PanelView history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var conditioned = fitted.Condition(history);
        if (model.Options.Method == ConformalMethod.Split) return new FittedConformal(model, conditioned, atFit, atFit, failures);
        var now = new Dictionary<string, SeriesErrors>(atFit, StringComparer.Ordinal);
        var failed = new Dictionary<string, ForecastException>(failures, StringComparer.Ordinal);
        foreach (var unit in InnerWalk.Units(model.Scope, history))
        {
            SeriesView[] known = [.. unit.Series.Where(s => atFit.ContainsKey(s.Id))];
            if (known.Length == 0) continue;
            var first = atFit[known[0].Id];
            var walk = InnerWalk.Replay(fitted, unit, Since(unit, known.Min(s => atFit[s.Id].Last)), first.Steps.Length, first.Seed);
            foreach (var series in known)
            {
                if (walk.Failures.TryGetValue(series.Id, out var failure)) failed[series.Id] = failure;
                else if (walk.Folds.TryGetValue(series.Id, out var folds)) now[series.Id] = atFit[series.Id].With(SeriesErrors.Collect(folds, first.Steps.Length, model.Options.Errors), model.Options.Errors);
            }
        }

        return new FittedConformal(model, conditioned, atFit, now, failed);
    }

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
    {
        var prediction = fitted.Predict(future, horizon, seed);
        var laws = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
        var failed = new Dictionary<string, ForecastException>(prediction.Failures, StringComparer.Ordinal);
        foreach (var (id, failure) in failures) failed[id] = failure;
        foreach (var (id, law) in prediction.Distributions)
        {
            if (failed.ContainsKey(id)) continue;
            try
            {
                laws[id] = Around(id, law);
            }
            catch (ForecastException e)
            {
                failed[id] = e;
            }
        }

        return new PanelPrediction(laws, failed);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(ErrorsEntry, atFit);
        Nested.Save(archive, MemberEntry, fitted);
    }

    /// <summary>Cutoffs from the end of the fit to the row before the last, no more than the errors that are kept.</summary>
    private IEnumerable<Instant> Since(PanelView unit, long last)
    {
        Instant[] times = InnerWalk.EventTimes(unit);
        var end = Instant.FromUnixTimeTicks(last);
        Instant[] later = [.. times.Take(times.Length - 1).Where((t, i) => t >= end && 2 * (i + 1) >= times.Length)];
        return later.TakeLast(model.Options.Errors + atFit.Values.First().Steps.Length - 1);
    }

    private PredictiveDistribution Around(string id, PredictiveDistribution law)
    {
        if (!errors.TryGetValue(id, out var own)) throw new ForecastException("series-not-fitted", $"model '{model.Name}' was not fitted on series '{id}'", "series", id);
        if (law.Horizon > own.Steps.Length)
            throw new ForecastException("horizon-not-calibrated", $"model '{model.Name}' has errors of {own.Steps.Length} steps ahead for series '{id}', but {law.Horizon} are asked for; fit it with that horizon", "horizon", id);
        var repairs = 0;
        var marginals = new IMarginal[law.Horizon];
        for (var h = 1; h <= marginals.Length; h++)
        {
            var mean = law.Mean(h);
            if (!double.IsFinite(mean)) throw new ForecastException("forecast-not-finite", $"series '{id}': the mean of step {h} is {mean}", "model", id);
            marginals[h - 1] = model.Law.At(mean, own, h, out var repaired);
            if (repaired) repairs++;
        }

        return new PredictiveDistribution(law.Timestamps, marginals, repairs: repairs);
    }

    private FitSummary Summarize(FitSummary inner, SeriesErrors own)
    {
        var parameters = new Dictionary<string, double>(inner.Parameters, StringComparer.Ordinal);
        for (var h = 1; h <= own.Steps.Length; h++)
        {
            var law = model.Law.At(0, own, h, out _);
            foreach (var p in (ReadOnlySpan<double>)[0.1, 0.9])
            {
                if (law.TryQuantile(p, out var bound)) parameters[$"error{h}@{p}"] = bound;
            }
        }

        var (least, most) = (own.Steps.Min(s => s.Length), own.Steps.Max(s => s.Length));
        return inner with
        {
            Parameters = parameters,
            Notes = [$"intervals from {(least == most ? $"{least}" : $"{least} to {most}")} errors a step of an inner walk-forward (error1@0.9: the 0.9-quantile of the error of step 1); other estimates are those of the model inside", .. inner.Notes],
        };
    }
}
