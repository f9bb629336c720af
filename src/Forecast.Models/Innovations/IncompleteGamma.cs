namespace Forecast.Models.Innovations;

/// <summary>
/// Regularised incomplete gamma functions: the power series of P below x = a + 1 (DLMF 8.7.1) and the continued fraction of Q
/// above (DLMF 8.9.2, by Lentz's method), so that the smaller of the two keeps its relative accuracy in both tails.
/// </summary>
public static class IncompleteGamma
{
    /// <summary>P(a, x) = γ(a, x)/Γ(a), for a &gt; 0 and x ≥ 0.</summary>
    public static double Lower(double a, double x) => x <= 0 ? 0 : x < a + 1 ? Series(a, x) : 1 - Fraction(a, x);

    /// <summary>Q(a, x) = Γ(a, x)/Γ(a), for a &gt; 0 and x ≥ 0.</summary>
    public static double Upper(double a, double x) => x <= 0 ? 1 : x < a + 1 ? 1 - Series(a, x) : Fraction(a, x);

    private static double Prefactor(double a, double x) => Math.Exp(a * Math.Log(x) - x - GammaFunctions.LogGamma(a));

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (var n = 1; n < 10_000 && term > 1e-17 * sum; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return Prefactor(a, x) * sum;
    }

    private static double Fraction(double a, double x)
    {
        const double Tiny = 1e-300;
        if (double.IsPositiveInfinity(x)) return 0;
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var f = d;
        for (var n = 1; n < 10_000; n++)
        {
            var coefficient = -n * (n - a);
            b += 2;
            d = coefficient * d + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + coefficient / c;
            if (Math.Abs(c) < Tiny) c = Tiny;
            var factor = c * d;
            f *= factor;
            if (Math.Abs(factor - 1) < 2e-16) break;
        }

        return Prefactor(a, x) * f;
    }
}
