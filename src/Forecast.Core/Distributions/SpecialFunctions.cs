namespace Forecast.Core.Distributions;

/// <summary>The one special function that Core itself needs; Models takes the others from MathNet.Numerics.</summary>
internal static class SpecialFunctions
{
    /// <summary>
    /// erfc(x): a Maclaurin series of erf below 2 and the Laplace continued fraction above, summed to rounding
    /// (Abramowitz and Stegun 7.1.5, 7.1.14), so that tails keep their relative accuracy.
    /// </summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x < 0) return 2 - Erfc(-x);
        if (x > 27.3) return 0;
        return x < 2 ? 1 - Erf(x) : UpperTail(x);
    }

    private static double Erf(double x)
    {
        // erf(x) = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!: all terms positive, no cancellation.
        double term = x, sum = x;
        for (var n = 1; n < 200; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
            if (term < 1e-18 * sum) break;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double UpperTail(double x)
    {
        // exp(-x^2)/sqrt(pi) * 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), evaluated backwards.
        var fraction = x;
        for (var k = 120; k >= 1; k--) fraction = x + (0.5 * k / fraction);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
