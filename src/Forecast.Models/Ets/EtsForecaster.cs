using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Ets;

/// <summary>
/// Exponential smoothing behind the seam of Core: one form, or the best of many by a criterion. Conditioning filters the new
/// history at the estimated parameters; where it begins at another row than the training window, the states before its first
/// row are estimated and the smoothing parameters kept.
/// </summary>
public sealed class EtsForecaster : LocalForecaster<EtsParameters>
{
    private readonly EtsOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public EtsForecaster(EtsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override EtsParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        var origin = history.Length > 0 ? history.Times[0].ToUnixTimeTicks() : 0;
        if (_options.Form is { } form)
        {
            var fit = EtsFit.Estimate(history.Id, history.Target, form, period, _options.Bounds, context.Cancellation);
            return EtsParameters.Of(fit, [form.ToString(), fit.Reason], origin);
        }

        var choice = EtsSelection.Choose(history.Id, history.Target, _options, period, task.Horizon, context.Cancellation);
        return EtsParameters.Of(choice.Fit, Notes(choice, period), origin);
    }

    protected override PredictiveDistribution PredictSeries(EtsParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var gap = history.Length - history.Target.TrimEnd(double.NaN).Length;
        var origin = Filter(parameters, history).Origin;
        var sigma = Math.Sqrt(parameters.Sigma2);
        var ahead = EtsProjection.Of(origin, parameters.Sigma2, gap + horizon);
        CheckFinite(ahead, history.Id);
        var ownSeed = Seeds.Derive(seed, "ets", history.Id);
        SamplePaths Paths(int count) => EtsSimulation.Draw(origin, sigma, count, gap, horizon, ownSeed);
        var shared = new Lazy<SamplePaths>(() => Paths(_options.Paths));
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var (step, at) = (h + 1, gap + h);
            marginals[h] = ahead.Mean is { } mean && ahead.Variance is { } variance
                ? LocationScaleMarginal.Normal(mean[at], Math.Sqrt(variance[at]))
                : new EtsSimulatedMarginal(ahead.Point[at], new Lazy<EmpiricalMarginal>(() => new EmpiricalMarginal(shared.Value.Step(step))));
        }

        return new PredictiveDistribution(times, marginals, Paths);
    }

    protected override FitSummary Summarize(EtsParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var fit = Filter(parameters, history);
        return new FitSummary
        {
            Parameters = WithOldestSeason(parameters),
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["loglik"] = parameters.LogLikelihood,
                ["aic"] = parameters.Aic,
                ["aicc"] = parameters.Aicc,
                ["bic"] = parameters.Bic,
                ["sigma2"] = parameters.Sigma2,
                ["sigma"] = Math.Sqrt(parameters.Sigma2),
                ["mse"] = parameters.Mse,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = [.. fit.Residuals], ["fitted"] = [.. fit.Fitted] },
            Converged = parameters.Converged,
            Notes = parameters.Notes,
            Observations = parameters.Observations,
        };
    }

    /// <summary>The oldest seasonal state follows from the others (the sum is 0, or m), and R prints it with them.</summary>
    private static IReadOnlyDictionary<string, double> WithOldestSeason(EtsParameters parameters)
    {
        var form = EtsForm.Parse(parameters.Form);
        if (!form.HasSeason) return parameters.Values;
        EtsFit.PointOf(form, parameters.Period, parameters.Values, "", out var season);
        return new Dictionary<string, double>(parameters.Values, StringComparer.Ordinal) { [$"s{parameters.Period - 1}"] = season[0] };
    }

    private EtsFit Filter(EtsParameters parameters, SeriesView history)
    {
        var form = EtsForm.Parse(parameters.Form);
        var sample = EtsSample.Of(history.Id, history.Target);
        if (form.NeedsPositive && !sample.IsPositive)
            throw new ForecastException("values-not-positive", $"series '{history.Id}' has values of 0 or below; {form} multiplies and needs positive ones", "model", history.Id);
        var trained = EtsFit.PointOf(form, parameters.Period, parameters.Values, history.Id, out var season);
        if (history.Times[0].ToUnixTimeTicks() == parameters.Origin)
            return EtsFit.At(sample, form, parameters.Period, trained, season);
        if (sample.Observed < form.ParameterCount(parameters.Period))
            throw new ForecastException("series-too-short", $"series '{history.Id}' begins at another row than its training window and has {sample.Observed} observations; the states of {form} before it need at least {form.ParameterCount(parameters.Period)}", "data", history.Id);
        var optimum = new EtsEstimator(sample, parameters.Period, _options.Bounds).FitStates(form, trained)
            ?? throw new ForecastException("ets-infeasible", $"series '{history.Id}': no starting values keep {form} above zero", "model", history.Id);
        return EtsFit.Of(sample, parameters.Period, optimum);
    }

    private string[] Notes(EtsChoice choice, int period)
    {
        var name = _options.Criterion.ToString().ToLowerInvariant();
        var ranking = choice.Tried.OrderBy(t => t.Value).Select(t => $"{t.Key} {t.Value:F2}");
        List<string> notes = [choice.Fit.Form.ToString(), $"chosen by {name} from {choice.Tried.Count} forms: {string.Join(", ", ranking)}", choice.Fit.Reason];
        notes.AddRange(choice.Contradictions.Where(c => c.Key != choice.Fit.Form).Select(c => $"{c.Key} stood back: {c.Value}"));
        if (choice.Contradictions.TryGetValue(choice.Fit.Form, out var own)) notes.Add($"chosen although {own}: every form that could be fitted is at odds with the data");
        if (_options.Season is null && period > EtsOptions.LongestAutomaticPeriod)
            notes.Add($"a season of {period} rows is not considered by the automatic choice (at most {EtsOptions.LongestAutomaticPeriod}); ask for it by name, as in ets(A,N,A)");
        return [.. notes];
    }

    private static void CheckFinite(EtsProjection ahead, string series)
    {
        for (var h = 0; h < ahead.Point.Length; h++)
        {
            if (double.IsFinite(ahead.Point[h]) && (ahead.Variance is null || double.IsFinite(ahead.Variance[h]))) continue;
            throw new ForecastException("forecast-not-finite", $"series '{series}': the forecast leaves the range of a double at step {h + 1}; ask for a shorter horizon or a damped or additive trend", "horizon", series);
        }
    }
}
