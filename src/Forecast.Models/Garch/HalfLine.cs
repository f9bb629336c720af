namespace Forecast.Models.Garch;

/// <summary>
/// ∫_0^∞ f(x) dx by the double-exponential rule x = exp(½π sinh t) (Takahasi and Mori 1974), which takes power and exponential
/// tails and a power of x at 0 alike.
/// </summary>
internal static class HalfLine
{
    private const double Step = 1.0 / 64;
    private const int Reach = 64 * 4;

    public static double Integrate(Func<double, double> f)
    {
        double sum = 0;
        for (var i = -Reach; i <= Reach; i++)
        {
            var t = i * Step;
            var x = Math.Exp(0.5 * Math.PI * Math.Sinh(t));
            var value = f(x);
            if (value != 0) sum += value * x * Math.Cosh(t);
        }

        return 0.5 * Math.PI * Step * sum;
    }
}
