using Forecast.Core.Distributions;

namespace Forecast.Models.Numerics;

/// <summary>The law of simulated values, which are drawn only when something asks for them.</summary>
internal sealed class DrawnMarginal(Func<double[]> draws) : IMarginal
{
    private readonly Lazy<EmpiricalMarginal> _law = new(() => new EmpiricalMarginal(draws()));

    public double Mean => _law.Value.Mean;

    public double Variance => _law.Value.Variance;

    public bool TryQuantile(double level, out double value) => _law.Value.TryQuantile(level, out value);

    public bool TryCdf(double x, out double probability) => _law.Value.TryCdf(x, out probability);

    public bool TryExpectedShortfall(double alpha, out double value) => _law.Value.TryExpectedShortfall(alpha, out value);

    public bool TryCrps(double actual, out double score) => _law.Value.TryCrps(actual, out score);
}
