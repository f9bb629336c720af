using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Ssa;

/// <summary>The few vector operations that decompositions spend their time in.</summary>
internal static class VectorMath
{
    /// <summary>sum a_i b_i in eight lanes, the same on every machine.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        Vector256<double> even = Vector256<double>.Zero, odd = Vector256<double>.Zero;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            even += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
            odd += Vector256.Create(a[(i + 4)..]) * Vector256.Create(b[(i + 4)..]);
        }

        var sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>target_i += factor x_i.</summary>
    public static void Add(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(target);
        var right = MemoryMarshal.Cast<double, Vector<double>>(x[..target.Length]);
        for (var i = 0; i < left.Length; i++) left[i] += factor * right[i];
        for (var t = left.Length * Vector<double>.Count; t < target.Length; t++) target[t] += factor * x[t];
    }

    /// <summary>(a, b) becomes (c a - s b, s a + c b).</summary>
    public static void Rotate(Span<double> a, Span<double> b, double c, double s)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector<double>>(b);
        for (var i = 0; i < left.Length; i++)
        {
            var (x, y) = (left[i], right[i]);
            left[i] = (c * x) - (s * y);
            right[i] = (s * x) + (c * y);
        }

        for (var t = left.Length * Vector<double>.Count; t < a.Length; t++)
        {
            var (x, y) = (a[t], b[t]);
            a[t] = (c * x) - (s * y);
            b[t] = (s * x) + (c * y);
        }
    }
}
