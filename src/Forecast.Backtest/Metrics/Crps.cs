using Forecast.Core.Distributions;

namespace Forecast.Backtest.Metrics;

/// <summary>
/// Continuous ranked probability score E|X - y| - E|X - X'|/2, in the unit of the data, lower is better (Gneiting and Raftery 2007).
/// </summary>
public static class Crps
{
    /// <summary>Closed form of the normal law: sd (z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)), z = (y - mean)/sd.</summary>
    public static double Normal(double actual, double mean, double sd)
    {
        RequirePositive(sd);
        return sd * NormalDistribution.Standard.Crps((actual - mean) / sd);
    }

    /// <summary>
    /// Closed form of a mixture of normals: sum_i w_i A(y - m_i, s_i^2) - 1/2 sum_ij w_i w_j A(m_i - m_j, s_i^2 + s_j^2), with
    /// A(d, v) = E|N(d, v)| = d (2 Phi(d/s) - 1) + 2 s phi(d/s), s = sqrt(v) (Grimit et al. 2006).
    /// </summary>
    /// <param name="actual">The outcome y.</param>
    /// <param name="weights">Weights w, not negative; taken relative to their sum.</param>
    /// <param name="means">Means m.</param>
    /// <param name="sds">Standard deviations s, positive.</param>
    public static double NormalMixture(double actual, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> sds)
    {
        if (weights.Length == 0 || weights.Length != means.Length || weights.Length != sds.Length)
            throw new ArgumentException($"{weights.Length} weights, {means.Length} means and {sds.Length} standard deviations make no mixture", nameof(weights));
        double total = 0, distance = 0, spread = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            RequirePositive(sds[i]);
            total += weights[i];
            distance += weights[i] * MeanMagnitude(actual - means[i], sds[i]);
            for (var j = 0; j < weights.Length; j++)
                spread += weights[i] * weights[j] * MeanMagnitude(means[i] - means[j], Math.Sqrt((sds[i] * sds[i]) + (sds[j] * sds[j])));
        }

        return (distance / total) - (spread / (2 * total * total));
    }

    /// <summary>The law of the m draws themselves: mean|x_i - y| - sum_ij |x_i - x_j| / (2 m^2).</summary>
    public static double Sample(double actual, ReadOnlySpan<double> draws) => OfDraws(actual, draws, (double)draws.Length * draws.Length);

    /// <summary>
    /// Unbiased for the law that the draws come from, whatever their number: mean|x_i - y| - sum_ij |x_i - x_j| / (2 m (m - 1))
    /// (Ferro 2014). NaN for a single draw.
    /// </summary>
    public static double FairSample(double actual, ReadOnlySpan<double> draws) =>
        draws.Length == 1 ? double.NaN : OfDraws(actual, draws, (double)draws.Length * (draws.Length - 1));

    /// <summary>Logarithmic score -ln f(y) of the normal law.</summary>
    public static double NormalLogScore(double actual, double mean, double sd)
    {
        RequirePositive(sd);
        var z = (actual - mean) / sd;
        return (0.5 * Math.Log(2 * Math.PI)) + Math.Log(sd) + (0.5 * z * z);
    }

    private static double OfDraws(double actual, ReadOnlySpan<double> draws, double pairs)
    {
        if (draws.Length == 0) return double.NaN;
        var sorted = draws.ToArray();
        Array.Sort(sorted);
        double distance = 0, spread = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            distance += Math.Abs(sorted[i] - actual);
            spread += ((2.0 * i) - sorted.Length + 1) * sorted[i];  // sum over i < j of x_(j) - x_(i), by order statistics
        }

        return (distance / sorted.Length) - (spread / pairs);
    }

    private static double MeanMagnitude(double d, double sd) =>
        (d * ((2 * NormalDistribution.Cdf(d / sd)) - 1)) + (2 * sd * NormalDistribution.Density(d / sd));

    private static void RequirePositive(double sd)
    {
        if (!(sd > 0)) throw new ArgumentOutOfRangeException(nameof(sd), sd, "a standard deviation is positive");
    }
}
