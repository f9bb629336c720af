using Forecast.Core.Numerics;
using Forecast.Models.Garch;

namespace Forecast.Models.Tests.Garch;

/// <summary>Data from a known ARMA-GARCH process.</summary>
internal static class GarchSimulator
{
    public static double[] Draw(GarchSpecification specification, double[] theta, int length, ulong seed, int burnIn = 500)
    {
        var start = specification.UnconditionalVariance(theta);
        var past = new GarchPath([], [], [], [], start, 0);
        var path = new GarchProjection(specification, theta, past, []).Simulate(1, length + burnIn, seed);
        return path[burnIn..];
    }

    /// <summary>A few values taken out, never the first.</summary>
    public static double[] WithGaps(double[] values, int count, ulong seed)
    {
        var random = new RandomSource(seed);
        var copy = (double[])values.Clone();
        for (var i = 0; i < count; i++) copy[1 + random.NextInt(copy.Length - 1)] = double.NaN;
        return copy;
    }
}
