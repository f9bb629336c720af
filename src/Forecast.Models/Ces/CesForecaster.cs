using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Ets;

namespace Forecast.Models.Ces;

/// <summary>Estimates of <see cref="CesForecaster"/>.</summary>
/// <param name="Seasonality">The form, as given or chosen.</param>
/// <param name="Period">m.</param>
/// <param name="Smoothing">a0, a1, and b0, b1 where the form has them.</param>
/// <param name="Sigma2">Variance of the one-step errors.</param>
/// <param name="Criteria">Log-likelihood and criteria on the training window.</param>
/// <param name="Observations">Observations of the training window that were not missing.</param>
/// <param name="Converged">Whether the search came to rest.</param>
/// <param name="Notes">How the form was chosen.</param>
public sealed record CesParameters(CesSeasonality Seasonality, int Period, double[] Smoothing, double Sigma2, Dictionary<string, double> Criteria, int Observations, bool Converged, string[] Notes);

/// <summary>
/// Complex exponential smoothing behind the seam of Core. Conditioning keeps smoothing parameters and variance; the states before the first
/// row of the history that is given follow by least squares, as in the fit.
/// </summary>
public sealed class CesForecaster : LocalForecaster<CesParameters>
{
    private readonly CesOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public CesForecaster(CesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override CesParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        var fits = Forms(history, period).Select(form => CesFit.Estimate(history.Id, history.Target, form, period, context.Cancellation)).ToArray();

        // Where a form leaves nothing to explain likelihoods mean nothing, and the simplest such form, tried first, is best.
        var fit = Array.Find(fits, f => f.IsExact) ?? fits.MinBy(f => f.Aicc)!;
        double[] smoothing = [fit.A.Real, fit.A.Imaginary, fit.B.Real, fit.B.Imaginary];
        var criteria = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["loglik"] = fit.LogLikelihood,
            ["aic"] = fit.Aic,
            ["aicc"] = fit.Aicc,
            ["bic"] = fit.Bic,
            ["sigma2"] = fit.Sigma2,
            ["sse"] = fit.SumOfSquares,
        };
        string[] notes = fits.Length == 1
            ? [Word(fit.Seasonality)]
            : [Word(fit.Seasonality), $"chosen by aicc: {string.Join(", ", fits.OrderBy(f => f.Aicc).Select(f => $"{Word(f.Seasonality)} {f.Aicc:F2}"))}"];
        return new CesParameters(fit.Seasonality, period, smoothing[..CesPoint.Count(fit.Seasonality)], fit.Sigma2, criteria, fit.Observations, fit.Converged, notes);
    }

    protected override PredictiveDistribution PredictSeries(CesParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var fit = Filter(parameters, history);
        var total = fit.Gap + horizon;
        var point = fit.Forecast(total);
        var responses = CesFilter.Responses(fit.Point, fit.Period, total);
        var marginals = new IMarginal[horizon];
        var variance = 0.0;
        for (var h = 0; h < total; h++)
        {
            variance += parameters.Sigma2 * responses[h] * responses[h];
            if (!double.IsFinite(point[h]) || !double.IsFinite(variance))
                throw new ForecastException("forecast-not-finite", $"series '{history.Id}': the forecast of {Name} leaves the range of a double at step {h + 1 - fit.Gap}; ask for a shorter horizon", "horizon", history.Id);
            if (h >= fit.Gap) marginals[h - fit.Gap] = LocationScaleMarginal.Normal(point[h], Math.Sqrt(variance));
        }

        var ownSeed = Seeds.Derive(seed, "ces", history.Id);
        return new PredictiveDistribution(times, marginals, count => Draw(fit, Math.Sqrt(parameters.Sigma2), count, horizon, ownSeed));
    }

    protected override FitSummary Summarize(CesParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var fit = Filter(parameters, history);
        string[] names = parameters.Seasonality == CesSeasonality.Partial ? ["a0", "a1", "b"] : ["a0", "a1", "b0", "b1"];
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < parameters.Smoothing.Length; i++) named[names[i]] = parameters.Smoothing[i];
        return new FitSummary
        {
            Parameters = named,
            Criteria = parameters.Criteria,
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = [.. fit.Residuals], ["fitted"] = [.. fit.Fitted] },
            Converged = parameters.Converged,
            Notes = parameters.Notes,
            Observations = parameters.Observations,
        };
    }

    private IEnumerable<CesSeasonality> Forms(SeriesView history, int period)
    {
        if (_options.Seasonality is { } given) return [given];
        var sample = EtsSample.Of(history.Id, history.Target);
        var suiting = Enum.GetValues<CesSeasonality>().Where(s => CesFit.Suits(sample, s, period) && sample.Observed > CesFit.CountOf(s, period) + 2).ToArray();
        return suiting.Length > 0 ? suiting : [CesSeasonality.None];
    }

    private static CesFit Filter(CesParameters parameters, SeriesView history) =>
        CesFit.At(history.Id, history.Target, parameters.Seasonality, parameters.Period, parameters.Smoothing);

    private static string Word(CesSeasonality seasonality) => $"seasonality {seasonality.ToString().ToLowerInvariant()}";

    private static SamplePaths Draw(CesFit fit, double sigma, int count, int horizon, ulong seed)
    {
        var random = new RandomSource(seed);
        var filter = fit.Blank();
        var path = new double[fit.Gap + horizon];
        var values = new double[count * horizon];
        for (var i = 0; i < count; i++)
        {
            for (var h = 0; h < path.Length; h++) path[h] = sigma * random.NextNormal();
            fit.Follow(filter, path);
            path.AsSpan(fit.Gap).CopyTo(values.AsSpan(i * horizon));
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
