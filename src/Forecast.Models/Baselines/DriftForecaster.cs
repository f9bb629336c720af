using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Baselines;

/// <summary>Estimates of <see cref="DriftForecaster"/>.</summary>
/// <param name="Drift">b, the mean step.</param>
/// <param name="StdError">Standard error of b.</param>
/// <param name="Sigma">Innovation standard deviation.</param>
/// <param name="Observations">Observations of the training window.</param>
public sealed record DriftParameters(double Drift, double StdError, double Sigma, int Observations);

/// <summary>
/// Random walk with drift: b = (y_T - y_1) / (T - 1), mean y_T + h b, variance sigma^2 h (1 + h / (T - 1)) (Hyndman and
/// Athanasopoulos 2021, table 5.2; R's <c>rwf(drift = TRUE)</c>), sigma^2 = sum (y_t - y_(t-1) - b)^2 / (T - 2). Gaps count
/// as steps of k rows with mean k b and variance k sigma^2.
/// </summary>
public sealed class DriftForecaster : LocalForecaster<DriftParameters>
{
    public override string Name => "drift";

    /// <summary>Weighted least squares of the steps on their lengths.</summary>
    /// <exception cref="ForecastException">Fewer than three observations.</exception>
    internal static DriftParameters Estimate(ReadOnlySpan<double> y, string series)
    {
        var rows = new List<int>();
        for (var t = 0; t < y.Length; t++)
        {
            if (!double.IsNaN(y[t]))
                rows.Add(t);
        }

        if (rows.Count < 3)
            throw new ForecastException("series-too-short", $"series '{series}' has {rows.Count} observations; the drift forecast needs at least 3", "data", series);
        double span = rows[^1] - rows[0];
        var drift = (y[rows[^1]] - y[rows[0]]) / span;
        var squares = 0.0;
        for (var i = 1; i < rows.Count; i++)
        {
            double k = rows[i] - rows[i - 1];
            var error = y[rows[i]] - y[rows[i - 1]] - (k * drift);
            squares += error * error / k;
        }

        var sigma = Math.Sqrt(squares / (rows.Count - 2));
        return new DriftParameters(drift, sigma / Math.Sqrt(span), sigma, rows.Count);
    }

    protected override DriftParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Estimate(BaselineSeries.Checked(history), history.Id);
    }

    protected override PredictiveDistribution PredictSeries(DriftParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var (last, periods) = LagWalk.Origin(BaselineSeries.Checked(history), 1, horizon, history.Id);
        var means = new double[horizon];
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            double k = periods[h];
            means[h] = last[h] + (k * parameters.Drift);
            var slope = k * parameters.StdError;
            marginals[h] = LocationScaleMarginal.Normal(means[h], Math.Sqrt((parameters.Sigma * parameters.Sigma * k) + (slope * slope)));
        }

        var pathSeed = Seeds.Derive(seed, Name, history.Id);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => Paths(parameters, means, periods, count, pathSeed));
    }

    protected override FitSummary Summarize(DriftParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var residuals = LagWalk.Residuals(history.Target, 1);
        for (var t = 0; t < residuals.Length; t++)
            residuals[t] -= parameters.Drift;
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["drift"] = parameters.Drift },
            StdErrors = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal)
            {
                ["hessian"] = new Dictionary<string, double>(StringComparer.Ordinal) { ["drift"] = parameters.StdError },
            },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sigma2"] = parameters.Sigma * parameters.Sigma },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = residuals },
            Observations = parameters.Observations,
        };
    }

    /// <summary>One draw of the drift a path, and the walk around it.</summary>
    private static SamplePaths Paths(DriftParameters parameters, double[] means, int[] periods, int count, ulong seed)
    {
        var h = means.Length;
        var random = new RandomSource(seed);
        var values = new double[count * h];
        for (var path = 0; path < count; path++)
        {
            var slope = parameters.StdError * random.NextNormal();
            var walk = parameters.Sigma * Math.Sqrt(periods[0]) * random.NextNormal();
            for (var i = 0; i < h; i++)
            {
                if (i > 0)
                    walk += parameters.Sigma * random.NextNormal();
                values[(path * h) + i] = means[i] + (periods[i] * slope) + walk;
            }
        }

        return new SamplePaths(count, h, 1, values);
    }
}
