using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Ets;

namespace Forecast.Models.HoltWinters;

/// <summary>Estimates of <see cref="HoltWintersForecaster"/>.</summary>
/// <param name="Period">m, resolved; 1 without a season.</param>
/// <param name="Alpha">Of the level.</param>
/// <param name="Beta">Of the slope.</param>
/// <param name="Gamma">Of the season.</param>
/// <param name="Sigma2">Variance of the one-step errors.</param>
/// <param name="SumOfSquares">Their sum of squares.</param>
/// <param name="Observations">Observations of the training window that were not missing.</param>
/// <param name="Converged">Whether the search met its tolerance.</param>
public sealed record HoltWintersParameters(int Period, double Alpha, double Beta, double Gamma, double Sigma2, double SumOfSquares, int Observations, bool Converged);

/// <summary>
/// Holt-Winters smoothing by least squares behind the seam of Core. Conditioning keeps the smoothing parameters; the start
/// follows from the first rows of whatever history is given.
/// </summary>
public sealed class HoltWintersForecaster : LocalForecaster<HoltWintersParameters>
{
    private readonly HoltWintersOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public HoltWintersForecaster(HoltWintersOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override HoltWintersParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        var period = _options.Seasonal == EtsPart.None ? 1 : _options.Period ?? history.Frequency.SeasonalPeriod;
        var fit = HoltWintersFit.Estimate(history.Id, history.Target, _options, period);
        var observed = history.Target.Length - Missing(history.Target);
        return new HoltWintersParameters(period, fit.Alpha, fit.Beta, fit.Gamma, fit.Sigma2, fit.SumOfSquares, observed, fit.Converged);
    }

    protected override PredictiveDistribution PredictSeries(HoltWintersParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var gap = history.Length - history.Target.TrimEnd(double.NaN).Length;
        var fit = Filter(parameters, history);
        var sigma = Math.Sqrt(parameters.Sigma2);
        var point = HoltWintersProjection.Point(fit, gap + horizon);
        var ownSeed = Seeds.Derive(seed, "holt-winters", history.Id);
        SamplePaths Paths(int count) => HoltWintersProjection.Draw(fit, sigma, count, gap, horizon, ownSeed);
        var shared = new Lazy<SamplePaths>(() => Paths(_options.Paths));
        var variance = _options.Seasonal == EtsPart.Multiplicative ? null : HoltWintersProjection.Variance(fit, parameters.Sigma2, gap + horizon);
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var step = h + 1;
            marginals[h] = variance is not null
                ? LocationScaleMarginal.Normal(point[gap + h], Math.Sqrt(variance[gap + h]))
                : new EtsSimulatedMarginal(point[gap + h], new Lazy<EmpiricalMarginal>(() => new EmpiricalMarginal(shared.Value.Step(step))));
        }

        return new PredictiveDistribution(times, marginals, Paths);
    }

    protected override FitSummary Summarize(HoltWintersParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var fit = Filter(parameters, history);
        var named = new Dictionary<string, double>(StringComparer.Ordinal) { ["alpha"] = parameters.Alpha };
        if (_options.Trend) named["beta"] = parameters.Beta;
        if (_options.Seasonal != EtsPart.None) named["gamma"] = parameters.Gamma;
        named["a"] = fit.End.Level;
        if (_options.Trend) named["b"] = fit.End.Slope;
        for (var j = 0; j < fit.End.Season.Length; j++) named[$"s{j + 1}"] = fit.End.Season[j];
        return new FitSummary
        {
            Parameters = named,
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sse"] = parameters.SumOfSquares, ["sigma2"] = parameters.Sigma2 },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = [.. fit.Residuals], ["fitted"] = [.. fit.Fitted] },
            Converged = parameters.Converged,
            Notes = ["a, b and s1 .. are level, slope and seasonal states after the last row, as R lists them"],
            Observations = parameters.Observations,
        };
    }

    private HoltWintersFit Filter(HoltWintersParameters parameters, SeriesView history) =>
        HoltWintersFit.At(history.Id, history.Target, _options, parameters.Period, parameters.Alpha, parameters.Beta, parameters.Gamma);

    private static int Missing(ReadOnlySpan<double> y)
    {
        var count = 0;
        foreach (var v in y) count += double.IsNaN(v) ? 1 : 0;
        return count;
    }
}
