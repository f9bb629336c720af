using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Ets;

namespace Forecast.Models.Theta;

/// <summary>Estimates of <see cref="ThetaForecaster"/>.</summary>
/// <param name="Period">m, resolved.</param>
/// <param name="IsSeasonal">Whether the training window was seasonal.</param>
/// <param name="Alpha">Smoothing parameter.</param>
/// <param name="Theta">Theta.</param>
/// <param name="Level">l_0 on the training window.</param>
/// <param name="Drift">Half the slope on the training window.</param>
/// <param name="Sigma2">Variance of the one-step errors.</param>
/// <param name="SumOfSquares">Their sum of squares.</param>
/// <param name="Observations">Observations of the training window that were not missing.</param>
public sealed record ThetaParameters(int Period, bool IsSeasonal, double Alpha, double Theta, double Level, double Drift, double Sigma2, double SumOfSquares, int Observations);

/// <summary>
/// The theta models behind the seam of Core. Conditioning keeps alpha, theta, the error variance and whether there is a season;
/// seasonal figure, line and first level follow from the history that is given.
/// </summary>
public sealed class ThetaForecaster : LocalForecaster<ThetaParameters>
{
    private readonly ThetaOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public ThetaForecaster(ThetaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override ThetaParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        var fit = ThetaFit.Estimate(history.Id, history.Target, _options, period);
        return new ThetaParameters(period, fit.IsSeasonal, fit.Alpha, fit.Theta, fit.Level, fit.Drift, fit.Sigma2, fit.SumOfSquares, fit.Observations);
    }

    protected override PredictiveDistribution PredictSeries(ThetaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var fit = Filter(parameters, history);
        var total = fit.Gap + horizon;
        var point = fit.Point(total);
        var ownSeed = Seeds.Derive(seed, "theta", history.Id);
        SamplePaths Paths(int count) => Draw(fit, Math.Sqrt(parameters.Sigma2), point, count, horizon, ownSeed);
        var shared = new Lazy<SamplePaths>(() => Paths(_options.Paths));
        var scale = fit.Sigma2 > 0 ? Math.Sqrt(parameters.Sigma2 / fit.Sigma2) : 0;
        var deviation = fit.Deviation(total);
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var (step, at) = (h + 1, fit.Gap + h);
            marginals[h] = deviation is not null
                ? LocationScaleMarginal.Normal(point[at], scale * deviation[at])
                : new EtsSimulatedMarginal(point[at], new Lazy<EmpiricalMarginal>(() => new EmpiricalMarginal(shared.Value.Step(step))));
        }

        return new PredictiveDistribution(times, marginals, Paths);
    }

    protected override FitSummary Summarize(ThetaParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var fit = Filter(parameters, history);
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["alpha"] = parameters.Alpha,
                ["theta"] = parameters.Theta,
                ["l"] = parameters.Level,
                ["drift"] = parameters.Drift,
            },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sigma2"] = parameters.Sigma2, ["sse"] = parameters.SumOfSquares },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = [.. fit.Residuals], ["fitted"] = [.. fit.Fitted] },
            Notes = [parameters.IsSeasonal ? $"seasonally adjusted with period {parameters.Period}" : "not seasonally adjusted"],
            Observations = parameters.Observations,
        };
    }

    private ThetaFit Filter(ThetaParameters parameters, SeriesView history) =>
        ThetaFit.At(history.Id, history.Target, _options with { Seasonal = parameters.IsSeasonal }, parameters.Period, parameters.Alpha, parameters.Theta);

    private static SamplePaths Draw(ThetaFit fit, double sigma, double[] point, int count, int horizon, ulong seed)
    {
        var random = new RandomSource(seed);
        var path = new double[point.Length];
        var values = new double[count * horizon];
        for (var i = 0; i < count; i++)
        {
            for (var h = 0; h < path.Length; h++) path[h] = sigma * random.NextNormal();
            fit.Follow(point, path);
            path.AsSpan(path.Length - horizon).CopyTo(values.AsSpan(i * horizon));
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
