namespace Forecast.Models.Garch;

/// <summary>
/// <see cref="Arima.PartialAutocorrelation.ToCoefficients"/> with its Jacobian, as a Newton search in the partial
/// autocorrelations needs it: φ^(k)_j = φ^(k-1)_j - r_k φ^(k-1)_{k-j}, φ^(k)_k = r_k, differentiated along.
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
}
