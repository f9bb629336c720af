using Forecast.Core.Distributions;

namespace Forecast.Models.Transforms;

/// <summary>
/// Quantities of a law that follow from its quantile function Q alone, by quadrature over z with u = Phi(z). False where the law denies
/// a quantile that is needed.
/// </summary>
public static class QuantileIntegral
{
    /// <summary>Integral of f(z, Q(Phi(z))) phi(z) dz.</summary>
    /// <param name="law">The law.</param>
    /// <param name="from">Lower z.</param>
    /// <param name="to">Upper z.</param>
    /// <param name="f">Integrand over z and the quantile there.</param>
    /// <param name="sum">The integral.</param>
    public static bool TryIntegrate(IMarginal law, double from, double to, Func<double, double, double> f, out double sum)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(f);
        sum = 0;
        foreach (var (z, weight) in GaussianQuadrature.Nodes(from, to))
        {
            // The upper half asks for 1 - Phi(-z), which keeps what digits a level near 1 has.
            var u = z <= 0 ? NormalDistribution.Cdf(z) : 1 - NormalDistribution.Cdf(-z);
            if (!(u > 0 && u < 1)) continue;
            if (!law.TryQuantile(u, out var q)) return false;
            sum += weight * f(z, q);
        }

        return true;
    }

    /// <summary>Integral of f(Q(u)) over all levels: the mean of f(X).</summary>
    public static bool TryMean(IMarginal law, Func<double, double> f, out double mean) =>
        TryIntegrate(law, -GaussianQuadrature.Range, GaussianQuadrature.Range, (_, q) => f(q), out mean);

    /// <summary>Expected shortfall -1/alpha times the integral of Q from 0 to alpha.</summary>
    public static bool TryExpectedShortfall(IMarginal law, double alpha, out double value)
    {
        value = double.NaN;
        if (!TryIntegrate(law, -GaussianQuadrature.Range, NormalDistribution.Quantile(alpha), (_, q) => q, out var sum)) return false;
        value = -sum / alpha;
        return true;
    }

    /// <summary>CRPS as twice the integral of the pinball loss over all levels (Laio and Tamea 2007), split where it has its kink.</summary>
    /// <param name="law">The law.</param>
    /// <param name="actual">The outcome.</param>
    /// <param name="score">The score.</param>
    /// <param name="breaks">Places z at which the quantile function itself has kinks.</param>
    public static bool TryCrps(IMarginal law, double actual, out double score, params ReadOnlySpan<double> breaks)
    {
        ArgumentNullException.ThrowIfNull(law);
        score = double.NaN;
        if (!law.TryCdf(actual, out var u)) return false;
        var kink = u <= 0 ? -GaussianQuadrature.Range : u >= 1 ? GaussianQuadrature.Range : Math.Clamp(NormalDistribution.Quantile(u), -GaussianQuadrature.Range, GaussianQuadrature.Range);
        double[] ends = [-GaussianQuadrature.Range, .. breaks, kink, GaussianQuadrature.Range];
        for (var i = 0; i < ends.Length; i++) ends[i] = Math.Clamp(ends[i], -GaussianQuadrature.Range, GaussianQuadrature.Range);
        Array.Sort(ends);
        double sum = 0;
        for (var i = 1; i < ends.Length; i++)
        {
            var below = ends[i] <= kink;
            if (!TryIntegrate(law, ends[i - 1], ends[i], (z, q) => below ? NormalDistribution.Cdf(z) * (actual - q) : NormalDistribution.Cdf(-z) * (q - actual), out var part)) return false;
            sum += part;
        }

        score = 2 * sum;
        return true;
    }
}
