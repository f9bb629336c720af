using Forecast.Core;

namespace Forecast.Models.Baselines;

/// <summary>
/// The seasonal random walk y_t = y_(t-m) + e_t (m = 1: the random walk). Where values are missing, the step from one
/// observation of a season to the next spans k periods and its variance is k sigma^2, so that
/// sigma^2 = mean of (y_t - y_(t-km))^2 / k; without gaps this is R's <c>naive</c> and <c>snaive</c>.
/// </summary>
internal static class LagWalk
{
    /// <summary>Innovation standard deviation and the number of steps that it rests on.</summary>
    /// <exception cref="ForecastException">No season was observed twice.</exception>
    public static (double Sigma, int Steps) Estimate(ReadOnlySpan<double> y, int lag, string series)
    {
        var squares = 0.0;
        var count = 0;
        for (var season = 0; season < Math.Min(lag, y.Length); season++)
        {
            var last = -1;
            for (var t = season; t < y.Length; t += lag)
            {
                if (double.IsNaN(y[t]))
                    continue;
                if (last >= 0)
                {
                    var difference = y[t] - y[last];
                    squares += difference * difference * lag / (t - last);
                    count++;
                }

                last = t;
            }
        }

        return count > 0
            ? (Math.Sqrt(squares / count), count)
            : throw new ForecastException("series-too-short", $"series '{series}' has {y.Length} rows; the {(lag == 1 ? "naive forecast" : $"seasonal naive forecast of period {lag}")} needs two observations {(lag == 1 ? "" : "of one season ")}to judge its error by", "data", series);
    }

    /// <summary>
    /// For steps 1..horizon: the last observed value of their season, and how many periods ago (1 where nothing is missing
    /// and the step is within the first season).
    /// </summary>
    /// <exception cref="ForecastException">A season without any observation.</exception>
    public static (double[] Values, int[] Periods) Origin(ReadOnlySpan<double> y, int lag, int horizon, string series)
    {
        var values = new double[horizon];
        var periods = new int[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var t = y.Length + h - lag;
            var k = 1;
            while (t >= 0 && (t >= y.Length || double.IsNaN(y[t])))
            {
                t -= lag;
                k++;
            }

            if (t < 0)
                throw new ForecastException("series-too-short", $"series '{series}' has no observation of the season of step {h + 1} (period {lag})", "data", series);
            (values[h], periods[h]) = (y[t], k);
        }

        return (values, periods);
    }

    /// <summary>y_t less the last observation of its season; NaN where either is absent.</summary>
    public static double[] Residuals(ReadOnlySpan<double> y, int lag)
    {
        var residuals = new double[y.Length];
        var carried = new double[lag];
        Array.Fill(carried, double.NaN);
        for (var t = 0; t < y.Length; t++)
        {
            residuals[t] = y[t] - carried[t % lag];
            if (!double.IsNaN(y[t]))
                carried[t % lag] = y[t];
        }

        return residuals;
    }
}
