using Forecast.Core.Distributions;

namespace Forecast.Backtest.Metrics;

/// <summary>
/// Shapiro and Wilk's (1965) test that values come from a normal law: W, the squared correlation of the ordered values with weights made
/// from normal scores, and its probability, in the approximation of Royston (1995, Applied Statistics 44, algorithm AS R94) for 3 to
/// 5,000 values, as R's <c>shapiro.test</c>.
/// </summary>
public static class ShapiroWilk
{
    public const int Fewest = 3;

    public const int Most = 5000;

    /// <summary>W and the probability of a smaller one; NaN for a constant.</summary>
    /// <param name="x">3 to 5,000 finite values, in any order.</param>
    /// <exception cref="ArgumentException">Too few or too many values.</exception>
    public static TestOutcome Of(ReadOnlySpan<double> x)
    {
        if (x.Length is < Fewest or > Most) throw new ArgumentException($"{x.Length} values; the test takes {Fewest} to {Most}", nameof(x));
        var sorted = x.ToArray();
        Array.Sort(sorted);
        var mean = sorted.Average();
        var squares = sorted.Sum(v => (v - mean) * (v - mean));
        if (!(sorted[^1] > sorted[0])) return new TestOutcome(double.NaN, double.NaN, x.Length);
        var weights = Weights(x.Length);
        double sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] * (sorted[^(i + 1)] - sorted[i]);
        var w = Math.Min(1, sum * sum / squares);
        return new TestOutcome(w, Probability(w, x.Length), x.Length);
    }

    /// <summary>Weights of the spreads x_(n+1-i) - x_(i), i = 1 .. n/2.</summary>
    private static double[] Weights(int n)
    {
        if (n == 3) return [Math.Sqrt(0.5)];
        var scores = new double[n / 2];
        for (var i = 0; i < scores.Length; i++) scores[i] = -NormalDistribution.Quantile((i + 1 - 0.375) / (n + 0.25));
        var total = 2 * scores.Sum(s => s * s);
        var (root, small) = (Math.Sqrt(total), 1 / Math.Sqrt(n));
        var given = n > 5 ? 2 : 1;
        var weights = new double[scores.Length];
        weights[0] = (scores[0] / root) + Polynomial(small, 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056);
        if (given == 2) weights[1] = (scores[1] / root) + Polynomial(small, 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633);
        double left = total, room = 1;
        for (var i = 0; i < given; i++)
        {
            left -= 2 * scores[i] * scores[i];
            room -= 2 * weights[i] * weights[i];
        }

        for (var i = given; i < weights.Length; i++) weights[i] = scores[i] / Math.Sqrt(left / room);
        return weights;
    }

    private static double Probability(double w, int n)
    {
        if (n == 3) return Math.Max(0, 6 / Math.PI * (Math.Asin(Math.Sqrt(w)) - Math.Asin(Math.Sqrt(0.75))));
        var (y, logN) = (Math.Log(1 - w), Math.Log(n));
        double mean, sd;
        if (n <= 11)
        {
            var limit = -2.273 + (0.459 * n);
            if (y >= limit) return 0;
            y = -Math.Log(limit - y);
            mean = Polynomial(n, 0.544, -0.39978, 0.025054, -6.714e-4);
            sd = Math.Exp(Polynomial(n, 1.3822, -0.77857, 0.062767, -0.0020322));
        }
        else
        {
            mean = Polynomial(logN, -1.5861, -0.31082, -0.083751, 0.0038915);
            sd = Math.Exp(Polynomial(logN, -0.4803, -0.082676, 0.0030302));
        }

        return NormalDistribution.Cdf((mean - y) / sd);
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        double value = 0;
        for (var i = coefficients.Length - 1; i >= 0; i--) value = (value * x) + coefficients[i];
        return value;
    }
}
