using System.Text.Json.Serialization;
using Forecast.Core;

namespace Forecast.Backtest.Risk;

/// <summary>Every test of one model's VaR and ES at one tail. Names in JSON are those of the literature's short forms.</summary>
public sealed record RiskTests
{
    /// <summary>Name of the model; empty when there is one only.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>Tail p.</summary>
    [JsonPropertyName("alpha")]
    public required double Alpha { get; init; }

    /// <summary>Days tested.</summary>
    [JsonPropertyName("days")]
    public required int Days { get; init; }

    /// <summary>Rows without a return or a VaR, which no test can use.</summary>
    [JsonPropertyName("left_out")]
    public required int LeftOut { get; init; }

    [JsonPropertyName("exceedances")]
    public required int Exceedances { get; init; }

    /// <summary>Days of the exceedances among the days tested, from 1.</summary>
    [JsonPropertyName("hit_positions_1based")]
    public required IReadOnlyList<int> HitPositions { get; init; }

    [JsonPropertyName("kupiec_pof")]
    public required KupiecPof KupiecPof { get; init; }

    [JsonPropertyName("kupiec_tuff")]
    public required KupiecTuff KupiecTuff { get; init; }

    [JsonPropertyName("christoffersen_independence")]
    public required ChristoffersenIndependence Independence { get; init; }

    [JsonPropertyName("christoffersen_cc")]
    public required ChristoffersenCoverage ConditionalCoverage { get; init; }

    [JsonPropertyName("dq_hits_only_lags4")]
    public required DynamicQuantile DynamicQuantileHits { get; init; }

    [JsonPropertyName("dq_var_lags4")]
    public required DynamicQuantile DynamicQuantileVar { get; init; }

    [JsonPropertyName("christoffersen_pelletier_duration")]
    public required DurationTest Duration { get; init; }

    /// <summary>Over the last days, at most 250.</summary>
    [JsonPropertyName("traffic_light_last250")]
    public required TrafficLight TrafficLight { get; init; }

    /// <summary>Over windows of 250 days one after the other, the newest whole one last; empty with fewer days.</summary>
    [JsonPropertyName("traffic_light_windows")]
    public required IReadOnlyList<TrafficWindow> TrafficWindows { get; init; }

    /// <summary>Mean tick loss, in the unit of the return.</summary>
    [JsonPropertyName("quantile_loss_mean")]
    public required double TickLoss { get; init; }

    /// <summary>Null when not every day has an ES.</summary>
    [JsonPropertyName("es")]
    public required ShortfallTests? Shortfall { get; init; }

    /// <summary>Null when not every day has a probability integral transform.</summary>
    [JsonPropertyName("du_escanciano")]
    public required DuEscanciano? DuEscanciano { get; init; }

    /// <param name="series">Returns with VaR and what else the model gave.</param>
    /// <param name="alpha">Tail in (0, 0.5].</param>
    /// <param name="seed">Of simulated and bootstrapped p-values.</param>
    /// <exception cref="ForecastException"><c>alpha-invalid</c>.</exception>
    public static RiskTests Of(RiskSeries series, double alpha, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(series);
        RiskSeries.CheckTail(alpha);
        var hits = series.Hits;
        var pof = KupiecPof.Of(series.Length, series.Exceedances, alpha);
        var independence = ChristoffersenIndependence.Of(hits);
        return new RiskTests
        {
            Model = series.Model,
            Alpha = alpha,
            Days = series.Length,
            LeftOut = series.LeftOut,
            Exceedances = series.Exceedances,
            HitPositions = [.. Enumerable.Range(0, hits.Length).Where(t => hits[t]).Select(t => t + 1)],
            KupiecPof = pof,
            KupiecTuff = KupiecTuff.Of(hits, alpha),
            Independence = independence,
            ConditionalCoverage = ChristoffersenCoverage.Of(pof, independence, alpha),
            DynamicQuantileHits = DynamicQuantile.Of(hits, alpha),
            DynamicQuantileVar = DynamicQuantile.Of(hits, alpha, valueAtRisk: series.ValueAtRisk),
            Duration = DurationTest.Of(hits),
            TrafficLight = TrafficLight.OfLast(hits, alpha),
            TrafficWindows = TrafficWindow.All(hits, alpha),
            TickLoss = TailLosses.Tick(series, alpha).Average(),
            Shortfall = series.Shortfall is null ? null : ShortfallTests.Of(series, alpha, seed),
            DuEscanciano = series.Pit is null ? null : Risk.DuEscanciano.Of(series.Pit, alpha),
        };
    }
}

/// <summary>The tests of expected shortfall.</summary>
public sealed record ShortfallTests
{
    [JsonPropertyName("exceedances")]
    public required int Exceedances { get; init; }

    /// <summary>Null without an exceedance.</summary>
    [JsonPropertyName("Z1")]
    public required double? Z1 { get; init; }

    [JsonPropertyName("Z1_p_value_simulated")]
    public required double? Z1PValue { get; init; }

    [JsonPropertyName("Z2")]
    public required double Z2 { get; init; }

    [JsonPropertyName("Z2_p_value_simulated")]
    public required double Z2PValue { get; init; }

    [JsonPropertyName("mcneil_frey")]
    public required McNeilFrey McNeilFrey { get; init; }

    [JsonPropertyName("quantile_loss_mean")]
    public required double TickLoss { get; init; }

    [JsonPropertyName("quantile_loss_sum")]
    public required double TickLossSum { get; init; }

    /// <summary>Mean joint score of VaR and ES.</summary>
    [JsonPropertyName("fz0_loss_mean")]
    public required double JointLoss { get; init; }

    internal static ShortfallTests Of(RiskSeries series, double alpha, ulong seed)
    {
        var z = AcerbiSzekely.Of(series, alpha, seed);
        var tick = TailLosses.Tick(series, alpha);
        return new()
        {
            Exceedances = series.Exceedances,
            Z1 = z.Z1,
            Z1PValue = z.Z1PValue,
            Z2 = z.Z2,
            Z2PValue = z.Z2PValue,
            McNeilFrey = McNeilFrey.Of(series, seed),
            TickLoss = tick.Average(),
            TickLossSum = tick.Sum(),
            JointLoss = TailLosses.Joint(series, alpha)!.Average(),
        };
    }
}

/// <summary>A traffic light with the days it covers.</summary>
/// <param name="From">First day among the days tested, from 1.</param>
/// <param name="To">Last day.</param>
/// <param name="Light">The light.</param>
public sealed record TrafficWindow([property: JsonPropertyName("from")] int From, [property: JsonPropertyName("to")] int To, [property: JsonPropertyName("light")] TrafficLight Light)
{
    /// <summary>Whole windows that end at the last day and before; the days left over at the beginning make none.</summary>
    public static IReadOnlyList<TrafficWindow> All(ReadOnlySpan<bool> hits, double alpha)
    {
        var windows = new List<TrafficWindow>();
        for (var from = hits.Length % TrafficLight.Window; from + TrafficLight.Window <= hits.Length; from += TrafficLight.Window)
            windows.Add(new(from + 1, from + TrafficLight.Window, TrafficLight.Of(hits.Slice(from, TrafficLight.Window).Count(true), TrafficLight.Window, alpha)));
        return windows;
    }
}
