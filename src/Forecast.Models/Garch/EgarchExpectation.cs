namespace Forecast.Models.Garch;

/// <summary>
/// E h_{T+k} of EGARCH. ln h_{T+k} is a constant plus Σ_{j&lt;k} (A|z_{T+j}| + B z_{T+j}) with independent z, so its exponential has
/// the mean exp(constant) Π E exp(A|z| + Bz); A and B are the news coefficients weighed by the response of ln h to a shock.
/// </summary>
internal static class EgarchExpectation
{
    /// <summary>Variances of steps 1..horizon; NaN where the mean does not exist, as beyond the first step with Student's t.</summary>
    /// <param name="specification">Orders.</param>
    /// <param name="theta">Parameters.</param>
    /// <param name="logarithm">ln h of each step when all future z are 0.</param>
    /// <param name="law">The law of z.</param>
    public static double[] Variances(GarchSpecification specification, double[] theta, double[] logarithm, FutureLaw law)
    {
        var horizon = logarithm.Length;
        var response = new double[horizon];
        for (var n = 0; n < horizon; n++)
        {
            response[n] = n == 0 ? 1 : 0;
            for (var j = 1; j <= Math.Min(n, specification.GarchOrder); j++) response[n] += theta[specification.BetaIndex + j - 1] * response[n - j];
        }

        // The factor of the shock n steps back is the same for every step.
        var moments = new double[horizon];
        for (var n = 1; n < horizon; n++)
        {
            double a = 0, b = 0;
            for (var i = 1; i <= Math.Min(n, specification.ArchOrder); i++)
            {
                a += theta[specification.AlphaIndex + i - 1] * response[n - i];
                b += theta[specification.GammaIndex + i - 1] * response[n - i];
            }

            moments[n] = Math.Log(law.ExponentialMoment(a, b));
        }

        var variances = new double[horizon];
        var factors = 0.0;
        for (var k = 0; k < horizon; k++)
        {
            factors += moments[k];
            var h = Math.Exp(logarithm[k] + factors);
            variances[k] = double.IsPositiveInfinity(factors) ? double.NaN : h;
        }

        return variances;
    }
}
