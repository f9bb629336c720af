using Forecast.Core.Distributions;
using MathNet.Numerics;

namespace Forecast.Models.Baselines;

/// <summary>
/// X = mean + scale T, T Student t with nu degrees of freedom, not re-standardised: it also exists for nu of 1 and 2, where
/// there is no variance. Scale 0 is the point mass.
/// </summary>
/// <param name="mean">Location.</param>
/// <param name="scale">Scale, not negative.</param>
/// <param name="freedom">nu, at least 1.</param>
public sealed class StudentMarginal(double mean, double scale, double freedom) : IMarginal
{
    public double Mean => mean;

    /// <summary>scale^2 nu / (nu - 2); NaN for nu of at most 2.</summary>
    public double Variance => scale == 0 ? 0 : freedom > 2 ? scale * scale * freedom / (freedom - 2) : double.NaN;

    public bool TryQuantile(double level, out double value)
    {
        value = scale == 0 ? mean : mean + (scale * Quantile(level));
        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        probability = scale == 0 ? (x >= mean ? 1 : 0) : Cdf((x - mean) / scale);
        return true;
    }

    /// <summary>E[T | T at most q] = -f(q) (nu + q^2) / ((nu - 1) alpha) (McNeil, Frey and Embrechts 2015, example 2.15); needs nu above 1.</summary>
    public bool TryExpectedShortfall(double alpha, out double value)
    {
        value = -mean;
        if (scale == 0)
            return true;
        if (freedom <= 1)
        {
            value = double.NaN;
            return false;
        }

        var q = Quantile(alpha);
        value = -mean + (scale * Density(q) * (freedom + (q * q)) / ((freedom - 1) * alpha));
        return true;
    }

    /// <summary>
    /// z (2 F(z) - 1) + 2 f(z) (nu + z^2) / (nu - 1) - 2 sqrt(nu) B(1/2, nu - 1/2) / ((nu - 1) B(1/2, nu/2)^2)
    /// (Jordan, Krueger and Lerch 2019, appendix A); needs nu above 1.
    /// </summary>
    public bool TryCrps(double actual, out double score)
    {
        score = Math.Abs(actual - mean);
        if (scale == 0)
            return true;
        if (freedom <= 1)
        {
            score = double.NaN;
            return false;
        }

        var z = (actual - mean) / scale;
        var beta = SpecialFunctions.Beta(0.5, freedom / 2);
        var spread = 2 * Math.Sqrt(freedom) * SpecialFunctions.Beta(0.5, freedom - 0.5) / ((freedom - 1) * beta * beta);
        score = scale * ((z * ((2 * Cdf(z)) - 1)) + (2 * Density(z) * (freedom + (z * z)) / (freedom - 1)) - spread);
        return true;
    }

    private double Density(double z) =>
        Math.Pow(1 + (z * z / freedom), -(freedom + 1) / 2) / (Math.Sqrt(freedom) * SpecialFunctions.Beta(0.5, freedom / 2));

    private double Cdf(double z)
    {
        var tail = 0.5 * SpecialFunctions.BetaRegularized(freedom / 2, 0.5, freedom / (freedom + (z * z)));
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>
    /// Newton's method for ln P(T &lt; -e^w) = ln p, which is concave and decreasing in w. It starts at the w of the Pareto bound
    /// P(T &lt; -z) &lt;= nu^((nu-1)/2) z^-nu / (sqrt(nu) B(1/2, nu/2)), to the right of the root, so it comes down monotonically.
    /// </summary>
    private double Quantile(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        if (level == 0.5)
            return 0;
        var tail = Math.Min(level, 1 - level);
        var w = (((0.5 * freedom) - 1) * Math.Log(freedom) - SpecialFunctions.BetaLn(0.5, freedom / 2) - Math.Log(tail)) / freedom;
        for (var i = 0; i < 100; i++)
        {
            var z = Math.Exp(w);
            var p = Cdf(-z);
            var step = Math.Log(p / tail) * p / (z * Density(z));
            w += step;
            if (Math.Abs(step) < 1e-14 * Math.Max(1, Math.Abs(w)))
                break;
        }

        return level < 0.5 ? -Math.Exp(w) : Math.Exp(w);
    }
}
