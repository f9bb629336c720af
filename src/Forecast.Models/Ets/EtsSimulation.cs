using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.Ets;

/// <summary>Futures drawn from the model: normal innovations through the recursion.</summary>
internal static class EtsSimulation
{
    /// <param name="origin">Where the model stands.</param>
    /// <param name="sigma">Standard deviation of the innovations.</param>
    /// <param name="count">Paths.</param>
    /// <param name="skip">Steps to be left out at the beginning: rows that are missing at the end of the data.</param>
    /// <param name="horizon">Steps wanted.</param>
    /// <param name="seed">Same seed, same paths; the first paths of a larger count are those of a smaller one.</param>
    public static SamplePaths Draw(EtsOrigin origin, double sigma, int count, int skip, int horizon, ulong seed)
    {
        var random = new RandomSource(seed);
        var values = new double[count * horizon];
        var season = new double[origin.Season.Length];
        var relative = origin.Form.Error == EtsPart.Multiplicative;
        for (var path = 0; path < count; path++)
        {
            origin.Season.CopyTo(season, 0);
            var filter = new EtsFilter(origin.Form, origin.Point, season);
            for (var h = -skip; h < horizon; h++)
            {
                var innovation = sigma * random.NextNormal();

                // A relative error below -1 would turn a positive series negative; R cuts it there, too.
                if (relative) innovation = Math.Max(-1, innovation);
                var value = filter.Emit(innovation);
                if (h >= 0) values[(path * horizon) + h] = value;
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}

/// <summary>The law of a step whose form has no closed one: the textbook point forecast, everything else from simulated futures.</summary>
internal sealed class EtsSimulatedMarginal(double point, Lazy<EmpiricalMarginal> draws) : IMarginal
{
    public double Mean => point;

    /// <summary>Variance of the draws.</summary>
    public double Variance => draws.Value.Variance;

    public bool TryQuantile(double level, out double value) => draws.Value.TryQuantile(level, out value);

    public bool TryCdf(double x, out double probability) => draws.Value.TryCdf(x, out probability);

    public bool TryExpectedShortfall(double alpha, out double value) => draws.Value.TryExpectedShortfall(alpha, out value);

    public bool TryCrps(double actual, out double score) => draws.Value.TryCrps(actual, out score);
}
