namespace Forecast.Core.Distributions;

/// <summary>
/// The law of one target at one step. What a law does not know it denies with false; it never clamps, extrapolates or invents.
/// </summary>
public interface IMarginal
{
    /// <summary>Mean, in the target's unit.</summary>
    double Mean { get; }

    /// <summary>Variance, or NaN where the law has none or does not know it.</summary>
    double Variance { get; }

    /// <summary>The quantile of a level in (0, 1).</summary>
    bool TryQuantile(double level, out double value);

    /// <summary>P(X at most x): the probability integral transform of an outcome.</summary>
    bool TryCdf(double x, out double probability);

    /// <summary>Expected shortfall at tail <paramref name="alpha"/> as a positive loss: -E[X | X at most its alpha-quantile].</summary>
    bool TryExpectedShortfall(double alpha, out double value);

    /// <summary>Continuous ranked probability score E|X - y| - E|X - X'|/2 at the outcome, in the target's unit.</summary>
    bool TryCrps(double actual, out double score);
}
