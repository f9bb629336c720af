namespace Forecast.Models.Innovations;

/// <summary>A symmetric distribution with mean 0 and variance 1.</summary>
/// <remarks>
/// A subclass gives its log-density, its upper tail and its upper partial mean U(z) = ∫_z^∞ x f(x) dx, each accurate relative
/// to itself far out in the tail; quantiles, lower-tail means and the CRPS follow here.
/// </remarks>
public abstract class SymmetricInnovation : Innovation
{
    private readonly Lazy<double> _halfMeanDifference;

    protected SymmetricInnovation() => _halfMeanDifference = new Lazy<double>(HalfMeanDifference);

    /// <summary>E|z|³; +∞ where it does not exist.</summary>
    public abstract double AbsoluteThirdMoment { get; }

    /// <summary>½ E|Z - Z'|.</summary>
    internal double HalfDifference => _halfMeanDifference.Value;

    /// <summary>P(Z &gt; z) for z ≥ 0, accurate relative to itself.</summary>
    protected internal abstract double UpperTail(double z);

    /// <summary>P(0 &lt; Z &lt; z) for z ≥ 0, accurate relative to itself.</summary>
    protected abstract double Central(double z);

    /// <summary>U(z) = ∫_z^∞ x f(x) dx for z ≥ 0.</summary>
    protected internal abstract double UpperPartialMean(double z);

    /// <summary>A point from which Newton's steps on the log tail probability converge to the upper quantile.</summary>
    protected abstract double TailStart(double tail);

    /// <inheritdoc/>
    public sealed override double Cdf(double z)
    {
        if (double.IsNaN(z)) return double.NaN;
        if (z < 0) return UpperTail(-z);
        var tail = UpperTail(z);
        return tail < 0.25 ? 1 - tail : 0.5 + Central(z);
    }

    /// <inheritdoc/>
    public sealed override double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        if (p == 0.5) return 0;
        return p < 0.5 ? -UpperQuantile(p) : UpperQuantile(1 - p);
    }

    /// <inheritdoc/>
    public sealed override double LowerTailMean(double alpha)
    {
        if (!(alpha > 0 && alpha <= 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A tail probability lies in (0, 1].");
        return alpha == 1 ? 0 : -UpperPartialMean(Math.Abs(Quantile(alpha))) / alpha;
    }

    /// <summary>E|Z - z| - ½ E|Z - Z'| with E|Z - z| = z (2F(z) - 1) + 2 U(z).</summary>
    public sealed override double Crps(double z)
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
