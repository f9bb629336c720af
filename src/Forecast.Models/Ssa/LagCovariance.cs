namespace Forecast.Models.Ssa;

/// <summary>
/// C = X X' of the trajectory matrix X (L x K, X_(ij) = y_(i+j), K = n - L + 1): the sums of products that singular spectrum
/// analysis decomposes.
/// </summary>
internal static class LagCovariance
{
    /// <summary>
    /// C by its first row and C_(i+1,j+1) = C_(ij) - y_i y_j + y_(i+K) y_(j+K): L K + L^2 products instead of L^2 K / 2.
    /// </summary>
    /// <returns>L x L, row by row.</returns>
    public static double[] Of(ReadOnlySpan<double> y, int window)
    {
        var k = y.Length - window + 1;
        var c = new double[window * window];
        for (var j = 0; j < window; j++) c[j] = c[j * window] = VectorMath.Dot(y[..k], y.Slice(j, k));
        for (var i = 1; i < window; i++)
        {
            for (var j = i; j < window; j++)
            {
                var value = c[((i - 1) * window) + j - 1] - (y[i - 1] * y[j - 1]) + (y[i - 1 + k] * y[j - 1 + k]);
                c[(i * window) + j] = c[(j * window) + i] = value;
            }
        }

        return c;
    }

    /// <summary>The same as it is defined, entry by entry: the reference that <see cref="Of"/> is tested against.</summary>
    public static double[] Plain(ReadOnlySpan<double> y, int window)
    {
        var k = y.Length - window + 1;
        var c = new double[window * window];
        for (var i = 0; i < window; i++)
        {
            for (var j = 0; j < window; j++)
            {
                for (var t = 0; t < k; t++) c[(i * window) + j] += y[i + t] * y[j + t];
            }
        }

        return c;
    }
}
