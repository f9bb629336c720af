using Forecast.Core.Numerics;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Garch;

/// <summary>Data from a known ARMA-GARCH process.</summary>
internal static class GarchSimulator
{
    public static double[] Draw(GarchSpecification specification, double[] theta, int length, ulong seed, int burnIn = 500)
    {
        var start = specification.UnconditionalVariance(theta);
        if (specification.Family == VarianceFamily.Figarch)
        {
            // Cut at lag 1000 the process has a variance after all, far above omega: starting lower is a trend for thousands of steps.
            var beta = specification.GarchOrder > 0 ? theta[specification.BetaIndex] : 0;
            start = theta[specification.OmegaIndex] / (1 - beta) / (1 - FigarchWeights.At(specification, theta).Beyond(0));
        }

        if (!double.IsFinite(start)) start = 1;
        var past = new GarchPath([], [], [], [], start, 0) { PresampleNews = [.. Enumerable.Repeat(0.8 * start, specification.ArchOrder)] };
        var path = new GarchProjection(specification, theta, past, []).Simulate(1, length + burnIn, seed);
        return path[burnIn..];
    }

    /// <summary>Typical parameters of any structure.</summary>
    public static double[] Parameters(GarchSpecification s)
    {
        var theta = new double[s.Count];
        if (s.HasMean) theta[0] = 0.3;
        for (var i = 0; i < s.ArOrder; i++) theta[s.ArIndex + i] = 0.4 - 0.25 * i;
        for (var i = 0; i < s.MaOrder; i++) theta[s.MaIndex + i] = 0.3 - 0.1 * i;
        theta[s.OmegaIndex] = s.Family == VarianceFamily.Egarch ? -0.05 : 0.1;
        var fractional = s.Family == VarianceFamily.Figarch;
        if (fractional) theta[s.MemoryIndex] = 0.4;
        for (var i = 0; i < s.ArchOrder; i++) theta[s.AlphaIndex + i] = 0.2 / s.ArchOrder;
        for (var i = 0; i < s.BetaCount; i++) theta[s.BetaIndex + i] = (fractional ? (s.ArchOrder > 0 ? 0.5 : 0.3) : 0.6) / s.GarchOrder;
        for (var i = 0; s.IsAsymmetric && i < s.ArchOrder; i++) theta[s.GammaIndex + i] = s.Family == VarianceFamily.Egarch ? -0.08 : 0.15 + 0.05 * i;
        if (s.Family == VarianceFamily.Aparch) theta[s.DeltaIndex] = 1.4;
        if (s.HasSkew) theta[s.SkewIndex] = 0.85;
        if (s.HasShape) theta[s.ShapeIndex] = s.Innovation == InnovationKind.Ged ? 1.4 : 5;
        return theta;
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
