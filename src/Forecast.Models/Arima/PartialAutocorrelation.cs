namespace Forecast.Models.Arima;

/// <summary>
/// The one-to-one map between stationary autoregressive coefficients a_1..a_p and partial autocorrelations r_1..r_p in
/// (-1, 1) (Barndorff-Nielsen and Schou 1973; Monahan 1984), by the Durbin-Levinson recursion. Jones (1980) takes
/// r = tanh(u), so that an unconstrained search over u never leaves the stationary region; applied to -b_1..-b_q it keeps
/// moving averages invertible.
/// </summary>
public static class PartialAutocorrelation
{
    /// <summary>a^(k)_j = a^(k-1)_j - r_k a^(k-1)_(k-j), a^(k)_k = r_k.</summary>
    /// <param name="partial">r_1..r_p.</param>
    /// <param name="coefficients">Receives a_1..a_p; may be the same memory.</param>
    public static void ToCoefficients(ReadOnlySpan<double> partial, Span<double> coefficients)
    {
        for (var k = 0; k < partial.Length; k++)
        {
            var r = partial[k];
            for (int i = 0, j = k - 1; i <= j; i++, j--)
            {
                var (ai, aj) = (coefficients[i], coefficients[j]);
                coefficients[i] = ai - (r * aj);
                coefficients[j] = aj - (r * ai);
            }

            coefficients[k] = r;
        }
    }

    /// <summary>The inverse: r_k = a^(k)_k, a^(k-1)_j = (a^(k)_j + r_k a^(k)_(k-j)) / (1 - r_k^2).</summary>
    /// <param name="coefficients">a_1..a_p.</param>
    /// <param name="partial">Receives r_1..r_p; may be the same memory.</param>
    /// <returns>False when the coefficients are not stationary; <paramref name="partial"/> is then unusable.</returns>
    public static bool TryFromCoefficients(ReadOnlySpan<double> coefficients, Span<double> partial)
    {
        coefficients.CopyTo(partial);
        for (var k = coefficients.Length - 1; k >= 0; k--)
        {
            var r = partial[k];
            var scale = 1 - (r * r);
            if (!(scale > 0))
                return false;
            for (int i = 0, j = k - 1; i <= j; i++, j--)
            {
                var (ai, aj) = (partial[i], partial[j]);
                partial[i] = (ai + (r * aj)) / scale;
                partial[j] = (aj + (r * ai)) / scale;
            }
        }

        return true;
    }
}
