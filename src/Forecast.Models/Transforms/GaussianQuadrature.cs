using Forecast.Core.Distributions;

namespace Forecast.Models.Transforms;

/// <summary>Nodes and weights for integrals of f(z) phi(z) dz over an interval: composite Gauss-Legendre, eight points a panel.</summary>
internal static class GaussianQuadrature
{
    /// <summary>Beyond this z a normal law has less mass than rounding.</summary>
    public const double Range = 8;

    private const double PanelWidth = 0.5;

    private static readonly double[] Abscissae = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363];
    private static readonly double[] Weights = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

    /// <summary>Points z with the weight phi(z) dz; empty when the interval is.</summary>
    public static IEnumerable<(double Z, double Weight)> Nodes(double from, double to)
    {
        if (to <= from) yield break;
        var panels = (int)Math.Ceiling((to - from) / PanelWidth);
        var half = 0.5 * (to - from) / panels;
        for (var p = 0; p < panels; p++)
        {
            var centre = from + (((2 * p) + 1) * half);
            for (var i = 0; i < Abscissae.Length; i++)
            {
                var (low, high) = (centre - (half * Abscissae[i]), centre + (half * Abscissae[i]));
                yield return (low, half * Weights[i] * NormalDistribution.Density(low));
                yield return (high, half * Weights[i] * NormalDistribution.Density(high));
            }
        }
    }
}
