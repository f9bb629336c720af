using System.Numerics;
using System.Runtime.InteropServices;

namespace Forecast.Core.Distributions;

/// <summary>
/// The inverse of the normal distribution function by Wichura (1988), algorithm AS 241 (PPND16), for one level and for many at
/// once. The many take the same operations in the same order, several levels an instruction, so both give the same bits.
/// </summary>
internal static class NormalQuantile
{
    private const double Central = 0.425;
    private const double CentralShift = 0.180625;
    private const double MiddleShift = 1.6;
    private const double MiddleEnd = 5;

    private static ReadOnlySpan<double> CentralAbove =>
        [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3];

    private static ReadOnlySpan<double> CentralBelow =>
        [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3];

    private static ReadOnlySpan<double> MiddleAbove =>
        [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4];

    private static ReadOnlySpan<double> MiddleBelow =>
        [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9];

    private static ReadOnlySpan<double> FarAbove =>
        [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7];

    private static ReadOnlySpan<double> FarBelow =>
        [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15];

    /// <summary>The quantile of one level in (0, 1).</summary>
    public static double Of(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= Central) return q * Ratio(CentralShift - (q * q), CentralAbove, CentralBelow);
        var s = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        var x = s <= MiddleEnd ? Ratio(s - MiddleShift, MiddleAbove, MiddleBelow) : Ratio(s - MiddleEnd, FarAbove, FarBelow);
        return q < 0 ? -x : x;
    }

    /// <summary>Replaces each level in (0, 1) by its quantile.</summary>
    public static void Replace(Span<double> levels)
    {
        // The central formula for all; the levels outside it (15 % of uniform ones) are remembered and done apart.
        Span<int> outside = stackalloc int[256];
        Span<double> tail = stackalloc double[256];
        for (; levels.Length > 0; levels = levels[Math.Min(levels.Length, 256)..])
            ReplaceSome(levels[..Math.Min(levels.Length, 256)], outside, tail);
    }

    private static void ReplaceSome(Span<double> levels, Span<int> outside, Span<double> tail)
    {
        var count = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            outside[count] = i;
            tail[count] = levels[i];
            count += Math.Abs(levels[i] - 0.5) > Central ? 1 : 0;
            if (count == outside.Length) break;
        }

        var wide = MemoryMarshal.Cast<double, Vector<double>>(levels);
        var half = new Vector<double>(0.5);
        var shift = new Vector<double>(CentralShift);
        for (var i = 0; i < wide.Length; i++)
        {
            var q = wide[i] - half;
            wide[i] = q * Ratio(shift - (q * q), CentralAbove, CentralBelow);
        }

        for (var i = wide.Length * Vector<double>.Count; i < levels.Length; i++)
        {
            var q = levels[i] - 0.5;
            levels[i] = q * Ratio(CentralShift - (q * q), CentralAbove, CentralBelow);
        }

        for (var k = 0; k < count; k++) levels[outside[k]] = Of(tail[k]);
    }

    private static double Ratio(double r, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        double n = 0, d = 0;
        for (var i = numerator.Length - 1; i >= 0; i--) n = (n * r) + numerator[i];
        for (var i = denominator.Length - 1; i >= 0; i--) d = (d * r) + denominator[i];
        return n / d;
    }

    private static Vector<double> Ratio(Vector<double> r, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        Vector<double> n = Vector<double>.Zero, d = Vector<double>.Zero;
        for (var i = 7; i >= 0; i--)
        {
            n = (n * r) + new Vector<double>(numerator[i]);
            d = (d * r) + new Vector<double>(denominator[i]);
        }

        return n / d;
    }
}
