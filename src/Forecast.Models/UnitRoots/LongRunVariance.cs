using Forecast.Models.Arima;

namespace Forecast.Models.UnitRoots;

/// <summary>
/// Bartlett-weighted long-run variance s^2(l) = (1/n) sum e_t^2 + (2/n) sum_(i=1..l) (1 - i/(l+1)) sum_t e_t e_(t-i)
/// (Newey and West 1987), and the customary truncation lags.
/// </summary>
internal static class LongRunVariance
{
    public static double Of(ReadOnlySpan<double> e, int lags)
    {
        var n = e.Length;
        var sum = WhitenedRegression.Dot(e, e);
        for (var i = 1; i <= Math.Min(lags, n - 1); i++)
            sum += 2 * (1 - (i / (lags + 1.0))) * WhitenedRegression.Dot(e[i..], e[..(n - i)]);
        return sum / n;
    }

    /// <summary>trunc(4 (n/100)^(1/4)).</summary>
    public static int ShortLag(int n) => (int)(4 * Math.Pow(n / 100.0, 0.25));

    /// <summary>trunc(12 (n/100)^(1/4)).</summary>
    public static int LongLag(int n) => (int)(12 * Math.Pow(n / 100.0, 0.25));
}
