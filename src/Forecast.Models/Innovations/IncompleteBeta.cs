namespace Forecast.Models.Innovations;

/// <summary>The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method.</summary>
public static class IncompleteBeta
{
    /// <summary>I_x(a, b), accurate relative to itself where it is small.</summary>
    /// <param name="a">First parameter, positive.</param>
    /// <param name="b">Second parameter, positive.</param>
    /// <param name="x">Argument in [0, 1].</param>
    /// <param name="oneMinusX">1 - x, passed apart so that neither end loses digits.</param>
    /// <param name="logBeta">ln B(a, b), which the caller often knows more accurately than three log gammas would give it.</param>
    public static double Regularized(double a, double b, double x, double oneMinusX, double logBeta)
    {
        if (x <= 0) return 0;
        if (oneMinusX <= 0) return 1;
        return x < (a + 1) / (a + b + 2)
            ? Fraction(a, b, x, oneMinusX, logBeta)
            : 1 - Fraction(b, a, oneMinusX, x, logBeta);
    }

    private static double Fraction(double a, double b, double x, double oneMinusX, double logBeta)
    {
        const double Tiny = 1e-300;
        double c = 1;
        var d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        var f = d;
        for (var m = 1; m < 5000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            Advance(even, ref c, ref d);
            f *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            Advance(odd, ref c, ref d);
            var factor = c * d;
            f *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }

        // ln x near 1 from 1 - x, so that x^a keeps its digits when a is large.
        var logX = oneMinusX < 0.1 ? LogOneMinus(oneMinusX) : Math.Log(x);
        var logY = x < 0.1 ? LogOneMinus(x) : Math.Log(oneMinusX);
        return Math.Exp(a * logX + b * logY - logBeta) / a * f;
    }

    private static void Advance(double coefficient, ref double c, ref double d)
    {
        const double Tiny = 1e-300;
        d = 1 + coefficient * d;
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        c = 1 + coefficient / c;
        if (Math.Abs(c) < Tiny) c = Tiny;
    }

    /// <summary>ln(1 - y) for 0 ≤ y &lt; 0.1 by its series.</summary>
    private static double LogOneMinus(double y)
    {
        double power = y, sum = y;
        for (var k = 2; k < 30 && power > 1e-18 * sum; k++)
        {
            power *= y;
            sum += power / k;
        }

        return -sum;
    }
}
