using MathNet.Numerics.Distributions;

namespace Forecast.Backtest.Drift;

/// <summary>
/// Test of equal rates of missing values: <c>z = (r2 - r1) / sqrt(r (1 - r) (1/n1 + 1/n2))</c>, r the rate of both together (Fleiss, Levin and
/// Paik, Statistical Methods for Rates and Proportions, 2003, section 3.1, without the correction for continuity).
/// </summary>
/// <param name="Reference">Share of missing values in the reference.</param>
/// <param name="Current">Share since.</param>
/// <param name="Statistic">z; 0 where nothing, or everything, is missing on both sides.</param>
/// <param name="PValue">Two-sided, by the normal law.</param>
public sealed record MissingShift(double Reference, double Current, double Statistic, double PValue)
{
    /// <summary>Counts NaN.</summary>
    public static MissingShift Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.IsEmpty) throw new ArgumentException("there is nothing to compare with", nameof(reference));
        if (current.IsEmpty) throw new ArgumentException("there is nothing to compare", nameof(current));
        var (a, b) = (Missing(reference), Missing(current));
        var (r1, r2) = ((double)a / reference.Length, (double)b / current.Length);
        var r = (double)(a + b) / (reference.Length + current.Length);
        var error = Math.Sqrt(r * (1 - r) * ((1.0 / reference.Length) + (1.0 / current.Length)));
        var z = error > 0 ? (r2 - r1) / error : 0;
        return new MissingShift(r1, r2, z, 2 * Normal.CDF(0, 1, -Math.Abs(z)));
    }

    private static int Missing(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var value in values) count += double.IsNaN(value) ? 1 : 0;
        return count;
    }
}
