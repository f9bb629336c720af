namespace Forecast.Core.Distributions;

/// <summary>The one special function that Core itself needs; Models has the others.</summary>
internal static class SpecialFunctions
{
    private const double Step = 0.5;

    /// <summary>exp(-(k h)^2), k = 1..13; the next term is below 1e-21.</summary>
    private static readonly double[] Weights = [.. Enumerable.Range(1, 13).Select(k => Math.Exp(-k * k * Step * Step))];

    /// <summary>
    /// erfc(x) with full relative accuracy in the upper tail. Near 0 it is 1 - erf(x) by a series of positive terms (Abramowitz and
    /// Stegun 7.1.6). From 1/2 on it is the trapezoidal sum of its Fourier-type integral with the pole's residue taken out (Matta
    /// and Reichel 1971), whose error at step 1/2 is exp(-(2 pi)^2) = 7e-18.
    /// </summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x < 0) return 2 - Erfc(-x);
        if (x > 27.3) return 0;
        return x < 0.5 ? 1 - Erf(x) : UpperTail(x, ExpMinusSquare(x));
    }

    /// <summary>Phi(z) = erfc(-z / sqrt 2) / 2, with exp(-z^2/2) taken from z itself: dividing by sqrt 2 first would cost the tail its last digits.</summary>
    public static double NormalCdf(double z)
    {
        var x = -z / Math.Sqrt(2);
        return x is >= 0.5 and <= 27.3 ? 0.5 * UpperTail(x, ExpMinusHalfSquare(z)) : 0.5 * Erfc(x);
    }

    /// <summary>exp(-z^2/2), the rounding error of the square made good.</summary>
    public static double ExpMinusHalfSquare(double z)
    {
        var square = z * z;
        var lost = Math.FusedMultiplyAdd(z, z, -square);
        return double.IsInfinity(square) ? 0 : Math.Exp(-0.5 * square) * (1 - (0.5 * lost));
    }

    /// <summary>exp(-x^2), the rounding error of the square made good: at x = 27 it alone would cost hundreds of units in the last place.</summary>
    private static double ExpMinusSquare(double x)
    {
        var square = x * x;
        var lost = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(-square) * (1 - lost);
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

        return 2 / Math.Sqrt(Math.PI) * ExpMinusSquare(x) * sum;
    }

    private static double UpperTail(double x, double expMinusSquare)
    {
        // 2 h x exp(-x^2) / pi (1 / (2 x^2) + sum exp(-(k h)^2) / (x^2 + (k h)^2)) - 2 / (exp(2 pi x / h) - 1)
        var square = x * x;
        double sum = 0;
        for (var k = Weights.Length; k >= 1; k--) sum += Weights[k - 1] / (square + (k * k * Step * Step));
        var trapezoid = 2 * Step * x * expMinusSquare / Math.PI * ((0.5 / square) + sum);

        // Above pi / h the pole lies outside the strip and leaves no residue.
        return x < Math.PI / Step ? trapezoid - (2 / (Math.Exp(2 * Math.PI * x / Step) - 1)) : trapezoid;
    }
}
