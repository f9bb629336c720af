using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Baselines;

/// <summary>Estimates of <see cref="NaiveForecaster"/>.</summary>
/// <param name="Lag">m.</param>
/// <param name="Sigma">Innovation standard deviation.</param>
/// <param name="Observations">Observations of the training window.</param>
public sealed record NaiveParameters(int Lag, double Sigma, int Observations);

/// <summary>
/// Last value (of the same season): mean y_(T+h-m(k+1)), variance sigma^2 (k + 1), k = floor((h - 1) / m); m = 1 gives
/// sigma^2 h (Hyndman and Athanasopoulos 2021, table 5.2). Where the last observations are missing the variance counts from
/// the last one seen.
/// </summary>
public sealed class NaiveForecaster : LocalForecaster<NaiveParameters>
{
    private readonly bool _seasonal;
    private readonly int? _period;

    private NaiveForecaster(bool seasonal, int? period, string name)
    {
        _seasonal = seasonal;
        _period = period;
        Name = name;
    }

    public override string Name { get; }

    /// <summary>The random walk.</summary>
    public static NaiveForecaster LastValue() => new(seasonal: false, 1, "naive");

    /// <summary>The seasonal random walk.</summary>
    /// <param name="period">m, at least 1; null takes the usual season of the series' frequency.</param>
    /// <exception cref="ForecastException">A period below 1.</exception>
    public static NaiveForecaster LastSeason(int? period) => period is < 1
        ? throw new ForecastException("period-invalid", $"period is {period}; it must be at least 1", "period")
        : new(seasonal: true, period, period is null ? "seasonal-naive" : $"seasonal-naive({period})");

    protected override NaiveParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        var lag = _seasonal ? _period ?? history.Frequency.SeasonalPeriod : 1;
        var y = BaselineSeries.Checked(history);
        return new NaiveParameters(lag, LagWalk.Estimate(y, lag, history.Id).Sigma, BaselineSeries.Observed(y));
    }

    protected override PredictiveDistribution PredictSeries(NaiveParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var (means, periods) = LagWalk.Origin(BaselineSeries.Checked(history), parameters.Lag, horizon, history.Id);
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
            marginals[h] = LocationScaleMarginal.Normal(means[h], parameters.Sigma * Math.Sqrt(periods[h]));
        var pathSeed = Seeds.Derive(seed, Name, history.Id);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => Paths(parameters, means, periods, count, pathSeed));
    }

    protected override FitSummary Summarize(NaiveParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        return new FitSummary
        {
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sigma2"] = parameters.Sigma * parameters.Sigma },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = LagWalk.Residuals(history.Target, parameters.Lag) },
            Observations = parameters.Observations,
        };
    }

    /// <summary>Each step goes on from the step one period before it; the first of a season from the last observation.</summary>
    private static SamplePaths Paths(NaiveParameters parameters, double[] means, int[] periods, int count, ulong seed)
    {
        var h = means.Length;
        var random = new RandomSource(seed);
        var values = new double[count * h];
        for (var path = 0; path < count; path++)
        {
            var row = values.AsSpan(path * h, h);
            for (var i = 0; i < h; i++)
            {
                var before = i - parameters.Lag;
                row[i] = before >= 0
                    ? row[before] + (parameters.Sigma * random.NextNormal())
                    : means[i] + (parameters.Sigma * Math.Sqrt(periods[i]) * random.NextNormal());
            }
        }

        return new SamplePaths(count, h, 1, values);
    }
}
