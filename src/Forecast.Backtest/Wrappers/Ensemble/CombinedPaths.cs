using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>
/// Joint futures of an ensemble: each path is one of a member's, taken in proportion to the weights, and carried over to the combined law:
/// x becomes Q(F_i(x)), step by step, with F_i the law of its own member. So the paths go together over time as the members' do, and at each
/// step they have exactly the combined law. Where F_i jumps, a level within the jump is drawn (Rueschendorf 2009).
/// </summary>
internal static class CombinedPaths
{
    private const double Edge = 1e-12;

    /// <summary>The simulator of the combination; null when a member has no paths or does not know its law well enough.</summary>
    /// <param name="members">Forecasts of the members.</param>
    /// <param name="weights">Their weights, of sum 1; members without weight are left out.</param>
    /// <param name="combined">The combined law of each step.</param>
    /// <param name="seed">Seed of the levels drawn within jumps.</param>
    public static PathSimulator? Simulator(IReadOnlyList<PredictiveDistribution> members, IReadOnlyList<double> weights, IReadOnlyList<IMarginal> combined, ulong seed)
    {
        int[] active = [.. Enumerable.Range(0, members.Count).Where(i => weights[i] > 0)];
        if (Array.Exists(active, i => !members[i].HasPaths)) return null;
        if (active.Length == 1) return count => members[active[0]].TryPaths(count, out var own) ? own : throw Vanished();
        for (var h = 1; h <= combined.Count; h++)
        {
            if (!combined[h - 1].TryQuantile(Edge, out _) || !combined[h - 1].TryQuantile(1 - Edge, out _)) return null;
            if (!combined[h - 1].TryQuantile(0.5, out var middle) || Array.Exists(active, i => !members[i].Marginal(h).TryCdf(middle, out _))) return null;
        }

        return count => Simulate(active, members, weights, combined, seed, count);
    }

    private static SamplePaths Simulate(int[] active, IReadOnlyList<PredictiveDistribution> members, IReadOnlyList<double> weights, IReadOnlyList<IMarginal> combined, ulong seed, int count)
    {
        var turns = Turns(active, weights, count);
        var (horizon, random) = (combined.Count, new RandomSource(seed));
        var values = new double[count * horizon];
        foreach (var member in active)
        {
            int[] places = [.. Enumerable.Range(0, count).Where(path => turns[path] == member)];
            if (places.Length == 0) continue;
            if (!members[member].TryPaths(places.Length, out var own)) throw Vanished();
            for (var path = 0; path < places.Length; path++)
            {
                for (var h = 1; h <= horizon; h++)
                {
                    var level = Level(members[member].Marginal(h), own[path, h], random);
                    if (!combined[h - 1].TryQuantile(level, out values[(places[path] * horizon) + h - 1])) throw Vanished();
                }
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }

    /// <summary>Whose path each one is: always that of the member that lags most behind its share, so that any number is well mixed.</summary>
    private static int[] Turns(int[] active, IReadOnlyList<double> weights, int count)
    {
        var turns = new int[count];
        var given = new int[weights.Count];
        for (var path = 0; path < count; path++)
        {
            var next = active.MaxBy(i => (weights[i] * (path + 1)) - given[i]);
            given[next]++;
            turns[path] = next;
        }

        return turns;
    }

    private static double Level(IMarginal law, double x, RandomSource random)
    {
        if (!law.TryCdf(x, out var upTo) || !law.TryCdf(Math.BitDecrement(x), out var below)) throw Vanished();
        var draw = random.NextDouble();
        var level = upTo - below > Edge ? below + (draw * (upTo - below)) : upTo;
        return Math.Clamp(level, Edge, 1 - Edge);
    }

    private static InvalidOperationException Vanished() => new("a member knew its law and its paths before");
}
