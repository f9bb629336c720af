using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>
/// A symmetric distribution with mean 0 and variance 1: what is left of a return once its mean and volatility are taken out.
/// </summary>
/// <remarks>
/// A subclass gives its log-density, its upper tail and its upper partial mean U(z) = ∫_z^∞ x f(x) dx, each accurate relative
/// to itself far out in the tail; quantiles, lower-tail means and the CRPS follow here. Instances are immutable.
/// </remarks>
public abstract class Innovation : IStandardDistribution
{
    private readonly Lazy<double> _halfMeanDifference;

    protected Innovation() => _halfMeanDifference = new Lazy<double>(HalfMeanDifference);

    /// <summary>The family.</summary>
    public abstract InnovationKind Kind { get; }

    /// <summary><c>norm</c>, <c>std(4.1)</c>, <c>ged(1.3)</c>.</summary>
    public string Name => Kind.HasShape() ? $"{Kind.ShortName()}({Shape:G4})" : Kind.ShortName();

    /// <summary>Degrees of freedom or exponent; NaN for the normal.</summary>
    public abstract double Shape { get; }

    /// <summary>E|z|.</summary>
    public abstract double AbsoluteMean { get; }

    /// <summary>Fourth moment E z⁴ (3 for the normal); +∞ where it does not exist.</summary>
    public abstract double FourthMoment { get; }

    /// <summary>ln f(z).</summary>
    public abstract double LogDensity(double z);

    /// <summary>ln f(z) with its first and second derivatives in z and in the shape.</summary>
    public abstract InnovationDerivatives Differentiate(double z);

    /// <summary>P(Z &gt; z) for z ≥ 0, accurate relative to itself.</summary>
    protected abstract double UpperTail(double z);

    /// <summary>P(0 &lt; Z &lt; z) for z ≥ 0, accurate relative to itself.</summary>
    protected abstract double Central(double z);

    /// <summary>U(z) = ∫_z^∞ x f(x) dx for z ≥ 0.</summary>
    protected abstract double UpperPartialMean(double z);

    /// <summary>A point from which Newton's steps on the log tail probability converge to the upper quantile.</summary>
    protected abstract double TailStart(double tail);

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
    public double Cdf(double z)
    {
        if (double.IsNaN(z)) return double.NaN;
        if (z < 0) return UpperTail(-z);
        var tail = UpperTail(z);
        return tail < 0.25 ? 1 - tail : 0.5 + Central(z);
    }

    /// <summary>The p-quantile, accurate to about 1e-13 relative, tails included.</summary>
    /// <param name="p">Probability in [0, 1]; 0 and 1 give infinities.</param>
    /// <exception cref="ArgumentOutOfRangeException">p outside [0, 1] or NaN.</exception>
    public double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        if (p == 0.5) return 0;
        return p < 0.5 ? -UpperQuantile(p) : UpperQuantile(1 - p);
    }

    /// <summary>E[Z | Z ≤ q_α], the mean of the lower tail of probability α (negative of the expected shortfall of a unit loss).</summary>
    /// <param name="alpha">Tail probability in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha outside (0, 1] or NaN.</exception>
    public double LowerTailMean(double alpha)
    {
        if (!(alpha > 0 && alpha <= 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A tail probability lies in (0, 1].");
        return alpha == 1 ? 0 : -UpperPartialMean(Math.Abs(Quantile(alpha))) / alpha;
    }

    /// <summary>
    /// Continuous ranked probability score of the observation z: E|Z - z| - ½ E|Z - Z'|
    /// (Gneiting and Raftery 2007, eq. 21), with E|Z - z| = z (2F(z) - 1) + 2 U(z).
    /// </summary>
    public double Crps(double z)
    {
        var a = Math.Abs(z);
        return a * (1 - 2 * UpperTail(a)) + 2 * UpperPartialMean(a) - _halfMeanDifference.Value;
    }

    /// <summary>½ E|Z - Z'| = 2 ∫_0^∞ F (1 - F): closed form where there is one, otherwise exact numerical integration.</summary>
    protected abstract double HalfMeanDifference();

    /// <summary>The double-exponential rule for 2 ∫_0^∞ F(x)(1 - F(x)) dx (Takahasi and Mori 1974), accurate to about 1e-14.</summary>
    protected double IntegrateHalfMeanDifference()
    {
        const double Step = 1.0 / 64;
        const int Reach = 64 * 5;
        double sum = 0;
        for (var i = -Reach; i <= Reach; i++)
        {
            var t = i * Step;
            var x = Math.Exp(t - Math.Exp(-t));
            var weight = x * (1 + Math.Exp(-t));
            var tail = UpperTail(x);
            sum += weight * tail * (1 - tail);
        }

        return 2 * Step * sum;
    }

    /// <summary>
    /// Solves P(Z &gt; z) = tail. Near the centre by Newton on P(0 &lt; Z &lt; z), which is concave, from 0; in the tail by Newton on the
    /// log tail as a function of ln z, which is concave and falling, so that both approach the root from one side.
    /// </summary>
    private double UpperQuantile(double tail)
    {
        var central = tail > 0.3;
        var z = central ? (0.5 - tail) / Density(0) : TailStart(tail);
        var last = double.PositiveInfinity;
        for (var i = 0; i < 200; i++)
        {
            double next;
            if (central)
            {
                next = z + (0.5 - tail - Central(z)) / Density(z);
            }
            else
            {
                var upper = UpperTail(z);
                var slope = z * Density(z) / upper;
                next = z * Math.Exp(Math.Clamp(Math.Log(upper / tail) / slope, -2, 2));
            }

            // Steps shrink quadratically until rounding of the distribution function stops them.
            var step = Math.Abs(next - z);
            if (step <= 4e-16 * z || (step < 1e-11 * z && step >= last)) return next;
            last = step;
            z = next;
        }

        throw new InvalidOperationException($"The quantile of {Kind} (shape {Shape}) at tail probability {tail} did not converge.");
    }
}
