using Forecast.Core;

namespace Forecast.Models.Transforms;

/// <summary>
/// The Box-Cox family (Box and Cox 1964): w = ln y for lambda = 0, else (sign(y)|y|^lambda - 1) / lambda (Bickel and Doksum 1981
/// for negative y, which needs lambda above 0).
/// </summary>
public static class BoxCox
{
    private const double LowestLambda = -1;
    private const double HighestLambda = 2;

    public static double Forward(double y, double lambda) => lambda == 0
        ? Math.Log(y)
        : ((Math.Sign(y) * Math.Pow(Math.Abs(y), lambda)) - 1) / lambda;

    /// <summary>The y of a w; NaN where no y has that transform (lambda below 0 and w at or above -1/lambda).</summary>
    public static double Inverse(double w, double lambda)
    {
        if (lambda == 0) return Math.Exp(w);
        var power = (lambda * w) + 1;
        if (lambda < 0 && power <= 0) return double.NaN;
        return Math.Sign(power) * Math.Pow(Math.Abs(power), 1 / lambda);
    }

    /// <exception cref="ForecastException">A value that the transform does not take; names series and row.</exception>
    public static double[] Forward(ReadOnlySpan<double> y, double lambda, string series)
    {
        var w = new double[y.Length];
        for (var t = 0; t < y.Length; t++)
        {
            if (lambda <= 0 && y[t] <= 0)
                throw new ForecastException("transform-not-positive", $"series '{series}' row {t}: {y[t]} has no {(lambda == 0 ? "logarithm" : $"Box-Cox transform with lambda {lambda}")}; values must be above 0", "transform", series, t);
            w[t] = Forward(y[t], lambda);
        }

        return w;
    }

    /// <summary>
    /// The lambda that makes the spread within a season least dependent on its level: the least coefficient of variation over
    /// seasons of sd / mean^(1 - lambda) (Guerrero 1993), searched between -1 and 2 (0 and 2 if a value is not positive).
    /// </summary>
    /// <exception cref="ForecastException">Fewer than two whole seasons, or no spread to judge by.</exception>
    public static double Guerrero(ReadOnlySpan<double> y, int seasonalPeriod, string series)
    {
        var length = Math.Max(2, seasonalPeriod);
        var seasons = y.Length / length;
        var means = new List<double>();
        var spreads = new List<double>();
        var tail = y[(y.Length - (seasons * length))..];
        for (var s = 0; s < seasons; s++)
        {
            var (mean, sd) = MeanAndSd(tail.Slice(s * length, length));
            if (double.IsNaN(sd)) continue;
            means.Add(mean);
            spreads.Add(sd);
        }

        if (means.Count < 2 || spreads.TrueForAll(s => s == 0) || means.Exists(m => m <= 0))
            throw new ForecastException("box-cox-auto", $"series '{series}': Box-Cox lambda cannot be chosen from {y.Length} rows; it needs two seasons of {length} with positive means and some spread", "box_cox", series);
        var low = y.IndexOfAnyInRange(double.NegativeInfinity, 0) >= 0 ? 0 : LowestLambda;
        return Minimize(Variation, low, HighestLambda);

        double Variation(double lambda)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < means.Count; i++)
            {
                var ratio = spreads[i] / Math.Pow(means[i], 1 - lambda);
                sum += ratio;
                squares += ratio * ratio;
            }

            var mean = sum / means.Count;
            return Math.Sqrt(Math.Max(0, squares - (means.Count * mean * mean)) / (means.Count - 1)) / mean;
        }
    }

    private static (double Mean, double Sd) MeanAndSd(ReadOnlySpan<double> season)
    {
        double sum = 0;
        var n = 0;
        foreach (var v in season)
        {
            if (double.IsNaN(v)) continue;
            sum += v;
            n++;
        }

        var mean = sum / n;
        double squares = 0;
        foreach (var v in season)
        {
            if (!double.IsNaN(v)) squares += (v - mean) * (v - mean);
        }

        return (mean, n < 2 ? double.NaN : Math.Sqrt(squares / (n - 1)));
    }

    /// <summary>A grid against local minima, then golden section around its best point.</summary>
    private static double Minimize(Func<double, double> f, double low, double high)
    {
        const int cells = 60;
        var best = 0;
        for (var i = 1; i <= cells; i++)
        {
            if (f(low + ((high - low) * i / cells)) < f(low + ((high - low) * best / cells))) best = i;
        }

        var width = (high - low) / cells;
        var (a, b) = (Math.Max(low, low + ((best - 1) * width)), Math.Min(high, low + ((best + 1) * width)));
        var golden = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 60; i++)
        {
            var (left, right) = (b - (golden * (b - a)), a + (golden * (b - a)));
            if (f(left) < f(right)) b = right;
            else a = left;
        }

        return 0.5 * (a + b);
    }
}
