namespace Forecast.Core.Distributions;

/// <summary>The standard normal law.</summary>
public sealed class NormalDistribution : IStandardDistribution
{
    private const double Sqrt2Pi = 2.50662827463100050242;

    public static NormalDistribution Standard { get; } = new();

    public string Name => "norm";

    /// <summary>phi(z) = exp(-z^2/2) / sqrt(2 pi).</summary>
    public static double Density(double z) => SpecialFunctions.ExpMinusHalfSquare(z) / Sqrt2Pi;

    /// <summary>Phi(z), by the complementary error function in the form that keeps relative accuracy in the lower tail.</summary>
    public static double Cdf(double z) => SpecialFunctions.NormalCdf(z);

    /// <summary>Phi^-1(p) for p in (0, 1): Wichura (1988), algorithm AS 241 (PPND16), relative accuracy about 1e-16.</summary>
    public static double Quantile(double p)
    {
        if (!(p > 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "a quantile level lies strictly between 0 and 1");
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - (q * q);
            return q * Ratio(r,
                [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
                [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3]);
        }

        var s = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        var x = s <= 5
            ? Ratio(s - 1.6,
                [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
                [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9])
            : Ratio(s - 5,
                [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
                [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15]);
        return q < 0 ? -x : x;
    }

    double IStandardDistribution.Cdf(double z) => Cdf(z);

    double IStandardDistribution.Quantile(double p) => Quantile(p);

    /// <summary>E[z | z at most its p-quantile] = -phi(Phi^-1(p)) / p.</summary>
    public double LowerTailMean(double p) => -Density(Quantile(p)) / p;

    /// <summary>z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi) (Gneiting and Raftery 2007, eq. 21).</summary>
    public double Crps(double z) => (z * ((2 * Cdf(z)) - 1)) + (2 * Density(z)) - (1 / Math.Sqrt(Math.PI));

    private static double Ratio(double r, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        double n = 0, d = 0;
        for (var i = numerator.Length - 1; i >= 0; i--) n = (n * r) + numerator[i];
        for (var i = denominator.Length - 1; i >= 0; i--) d = (d * r) + denominator[i];
        return n / d;
    }
}
