namespace Forecast.Models.Innovations;

/// <summary>
/// ln Γ and its derivatives from Stirling's series after moving the argument above 16 (Abramowitz and Stegun 6.1.40, 6.3.18,
/// 6.4.11), and the ratio Γ(x+½)/Γ(x), which two calls of ln Γ would lose to cancellation when x is large.
/// </summary>
public static class GammaFunctions
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double Threshold = 16;

    /// <summary>ln Γ(x) for x &gt; 0.</summary>
    public static double LogGamma(double x)
    {
        double product = 1;
        while (x < Threshold)
        {
            product *= x;
            x++;
        }

        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + Binet(x) - Math.Log(product);
    }

    /// <summary>ln [Γ(x+½) / Γ(x)] for x &gt; 0, accurate relative to itself for large x.</summary>
    public static double LogHalfStepRatio(double x)
    {
        double ratio = 1;
        while (x < Threshold)
        {
            ratio *= x / (x + 0.5);
            x++;
        }

        // x ln(1 + 1/2x) - 1/2 cancels for large x: sum its series -1/(8x) + 1/(24x²) - ...
        var u = 0.5 / x;
        double power = 0.5, sum = 0;
        for (var k = 2; k < 40; k++)
        {
            power *= -u;
            var term = power / k;
            sum += term;
            if (Math.Abs(term) < 1e-18) break;
        }

        return 0.5 * Math.Log(x) + sum + Binet(x + 0.5) - Binet(x) + Math.Log(ratio);
    }

    /// <summary>ψ(x) = d ln Γ/dx for x &gt; 0.</summary>
    public static double Digamma(double x)
    {
        double shift = 0;
        while (x < Threshold)
        {
            shift += 1 / x;
            x++;
        }

        var r = 1 / (x * x);
        var series = r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12))))));
        return Math.Log(x) - 0.5 / x - series - shift;
    }

    /// <summary>ψ'(x) for x &gt; 0.</summary>
    public static double Trigamma(double x)
    {
        double shift = 0;
        while (x < Threshold)
        {
            shift += 1 / (x * x);
            x++;
        }

        var r = 1 / (x * x);
        var series = r * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * (5.0 / 66 - r * (691.0 / 2730 - r * 7.0 / 6))))));
        return shift + 1 / x + 0.5 * r + series / x;
    }

    /// <summary>The correction of Stirling's formula, μ(x) = 1/(12x) - 1/(360x³) + ...</summary>
    private static double Binet(double x)
    {
        var r = 1 / (x * x);
        return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360 - r / 156)))))) / x;
    }
}
