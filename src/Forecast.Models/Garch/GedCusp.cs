using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// The mean of a GED model with exponent near or below 1. There |x - mu|^ν has a kink or cusp at every observation, the best mu is
/// one of them (as the median is for the Laplace law), and no gradient vanishes: mu is tried at the observations nearest to where
/// Newton stalled, and the other parameters are estimated with mu held there.
/// </summary>
internal static class GedCusp
{
    private const int Nearest = 15;
    private const int Rounds = 4;

    /// <summary>Only a constant mean has its kinks in one coordinate.</summary>
    public static bool Applies(GarchSpecification specification) =>
        specification is { Innovation: InnovationKind.Ged, HasMean: true, ArOrder: 0, MaOrder: 0 };

    /// <summary>The best point with mu on an observation; null when Newton's own was better or the rest did not converge.</summary>
    public static NewtonResult? Search(
        GarchSample unit, ISecondOrderFunction objective, ParameterMap map, NewtonResult stalled, double flatGradient, CancellationToken cancellation)
    {
        var current = stalled;
        var held = double.NaN;
        for (var round = 0; round < Rounds; round++)
        {
            var best = BestObservation(unit, objective, current.Point);
            if (best == held) break;
            held = best;
            double[] lower = (double[])map.Lower.Clone(), upper = (double[])map.Upper.Clone(), start = (double[])current.Point.Clone();
            lower[0] = upper[0] = start[0] = held;
            current = new ProjectedNewton(objective, lower, upper, flatGradient).Minimize(start, cancellation);
        }

        return current.Converged && current.Value <= stalled.Value + 1e-6
            ? current with { Reason = $"{current.Reason}; mu held on an observation, where the GED likelihood has its kink" }
            : null;
    }

    private static double BestObservation(GarchSample unit, ISecondOrderFunction objective, double[] point)
    {
        var trial = (double[])point.Clone();
        var candidates = unit.Values.ToArray().Where(double.IsFinite).Distinct().OrderBy(v => Math.Abs(v - point[0])).Take(Nearest);
        var (best, value) = (point[0], double.PositiveInfinity);
        foreach (var candidate in candidates)
        {
            trial[0] = candidate;
            var f = objective.Value(trial);
            if (f < value) (best, value) = (candidate, f);
        }

        return best;
    }
}
