using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>
/// A distribution with mean 0 and variance 1: what is left of a return once its mean and volatility are taken out. Instances are
/// immutable.
/// </summary>
public abstract class Innovation : IStandardDistribution
{
    /// <summary>The family.</summary>
    public abstract InnovationKind Kind { get; }

    /// <summary><c>norm</c>, <c>std(4.1)</c>, <c>ged(1.3)</c>, <c>sstd(0.97, 8.1)</c>.</summary>
    public string Name =>
        Kind.HasSkew() ? $"{Kind.ShortName()}({Skew:G4}, {Shape:G4})" : Kind.HasShape() ? $"{Kind.ShortName()}({Shape:G4})" : Kind.ShortName();

    /// <summary>Degrees of freedom or exponent; NaN for the normal.</summary>
    public abstract double Shape { get; }

    /// <summary>Skewness parameter ξ; 1 for a symmetric law.</summary>
    public virtual double Skew => 1;

    /// <inheritdoc/>
    public virtual bool HasExponentialMoments => true;

    /// <summary>E|z|.</summary>
    public abstract double AbsoluteMean { get; }

    /// <summary>Fourth moment E z⁴ (3 for the normal); +∞ where it does not exist.</summary>
    public abstract double FourthMoment { get; }

    /// <summary>ln f(z).</summary>
    public abstract double LogDensity(double z);

    /// <summary>ln f(z) with its first and second derivatives in z, the skewness and the shape.</summary>
    public abstract InnovationDerivatives Differentiate(double z);

    /// <summary>E|z| with its first and second derivatives in the skewness and the shape.</summary>
    public abstract ShapeDerivatives DifferentiateAbsoluteMean();

    /// <summary>One draw.</summary>
    public abstract double Sample(RandomSource random);

    /// <summary>Fills a span with what as many calls of <see cref="Sample"/> would give.</summary>
    public virtual void Fill(RandomSource random, Span<double> draws)
    {
        for (var i = 0; i < draws.Length; i++) draws[i] = Sample(random);
    }

    /// <summary>f(z).</summary>
    public double Density(double z) => Math.Exp(LogDensity(z));

    /// <summary>P(Z ≤ z).</summary>
    public abstract double Cdf(double z);

    /// <summary>The p-quantile, accurate to about 1e-13 relative, tails included.</summary>
    /// <param name="p">Probability in [0, 1]; 0 and 1 give infinities.</param>
    /// <exception cref="ArgumentOutOfRangeException">p outside [0, 1] or NaN.</exception>
    public abstract double Quantile(double p);

    /// <summary>E[Z | Z ≤ q_α], the mean of the lower tail of probability α (negative of the expected shortfall of a unit loss).</summary>
    /// <param name="alpha">Tail probability in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha outside (0, 1] or NaN.</exception>
    public abstract double LowerTailMean(double alpha);

    /// <summary>
    /// Continuous ranked probability score of the observation z: E|Z - z| - ½ E|Z - Z'| (Gneiting and Raftery 2007, eq. 21).
    /// </summary>
    public abstract double Crps(double z);
}
