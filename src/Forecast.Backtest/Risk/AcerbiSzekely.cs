using System.Text.Json.Serialization;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Tests of expected shortfall by Acerbi and Szekely (2014) over T days with N exceedances:
/// Z1 = sum(r_t / ES_t over exceedances) / N + 1 and Z2 = sum(r_t / ES_t over exceedances) / (T p) + 1. Both are 0 in expectation when
/// the model is right and negative when ES is too low.
/// </summary>
/// <remarks>
/// Their laws depend on the whole tail. From VaR and ES alone the p-values are simulated with the one tail that has just these two: each
/// day an exceedance with probability p, then a loss VaR + (ES - VaR) E with E exponential of mean 1; for Z1 the days of the
/// exceedances are given. Heavier tails than exponential spread Z more, so that p near a threshold should be read with care.
/// Without exceedance Z1 has no value, and Z2 = 1.
/// </remarks>
/// <param name="Z1">Given that there is an exceedance; null without one.</param>
/// <param name="Z1PValue">P(simulated Z1 at most this one).</param>
/// <param name="Z2">Unconditional.</param>
/// <param name="Z2PValue">P(simulated Z2 at most this one).</param>
public sealed record AcerbiSzekely(
    [property: JsonPropertyName("Z1")] double? Z1,
    [property: JsonPropertyName("Z1_p_value_simulated")] double? Z1PValue,
    [property: JsonPropertyName("Z2")] double Z2,
    [property: JsonPropertyName("Z2_p_value_simulated")] double Z2PValue)
{
    private const int MostDraws = 5_000;

    /// <param name="series">With ES.</param>
    /// <param name="alpha">p.</param>
    /// <param name="seed">Of the simulation.</param>
    public static AcerbiSzekely Of(RiskSeries series, double alpha, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(series);
        var shortfall = series.Shortfall ?? throw new ArgumentException("the series has no expected shortfall", nameof(series));
        double sum = 0;
        for (var t = 0; t < series.Length; t++)
        {
            if (series.Hits[t]) sum += series.Returns[t] / shortfall[t];
        }

        var n = series.Exceedances;
        var z2 = (sum / (series.Length * alpha)) + 1;
        var second = Share(Unconditional(series, shortfall, alpha, new RandomSource(Seeds.Derive(seed, "Z2"))), z2);
        if (n == 0) return new(null, null, z2, second);
        var z1 = (sum / n) + 1;
        return new(z1, Share(Conditional(series, shortfall, new RandomSource(Seeds.Derive(seed, "Z1"))), z1), z2, second);
    }

    /// <summary>The draw itself counts as one, so that no p is 0.</summary>
    private static double Share(double[] simulated, double observed) => (1.0 + simulated.Count(z => z <= observed)) / (simulated.Length + 1);

    private static double[] Conditional(RiskSeries series, double[] shortfall, RandomSource random)
    {
        var draws = Draws(series.Exceedances);
        int[] days = [.. Enumerable.Range(0, series.Length).Where(t => series.Hits[t])];
        var simulated = new double[draws];
        for (var d = 0; d < draws; d++)
        {
            double sum = 0;
            foreach (var t in days) sum += Loss(series.ValueAtRisk[t], shortfall[t], random);
            simulated[d] = 1 - (sum / days.Length);
        }

        return simulated;
    }

    private static double[] Unconditional(RiskSeries series, double[] shortfall, double alpha, RandomSource random)
    {
        var simulated = new double[Draws(series.Length * alpha)];
        var never = Math.Log(1 - alpha);
        for (var d = 0; d < simulated.Length; d++)
        {
            double sum = 0;

            // From one exceedance straight to the next: the days between are geometric.
            for (var t = Skip(); t < series.Length; t += 1 + Skip()) sum += Loss(series.ValueAtRisk[t], shortfall[t], random);
            simulated[d] = 1 - (sum / (series.Length * alpha));
        }

        return simulated;

        int Skip() => (int)Math.Min(Math.Log(random.NextDouble()) / never, series.Length);
    }

    /// <summary>Fewer for very long series, whose law is close to normal.</summary>
    private static int Draws(double exceedances) => (int)Math.Clamp(2e7 / (1 + exceedances), 500, MostDraws);

    /// <summary>A simulated loss beyond the VaR, over ES.</summary>
    private static double Loss(double valueAtRisk, double shortfall, RandomSource random) =>
        (valueAtRisk - ((shortfall - valueAtRisk) * Math.Log(random.NextDouble()))) / shortfall;
}
