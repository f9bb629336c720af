using Forecast.Core;

namespace Forecast.Models.Ets;

/// <summary>
/// The automatic choice of R's <c>ets</c> (Hyndman, Koehler, Snyder and Grose 2002): every form that the options and the data
/// allow is fitted, and the least criterion wins. Two things are done that R does not do: the winner's beta may exceed alpha (R's bound is
/// convention; UKgas wants beta well above) where a likelihood ratio test at 10 % insists, and a form that <see cref="EtsContradiction"/>
/// finds at odds with the data stands back for the next one. docs/decisions/0004 says why, and why no other rule overrides the criterion.
/// </summary>
public static class EtsSelection
{
    /// <summary>Starting points followed for a form that is asked for by name.</summary>
    internal const int RunsOfOneForm = 5;

    /// <summary>
    /// Starting points followed for each candidate. On 180 series of the M3 competition 1 % of the fits gained more than 0.05 in
    /// log-likelihood from a fourth and fifth.
    /// </summary>
    internal const int RunsOfACandidate = 3;

    /// <summary>Upper 10 % point of chi-square with one degree of freedom.</summary>
    private const double Rejection = 2.7055;

    /// <summary>The best form of one series.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">What is fixed and what is chosen.</param>
    /// <param name="period">m, 1 for none.</param>
    /// <param name="horizon">Steps that will be forecast.</param>
    /// <param name="cancellation">Stops between starting points.</param>
    /// <exception cref="ForecastException">No form that is allowed can be fitted.</exception>
    public static EtsChoice Choose(string series, ReadOnlySpan<double> values, EtsOptions options, int period, int horizon, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var sample = EtsSample.Of(series, values);
        var allowed = EtsForm.All.Where(f => IsAllowed(f, options, sample, period)).ToArray();
        var candidates = allowed.Where(f => sample.Observed > f.ParameterCount(period) + 2).ToArray();
        if (candidates.Length == 0) throw Nothing(sample, options, period, allowed);
        var estimator = new EtsEstimator(sample, candidates.Any(f => f.HasSeason) ? period : 1, options.Bounds);
        var found = new List<(EtsOptimum Optimum, double Criterion)>(candidates.Length);
        foreach (var form in candidates)
        {
            if (estimator.Fit(form, RunsOfACandidate, cancellation: cancellation) is { } optimum)
                found.Add((optimum, Criterion(options.Criterion, optimum, sample, period)));
        }

        if (found.Count == 0)
            throw new ForecastException("ets-infeasible", $"series '{series}': no starting values keep any allowed form above zero", "model", series);

        var tried = found.ToDictionary(f => f.Optimum.Form, f => f.Criterion);

        // Where forms leave nothing to explain their likelihoods mean nothing, and the simplest of them, tried first, is best.
        var exact = found.FindIndex(f => f.Optimum.IsExact);
        if (exact >= 0) return new EtsChoice(EtsFit.Of(sample, period, found[exact].Optimum), tried, new Dictionary<EtsForm, string>());
        EtsFit? least = null;
        var contradictions = new Dictionary<EtsForm, string>();
        foreach (var (optimum, _) in found.OrderBy(f => f.Criterion))
        {
            var fit = EtsFit.Of(sample, period, optimum);
            if (EtsContradiction.Of(fit, sample.IsPositive, horizon) is not { } contradiction)
                return new EtsChoice(options.Bounds == EtsBounds.Both ? Freed(fit, optimum, sample, period, horizon, cancellation) : fit, tried, contradictions);
            contradictions[fit.Form] = contradiction;
            least ??= fit;
        }

        return new EtsChoice(least!, tried, contradictions);
    }

    private static EtsFit Freed(EtsFit fit, EtsOptimum optimum, EtsSample sample, int period, int horizon, CancellationToken cancellation)
    {
        if (!optimum.Form.HasTrend) return fit;
        var free = new EtsEstimator(sample, optimum.Form.HasSeason ? period : 1, EtsBounds.Stable).Fit(optimum.Form, RunsOfACandidate, optimum, cancellation);
        if (free is null || free.Value >= optimum.Value - Rejection) return fit;
        var freed = EtsFit.Of(sample, period, free);
        return EtsContradiction.Of(freed, sample.IsPositive, horizon) is null ? freed : fit;
    }

    private static bool IsAllowed(EtsForm form, EtsOptions options, EtsSample sample, int period)
    {
        if (options.Error is { } error && form.Error != error) return false;
        if (options.Season is { } season && form.Season != season) return false;
        if (options.Trend is { } trend && form.Trend != trend) return false;
        if (options.Trend is null && form.Trend == EtsPart.Multiplicative && !options.MultiplicativeTrend) return false;
        if (options.Damped is { } damped && form.HasTrend && form.Damped != damped) return false;
        if (options.Damped == true && options.Trend is null && !form.HasTrend) return false;
        if (form.HasSeason && (period < 2 || (options.Season is null && period > EtsOptions.LongestAutomaticPeriod))) return false;
        if (form.NeedsPositive && !sample.IsPositive) return false;
        return !options.Restrict || !form.IsUnstable;
    }

    private static double Criterion(EtsCriterion kind, EtsOptimum optimum, EtsSample sample, int period)
    {
        double n = sample.Observed, k = optimum.Form.ParameterCount(period) + 1;
        return optimum.Value + (2 * n * Math.Log(sample.Scale)) + kind switch
        {
            EtsCriterion.Aic => 2 * k,
            EtsCriterion.Bic => k * Math.Log(n),
            _ => (2 * k) + (2 * k * (k + 1) / (n - k - 1)),
        };
    }

    private static ForecastException Nothing(EtsSample sample, EtsOptions options, int period, EtsForm[] allowed)
    {
        if (allowed.Length > 0)
        {
            var simplest = allowed.MinBy(f => f.ParameterCount(period));
            return new ForecastException("series-too-short", $"series '{sample.Series}' has {sample.Observed} observations; {simplest}, the simplest form allowed, needs at least {simplest.ParameterCount(period) + 3}", "data", sample.Series);
        }

        return sample.IsPositive
            ? new ForecastException("ets-option-invalid", $"series '{sample.Series}': no form of {options} is left; a season needs a period of at least 2, and restrict: false allows the forms that divide by a state", "model", sample.Series)
            : new ForecastException("values-not-positive", $"series '{sample.Series}' has values of 0 or below; every form of {options} multiplies and needs positive ones", "model", sample.Series);
    }
}

/// <summary>What the automatic choice found.</summary>
/// <param name="Fit">The winner.</param>
/// <param name="Tried">The criterion of every form that was fitted, each within the bounds that were asked for.</param>
/// <param name="Contradictions">Why forms with a lower criterion than the winner stood back; all forms where none was left to win.</param>
public sealed record EtsChoice(EtsFit Fit, IReadOnlyDictionary<EtsForm, double> Tried, IReadOnlyDictionary<EtsForm, string> Contradictions);
