namespace Forecast.Models.Numerics;

/// <summary>
/// Small dense symmetric positive definite systems by Cholesky factors A = L L'. Matrices are n x n, row by row.
/// For anything larger or indefinite MathNet.Numerics is the tool.
/// </summary>
public static class SymmetricMatrix
{
    /// <summary>Replaces the lower triangle of <paramref name="a"/> by L; the upper triangle is left as it was.</summary>
    /// <param name="a">Symmetric matrix, n * n entries, of which the lower triangle is read.</param>
    /// <param name="n">Order.</param>
    /// <returns>False when a pivot is not positive (relative to its diagonal entry, 1e-14) or not finite.</returns>
    public static bool TryFactor(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var pivot = a[(j * n) + j];
            var original = pivot;
            for (var k = 0; k < j; k++)
                pivot -= a[(j * n) + k] * a[(j * n) + k];
            if (!(pivot > 1e-14 * original) || !double.IsFinite(pivot))
                return false;
            var root = Math.Sqrt(pivot);
            a[(j * n) + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                    sum -= a[(i * n) + k] * a[(j * n) + k];
                a[(i * n) + j] = sum / root;
            }
        }

        return true;
    }

    /// <summary>Solves L z = b in place (the first half of a solution, and whitening).</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> b)
    {
        for (var i = 0; i < n; i++)
        {
            var sum = b[i];
            for (var k = 0; k < i; k++)
                sum -= factor[(i * n) + k] * b[k];
            b[i] = sum / factor[(i * n) + i];
        }
    }

    /// <summary>Solves A x = b in place, given the factor of A.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> b)
    {
        SolveLower(factor, n, b);
        for (var i = n - 1; i >= 0; i--)
        {
            var sum = b[i];
            for (var k = i + 1; k < n; k++)
                sum -= factor[(k * n) + i] * b[k];
            b[i] = sum / factor[(i * n) + i];
        }
    }

    /// <summary>ln det A = 2 sum ln L_ii, given the factor of A.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++)
            sum += Math.Log(factor[(i * n) + i]);
        return 2 * sum;
    }

    /// <summary>The inverse of a positive definite matrix; its diagonal is scaled to one first, so units do not matter.</summary>
    /// <param name="a">Symmetric matrix, n * n entries; not changed.</param>
    /// <param name="n">Order.</param>
    /// <param name="inverse">The inverse, or an empty array.</param>
    /// <returns>False when the matrix is not positive definite to working precision.</returns>
    public static bool TryInvert(ReadOnlySpan<double> a, int n, out double[] inverse)
    {
        inverse = [];
        var scale = new double[n];
        for (var i = 0; i < n; i++)
        {
            var diagonal = a[(i * n) + i];
            if (!(diagonal > 0) || !double.IsFinite(diagonal))
                return false;
            scale[i] = 1 / Math.Sqrt(diagonal);
        }

        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                factor[(i * n) + j] = a[(i * n) + j] * scale[i] * scale[j];
        }

        if (!TryFactor(factor, n))
            return false;
        inverse = new double[n * n];
        var column = new double[n];
        for (var j = 0; j < n; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            Solve(factor, n, column);
            for (var i = 0; i < n; i++)
                inverse[(i * n) + j] = column[i] * scale[i] * scale[j];
        }

        return true;
    }
}
