using Forecast.Core.Distributions;
using MathNet.Numerics;

namespace Forecast.Backtest.Risk;

/// <summary>Tail probabilities that keep their relative accuracy however small they are.</summary>
internal static class Tails
{
    /// <summary>
    /// P(chi-square with k degrees of freedom above x) by the finite sums Q(1) = 2 Phi(-sqrt x), Q(2) = exp(-x/2),
    /// Q(k) = Q(k-2) + (x/2)^(k/2-1) exp(-x/2) / Gamma(k/2): all terms positive.
    /// </summary>
    public static double ChiSquared(double x, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        if (double.IsNaN(x)) return double.NaN;
        if (x <= 0) return 1;
        var half = 0.5 * x;
        var odd = degrees % 2 == 1;
        var tail = odd ? 2 * NormalDistribution.Cdf(-Math.Sqrt(x)) : Math.Exp(-half);

        // The term of Q(k), k = 3 or 4, and then each from the one before.
        var term = odd ? Math.Exp(-half) * Math.Sqrt(half) / (0.5 * Math.Sqrt(Math.PI)) : Math.Exp(-half) * half;
        for (var k = odd ? 3 : 4; k <= degrees; k += 2)
        {
            tail += term;
            term *= half / (0.5 * k);
        }

        return Math.Min(tail, 1);
    }

    /// <summary>P(Student t with the given degrees of freedom at most t).</summary>
    public static double StudentBelow(double t, double degrees)
    {
        if (double.IsNaN(t)) return double.NaN;
        var tail = 0.5 * SpecialFunctions.BetaRegularized(0.5 * degrees, 0.5, degrees / (degrees + (t * t)));
        return t < 0 ? tail : 1 - tail;
    }

    /// <summary>P(Binomial(n, p) at most k).</summary>
    public static double BinomialAtMost(int n, double p, int k) => k < 0 ? 0 : k >= n ? 1 : SpecialFunctions.BetaRegularized(n - k, k + 1, 1 - p);

    /// <summary>P(Binomial(n, p) at least k).</summary>
    public static double BinomialAtLeast(int n, double p, int k) => k <= 0 ? 1 : k > n ? 0 : SpecialFunctions.BetaRegularized(k, n - k + 1, p);

    /// <summary>k ln p with 0 ln 0 = 0.</summary>
    public static double CountLog(double k, double p) => k == 0 ? 0 : k * Math.Log(p);

    /// <summary>A number as results carry it: null where there is none.</summary>
    public static double? Known(double value) => double.IsFinite(value) ? value : null;
}
