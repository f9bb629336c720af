using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Models.Decomposition;
using Forecast.Models.Ets;

namespace Forecast.Models.Theta;

/// <summary>
/// What the theta models see: the observations up to the last one, seasonally adjusted where they are seasonal, with the least
/// squares line intercept + slope t, t = 1 .. n, through them.
/// </summary>
internal sealed class ThetaSeries
{
    private const double LeastIndex = 1e-4;
    private readonly bool _divides;

    private ThetaSeries(double[] values, double[] filled, double[] figure, bool divides)
    {
        (Values, Filled, Figure, _divides) = (values, filled, figure, divides);
        (Intercept, Slope) = EtsStarts.Line(filled);
    }

    /// <summary>Adjusted values; NaN = missing. The last one is not.</summary>
    public double[] Values { get; }

    /// <summary>The same with gaps bridged by straight lines.</summary>
    public double[] Filled { get; }

    /// <summary>Seasonal effects of rows 0 .. m-1; empty when nothing was adjusted.</summary>
    public double[] Figure { get; }

    public double Intercept { get; }

    public double Slope { get; }

    public int Length => Values.Length;

    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="y">Observations, oldest first, NaN = missing.</param>
    /// <param name="period">m, 1 for none.</param>
    /// <param name="seasonal">Whether to adjust; null asks <see cref="IsSeasonal"/>.</param>
    /// <exception cref="ForecastException">Too short, all missing, infinite, or no season where one is asked for.</exception>
    public static ThetaSeries Of(string series, ReadOnlySpan<double> y, int period, bool? seasonal)
    {
        var sample = EtsSample.Of(series, y);
        if (sample.Observed < 4)
            throw new ForecastException("series-too-short", $"series '{series}' has {sample.Observed} observations; theta needs at least 4", "data", series);
        var n = sample.Last + 1;
        double[] values = y[..n].ToArray(), filled = [.. sample.Filled.AsSpan(0, n)];
        for (var t = 0; t < n; t++) filled[t] *= sample.Scale;
        if (seasonal == true && (period < 2 || n <= 2 * period))
            throw new ForecastException("series-too-short", $"series '{series}' has {n} rows; seasonal adjustment needs a period of at least 2 and more than two of them", "seasonal", series);
        if (!(seasonal ?? IsSeasonal(filled, period))) return new ThetaSeries(values, filled, [], false);

        // Ratios to a trend that may be zero mean nothing; R divides whatever the signs are.
        var figure = ClassicalDecomposition.Of(filled, period, multiplicative: sample.IsPositive).Figure;
        if (sample.IsPositive && Array.Exists(figure, f => Math.Abs(f) < LeastIndex)) return new ThetaSeries(values, filled, [], false);
        for (var t = 0; t < n; t++)
        {
            var effect = figure[t % period];
            values[t] = sample.IsPositive ? values[t] / effect : values[t] - effect;
            filled[t] = sample.IsPositive ? filled[t] / effect : filled[t] - effect;
        }

        return new ThetaSeries(values, filled, figure, sample.IsPositive);
    }

    /// <summary>
    /// The autocorrelation at lag m over its standard error sqrt((1 + 2 sum_(k&lt;m) r_k^2) / n) above the normal 95 % point, as R's
    /// <c>thetaf</c> asks; false for a constant or two periods and less.
    /// </summary>
    public static bool IsSeasonal(ReadOnlySpan<double> y, int period)
    {
        var n = y.Length;
        if (period < 2 || n <= 2 * period) return false;
        var mean = 0.0;
        foreach (var v in y) mean += v / n;
        var variance = Covariance(y, mean, 0);
        if (!(variance > 0)) return false;
        var sum = 0.0;
        for (var lag = 1; lag < period; lag++)
        {
            var r = Covariance(y, mean, lag) / variance;
            sum += r * r;
        }

        var limit = NormalDistribution.Quantile(0.95) * Math.Sqrt((1 + (2 * sum)) / n);
        return Math.Abs(Covariance(y, mean, period) / variance) > limit;
    }

    /// <summary>An adjusted value of row t back in the season.</summary>
    public double Seasoned(double x, int t) => Figure.Length == 0 ? x : _divides ? x * Figure[t % Figure.Length] : x + Figure[t % Figure.Length];

    /// <summary>What a deviation of the adjusted series is in row t.</summary>
    public double SpreadAt(int t) => Figure.Length > 0 && _divides ? Figure[t % Figure.Length] : 1;

    private static double Covariance(ReadOnlySpan<double> y, double mean, int lag)
    {
        var sum = 0.0;
        for (var t = lag; t < y.Length; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
        return sum;
    }
}
