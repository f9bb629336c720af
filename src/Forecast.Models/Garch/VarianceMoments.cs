using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>Persistence and unconditional variance of each family, and the moments of z that they need.</summary>
public static class VarianceMoments
{
    /// <summary>
    /// What is left of a shock to the variance (its logarithm, its power) after one step: Σ alpha + Σ beta; GJR: with
    /// Σ gamma E[z² 1(z&lt;0)] added; APARCH: Σ alpha_i E(|z| - gamma_i z)^δ + Σ beta; EGARCH: Σ beta; IGARCH and FIGARCH: 1.
    /// </summary>
    public static double Persistence(GarchSpecification specification, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(specification);
        if (specification.Family is VarianceFamily.Igarch or VarianceFamily.Figarch) return 1;
        double sum = 0;
        foreach (var v in theta.Slice(specification.BetaIndex, specification.BetaCount)) sum += v;
        if (specification.Family == VarianceFamily.Egarch) return sum;
        var z = specification.CreateInnovation(theta);
        var negative = specification.Family == VarianceFamily.Gjr ? NegativeShare(z) : 0;
        for (var i = 0; i < specification.ArchOrder; i++)
        {
            var alpha = theta[specification.AlphaIndex + i];
            sum += specification.Family switch
            {
                VarianceFamily.Gjr => alpha + negative * theta[specification.GammaIndex + i],
                VarianceFamily.Aparch => alpha * PowerMoment(z, theta[specification.GammaIndex + i], theta[specification.DeltaIndex]),
                _ => alpha,
            };
        }

        return sum;
    }

    /// <summary>
    /// E h = omega / (1 - persistence) for GARCH and GJR; +∞ where the persistence is not below 1, and for FIGARCH and IGARCH. NaN
    /// for EGARCH and APARCH, whose recursion is not one of the variance.
    /// </summary>
    public static double Unconditional(GarchSpecification specification, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(specification);
        if (specification.Family is VarianceFamily.Egarch or VarianceFamily.Aparch) return double.NaN;
        var gap = 1 - Persistence(specification, theta);
        return gap > 0 ? theta[specification.OmegaIndex] / gap : double.PositiveInfinity;
    }

    /// <summary>E[z² 1(z &lt; 0)]: ½ for a symmetric law.</summary>
    public static double NegativeShare(Innovation z)
    {
        ArgumentNullException.ThrowIfNull(z);
        return z is SymmetricInnovation ? 0.5 : HalfLine.Integrate(x => x * x * z.Density(-x));
    }

    /// <summary>E(|z| - γz)^δ = ∫_0^∞ x^δ [(1-γ)^δ f(x) + (1+γ)^δ f(-x)] dx.</summary>
    public static double PowerMoment(Innovation z, double gamma, double delta)
    {
        ArgumentNullException.ThrowIfNull(z);
        double right = Math.Pow(1 - gamma, delta), left = Math.Pow(1 + gamma, delta);
        return HalfLine.Integrate(x => Math.Pow(x, delta) * (right * z.Density(x) + left * z.Density(-x)));
    }

    /// <summary>E exp(a|z| + bz); +∞ where a tail outweighs the density, as for Student's t with a + |b| above 0.</summary>
    public static double ExponentialMoment(Innovation z, double a, double b)
    {
        ArgumentNullException.ThrowIfNull(z);
        double right = a + b, left = a - b;
        if (z.Kind == InnovationKind.Normal)
            return Math.Exp(0.5 * right * right) * z.Cdf(right) + Math.Exp(0.5 * left * left) * z.Cdf(left);

        // A GED with exponent 1 or less has tails no thinner than exp(-c|z|): refused unless the exponent of e falls.
        if (Math.Max(right, left) > 0 && !(z is GedInnovation { Shape: > 1 })) return double.PositiveInfinity;
        return HalfLine.Integrate(x => Math.Exp(right * x + z.LogDensity(x)) + Math.Exp(left * x + z.LogDensity(-x)));
    }
}
