using System.Text.Json.Serialization;

namespace Forecast.Backtest.Risk;

/// <summary>Kupiec's (1995) proportion of failures: LR = -2 ln[(1-p)^(T-x) p^x] + 2 ln[(1-x/T)^(T-x) (x/T)^x], chi-square with 1 degree of freedom.</summary>
public sealed record KupiecPof
{
    /// <summary>Days.</summary>
    [JsonPropertyName("T")]
    public required int Days { get; init; }

    /// <summary>Exceedances.</summary>
    [JsonPropertyName("x")]
    public required int Exceedances { get; init; }

    /// <summary>Likelihood ratio; with 0 ln 0 = 0 it exists for no and for all exceedances too.</summary>
    [JsonPropertyName("lr")]
    public required double Statistic { get; init; }

    [JsonPropertyName("p_value")]
    public required double PValue { get; init; }

    public static KupiecPof Of(int days, int exceedances, double alpha)
    {
        var rate = (double)exceedances / days;
        var restricted = Tails.CountLog(days - exceedances, 1 - alpha) + Tails.CountLog(exceedances, alpha);
        var free = Tails.CountLog(days - exceedances, 1 - rate) + Tails.CountLog(exceedances, rate);
        var ratio = Math.Max(0, 2 * (free - restricted));
        return new() { Days = days, Exceedances = exceedances, Statistic = ratio, PValue = Tails.ChiSquared(ratio, 1) };
    }
}

/// <summary>
/// Kupiec's time until the first failure v: LR = -2 ln[p (1-p)^(v-1)] + 2 ln[(1/v) (1-1/v)^(v-1)]. Without a failure the waiting time
/// is censored at T, its likelihood (1-p)^T, and LR = -2 T ln(1-p).
/// </summary>
public sealed record KupiecTuff
{
    /// <summary>Day of the first exceedance, from 1; null when there is none.</summary>
    [JsonPropertyName("first")]
    public required int? First { get; init; }

    [JsonPropertyName("lr")]
    public required double Statistic { get; init; }

    [JsonPropertyName("p_value")]
    public required double PValue { get; init; }

    public static KupiecTuff Of(ReadOnlySpan<bool> hits, double alpha)
    {
        var at = hits.IndexOf(true);
        var v = at + 1;
        var ratio = at < 0
            ? -2 * hits.Length * Math.Log(1 - alpha)
            : 2 * (Tails.CountLog(v - 1, 1 - (1.0 / v)) - Math.Log(v) - Math.Log(alpha) - ((v - 1) * Math.Log(1 - alpha)));
        ratio = Math.Max(0, ratio);
        return new() { First = at < 0 ? null : v, Statistic = ratio, PValue = Tails.ChiSquared(ratio, 1) };
    }
}
