using Forecast.Core.Distributions;

namespace Forecast.Models.Garch;

/// <summary>
/// The law of a step beyond the first: mean and variance in closed form, everything else from simulated futures, which are
/// drawn only when something asks for them.
/// </summary>
internal sealed class SimulatedMarginal : IMarginal
{
    private readonly Lazy<EmpiricalMarginal> _draws;

    public SimulatedMarginal(double mean, double variance, Func<double[]> draws)
    {
        Mean = mean;
        Variance = variance;
        _draws = new(() => new EmpiricalMarginal(draws(), mean, variance));
    }

    public double Mean { get; }

    public double Variance { get; }

    public bool TryQuantile(double level, out double value) => _draws.Value.TryQuantile(level, out value);

    public bool TryCdf(double x, out double probability) => _draws.Value.TryCdf(x, out probability);

    public bool TryExpectedShortfall(double alpha, out double value) => _draws.Value.TryExpectedShortfall(alpha, out value);

    public bool TryCrps(double actual, out double score) => _draws.Value.TryCrps(actual, out score);
}
