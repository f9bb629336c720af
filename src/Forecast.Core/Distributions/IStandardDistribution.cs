namespace Forecast.Core.Distributions;

/// <summary>A law with mean 0 and variance 1: the innovations z of x = mean + sd z.</summary>
public interface IStandardDistribution
{
    /// <summary>Short name, with its shape where it has one: <c>norm</c>, <c>std(4.1)</c>, <c>ged(1.3)</c>.</summary>
    string Name { get; }

    /// <summary>False when E exp(s Z) is infinite for every s above 0 (Student's t): the mean of a log model then does not exist.</summary>
    bool HasExponentialMoments => true;

    /// <summary>P(Z at most z).</summary>
    double Cdf(double z);

    /// <summary>Inverse of <see cref="Cdf"/> for p in (0, 1).</summary>
    double Quantile(double p);

    /// <summary>E[Z | Z at most Quantile(p)], the (negative) expected shortfall of the standard law.</summary>
    double LowerTailMean(double p);

    /// <summary>Continuous ranked probability score of the standard law at the outcome z.</summary>
    double Crps(double z);
}
