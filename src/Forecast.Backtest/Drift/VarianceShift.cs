using MathNet.Numerics.Distributions;

namespace Forecast.Backtest.Drift;

/// <summary>
/// Brown and Forsythe's test of equal variances (Journal of the American Statistical Association 69, 1974), which heavy tails do not upset:
/// the analysis of variance of the distances to each side's median, <c>F = sum n_i (z_i - z)^2 / (sum (z_ij - z_i)^2 / (N - 2))</c>.
/// </summary>
/// <param name="Reference">Variance of the reference.</param>
/// <param name="Current">Variance since.</param>
/// <param name="Statistic">F with 1 and N - 2 degrees of freedom.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record VarianceShift(double Reference, double Current, double Statistic, double PValue)
{
    /// <summary>Null when a side has fewer than two values, or the distances do not vary.</summary>
    public static VarianceShift? Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.Length < 2 || current.Length < 2) return null;
        var (z1, z2) = (Distances(reference), Distances(current));
        var (m1, v1) = Moments.Of(z1);
        var (m2, v2) = Moments.Of(z2);
        var (n1, n2) = (reference.Length, current.Length);
        var all = ((n1 * m1) + (n2 * m2)) / (n1 + n2);
        var within = (((n1 - 1) * v1) + ((n2 - 1) * v2)) / (n1 + n2 - 2);
        if (!(within > 0)) return null;
        var f = ((n1 * (m1 - all) * (m1 - all)) + (n2 * (m2 - all) * (m2 - all))) / within;
        return new VarianceShift(Moments.Of(reference).Variance, Moments.Of(current).Variance, f, 1 - FisherSnedecor.CDF(1, n1 + n2 - 2, f));
    }

    private static double[] Distances(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var half = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return Array.ConvertAll(sorted, v => Math.Abs(v - median));
    }
}
