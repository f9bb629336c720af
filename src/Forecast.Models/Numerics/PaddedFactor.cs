using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Numerics;

/// <summary>
/// Cholesky factors A = R'R of small matrices whose rows are padded to whole vectors, so that every inner loop runs along a row.
/// <see cref="SymmetricMatrix"/> is the plain version that a test holds it against.
/// </summary>
internal static class PaddedFactor
{
    private const int Lanes = 4;
    private const int OnStack = 64;

    /// <summary>Entries of a row for n columns: the next multiple of four.</summary>
    public static int Stride(int n) => (n + Lanes - 1) / Lanes * Lanes;

    /// <summary>Replaces the upper triangle of <paramref name="a"/> by R, but its diagonal by 1 / R_ii; what lies left of it is lost.</summary>
    /// <param name="a">Symmetric, n rows of <see cref="Stride"/> entries, of which the upper triangle is read; the padding is finite.</param>
    /// <param name="n">Order.</param>
    /// <returns>False when a pivot is not positive (relative to its diagonal entry, 1e-14) or not finite.</returns>
    public static bool TryFactor(Span<double> a, int n)
    {
        var stride = Stride(n);
        Span<double> least = n <= OnStack ? stackalloc double[OnStack] : new double[n];
        for (var i = 0; i < n; i++) least[i] = 1e-14 * a[(i * stride) + i];
        for (var k = 0; k < n; k++)
        {
            var row = a.Slice(k * stride, stride);
            var pivot = row[k];
            if (!(pivot > least[k]) || !double.IsFinite(pivot)) return false;
            var inverse = 1 / Math.Sqrt(pivot);
            var wide = MemoryMarshal.Cast<double, Vector256<double>>(row);
            var factor = Vector256.Create(inverse);
            for (var v = (k + 1) / Lanes; v < wide.Length; v++) wide[v] *= factor;
            row[k] = inverse;
            for (var i = k + 1; i < n; i++)
            {
                var below = MemoryMarshal.Cast<double, Vector256<double>>(a.Slice(i * stride, stride));
                var multiple = Vector256.Create(-row[i]);
                for (var v = i / Lanes; v < below.Length; v++) below[v] = Vector256.FusedMultiplyAdd(multiple, wide[v], below[v]);
            }
        }

        return true;
    }

    /// <summary>Solves A x = b, given the factor of A.</summary>
    /// <param name="factor">What <see cref="TryFactor"/> left.</param>
    /// <param name="n">Order.</param>
    /// <param name="b">At least <see cref="Stride"/> finite entries; lost.</param>
    /// <param name="x">Receives n entries.</param>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> b, Span<double> x)
    {
        var stride = Stride(n);
        var right = MemoryMarshal.Cast<double, Vector256<double>>(b[..stride]);
        for (var k = 0; k < n; k++)
        {
            var row = factor.Slice(k * stride, stride);
            var wide = MemoryMarshal.Cast<double, Vector256<double>>(row);
            x[k] = b[k] * row[k];
            var multiple = Vector256.Create(-x[k]);
            for (var v = (k + 1) / Lanes; v < wide.Length; v++) right[v] = Vector256.FusedMultiplyAdd(multiple, wide[v], right[v]);
        }

        for (var k = n - 1; k >= 0; k--)
        {
            var row = factor.Slice(k * stride, n);
            var sum = x[k];
            for (var i = k + 1; i < n; i++) sum -= row[i] * x[i];
            x[k] = sum * row[k];
        }
    }
}
