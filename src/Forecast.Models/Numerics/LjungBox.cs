using MathNet.Numerics;

namespace Forecast.Models.Numerics;

/// <summary>Whether residuals are still correlated with their own past.</summary>
/// <param name="Statistic">Q = n (n + 2) sum_(k=1..lags) r_k^2 / (n - k), n counting values that are not missing.</param>
/// <param name="DegreesOfFreedom">Lags less fitted parameters.</param>
/// <param name="PValue">P(chi-square with those degrees of freedom is at least Q).</param>
public sealed record LjungBox(double Statistic, int DegreesOfFreedom, double PValue)
{
    /// <summary>
    /// The portmanteau test of Ljung and Box (1978, eq. 1.4). Autocorrelations at lag k with missing values average the
    /// products of the pairs that are there, over pairs + k, as R's <c>acf</c> does.
    /// </summary>
    /// <param name="residuals">Residuals, NaN = missing.</param>
    /// <param name="lags">Lags, at least 1 and fewer than the residuals.</param>
    /// <param name="fitted">Parameters to subtract from the degrees of freedom.</param>
    /// <exception cref="ArgumentException">Too few residuals, or fewer lags than parameters + 1.</exception>
    public static LjungBox Test(ReadOnlySpan<double> residuals, int lags, int fitted = 0)
    {
        if (lags < 1 || lags - fitted < 1)
            throw new ArgumentException($"{lags} lags leave no degree of freedom after {fitted} parameters", nameof(lags));
        int n = 0;
        var mean = 0.0;
        foreach (var e in residuals)
        {
            if (double.IsNaN(e))
                continue;
            n++;
            mean += e;
        }

        if (n <= lags)
            throw new ArgumentException($"{n} residuals are too few for {lags} lags", nameof(residuals));
        mean /= n;
        var variance = Autocovariance(residuals, 0, mean);
        var sum = 0.0;
        for (var k = 1; k <= lags; k++)
        {
            var r = Autocovariance(residuals, k, mean) / variance;
            sum += r * r / (n - k);
        }

        var statistic = n * (n + 2.0) * sum;
        var freedom = lags - fitted;
        return new LjungBox(statistic, freedom, SpecialFunctions.GammaUpperRegularized(freedom / 2.0, statistic / 2));
    }

    private static double Autocovariance(ReadOnlySpan<double> x, int lag, double mean)
    {
        var sum = 0.0;
        var pairs = 0;
        for (var t = lag; t < x.Length; t++)
        {
            var product = (x[t] - mean) * (x[t - lag] - mean);
            if (double.IsNaN(product))
                continue;
            sum += product;
            pairs++;
        }

        return sum / (pairs + lag);
    }
}
