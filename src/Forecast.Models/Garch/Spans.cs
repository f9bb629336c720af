using System.Numerics;
using System.Runtime.InteropServices;

namespace Forecast.Models.Garch;

/// <summary>Vector operations on short rows.</summary>
internal static class Spans
{
    /// <summary>target += factor * source.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        source = source[..target.Length];
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wideSource = MemoryMarshal.Cast<double, Vector<double>>(source);
        var f = new Vector<double>(factor);
        for (var i = 0; i < wide.Length; i++) wide[i] += f * wideSource[i];
        for (var i = wide.Length * Vector<double>.Count; i < target.Length; i++) target[i] += factor * source[i];
    }

    /// <summary>Σ a_i b_i, in four strands.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        var wideA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
        var i = 0;
        for (; i + 3 < wideA.Length; i += 4)
        {
            s0 += wideA[i] * wideB[i];
            s1 += wideA[i + 1] * wideB[i + 1];
            s2 += wideA[i + 2] * wideB[i + 2];
            s3 += wideA[i + 3] * wideB[i + 3];
        }

        for (; i < wideA.Length; i++) s0 += wideA[i] * wideB[i];
        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (i = wideA.Length * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Σ (x_i - c) and Σ (x_i - c)², in strands of their own.</summary>
    public static (double Sum, double Squares) Moments(ReadOnlySpan<double> x, double centre)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var c = new Vector<double>(centre);
        Vector<double> sum0 = Vector<double>.Zero, sum1 = sum0, squares0 = sum0, squares1 = sum0;
        var i = 0;
        for (; i + 1 < wide.Length; i += 2)
        {
            Vector<double> a = wide[i] - c, b = wide[i + 1] - c;
            sum0 += a;
            sum1 += b;
            squares0 += a * a;
            squares1 += b * b;
        }

        for (; i < wide.Length; i++)
        {
            var a = wide[i] - c;
            sum0 += a;
            squares0 += a * a;
        }

        double sum = Vector.Sum(sum0 + sum1), squares = Vector.Sum(squares0 + squares1);
        for (i = wide.Length * Vector<double>.Count; i < x.Length; i++)
        {
            var a = x[i] - centre;
            sum += a;
            squares += a * a;
        }

        return (sum, squares);
    }
}
