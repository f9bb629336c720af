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
        return NormalQuantile.Of(p);
    }

    double IStandardDistribution.Cdf(double z) => Cdf(z);

    double IStandardDistribution.Quantile(double p) => Quantile(p);

    /// <summary>E[z | z at most its p-quantile] = -phi(Phi^-1(p)) / p.</summary>
    public double LowerTailMean(double p) => -Density(Quantile(p)) / p;

    /// <summary>z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi) (Gneiting and Raftery 2007, eq. 21).</summary>
    public double Crps(double z) => (z * ((2 * Cdf(z)) - 1)) + (2 * Density(z)) - (1 / Math.Sqrt(Math.PI));
}
