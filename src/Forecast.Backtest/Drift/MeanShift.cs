using MathNet.Numerics.Distributions;

namespace Forecast.Backtest.Drift;

/// <summary>
/// Welch's test of equal means without equal variances: <c>t = (m2 - m1) / sqrt(s1^2/n1 + s2^2/n2)</c> with the degrees of freedom of
/// Satterthwaite, <c>(s1^2/n1 + s2^2/n2)^2 / ((s1^2/n1)^2/(n1-1) + (s2^2/n2)^2/(n2-1))</c> (Welch, Biometrika 34, 1947).
/// </summary>
/// <param name="Reference">Mean of the reference.</param>
/// <param name="Current">Mean since.</param>
/// <param name="Statistic">t.</param>
/// <param name="Freedom">Degrees of freedom.</param>
/// <param name="PValue">Two-sided.</param>
public sealed record MeanShift(double Reference, double Current, double Statistic, double Freedom, double PValue)
{
    /// <summary>Null when a side has fewer than two values, or neither varies.</summary>
    public static MeanShift? Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.Length < 2 || current.Length < 2) return null;
        var (m1, v1) = Moments.Of(reference);
        var (m2, v2) = Moments.Of(current);
        var (a, b) = (v1 / reference.Length, v2 / current.Length);
        if (!(a + b > 0)) return null;
        var t = (m2 - m1) / Math.Sqrt(a + b);
        var freedom = (a + b) * (a + b) / ((a * a / (reference.Length - 1)) + (b * b / (current.Length - 1)));
        return new MeanShift(m1, m2, t, freedom, 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t)));
    }
}
