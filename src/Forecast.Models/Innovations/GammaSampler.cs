using Forecast.Core.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>Gamma draws by Marsaglia and Tsang (2000).</summary>
internal static class GammaSampler
{
    /// <summary>
    /// Logarithm of one draw from the gamma distribution with the given exponent and scale 1. Exponents below 1 use
    /// G(a) = G(a+1) U^(1/a); the logarithm keeps tiny draws from underflowing.
    /// </summary>
    public static double LogDraw(double exponent, RandomSource random)
    {
        double boost = 0;
        var a = exponent;
        if (a < 1)
        {
            boost = Math.Log(random.NextDouble()) / a;
            a++;
        }

        var d = a - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(random.NextDouble()) < 0.5 * x * x + d * (1 - v + Math.Log(v))) return Math.Log(d * v) + boost;
        }
    }
}
