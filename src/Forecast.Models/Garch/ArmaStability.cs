namespace Forecast.Models.Garch;

/// <summary>
/// Stationary autoregressive polynomials as partial autocorrelations in (-1, 1), by the Durbin-Levinson recursion
/// (Barndorff-Nielsen and Schou 1973; Monahan 1984): φ^(k)_j = φ^(k-1)_j - r_k φ^(k-1)_{k-j}, φ^(k)_k = r_k.
/// Invertible moving averages are the same with the sign of the coefficients changed.
/// </summary>
public static class ArmaStability
{
    /// <summary>Coefficients of the partial autocorrelations r, with the Jacobian dφ_i/dr_j by rows.</summary>
    public static void ToCoefficients(ReadOnlySpan<double> r, Span<double> phi, Span<double> jacobian)
    {
        var p = r.Length;
        phi.Clear();
        jacobian.Clear();
        var old = new double[p];
        var oldJacobian = new double[p * p];
        for (var k = 0; k < p; k++)
        {
            phi.CopyTo(old);
            jacobian.CopyTo(oldJacobian);
            for (var j = 0; j < k; j++)
            {
                var mirror = k - 1 - j;
                phi[j] = old[j] - r[k] * old[mirror];
                for (var c = 0; c < k; c++) jacobian[j * p + c] = oldJacobian[j * p + c] - r[k] * oldJacobian[mirror * p + c];
                jacobian[j * p + k] = -old[mirror];
            }

            phi[k] = r[k];
            jacobian[k * p + k] = 1;
        }
    }

    /// <summary>Partial autocorrelations of the coefficients; false (r undefined) when the polynomial is not stationary.</summary>
    public static bool TryToPartial(ReadOnlySpan<double> phi, Span<double> r)
    {
        var work = phi.ToArray();
        for (var k = phi.Length - 1; k >= 0; k--)
        {
            r[k] = work[k];
            if (!(Math.Abs(r[k]) < 1)) return false;
            var scale = 1 / (1 - r[k] * r[k]);
            var next = new double[k];
            for (var j = 0; j < k; j++) next[j] = (work[j] + r[k] * work[k - 1 - j]) * scale;
            work = next;
        }

        return true;
    }
}
