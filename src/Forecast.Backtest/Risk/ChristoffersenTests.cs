using System.Text.Json.Serialization;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Christoffersen's (1998) independence of exceedances against a first-order Markov chain:
/// LR = -2 ln[(1-pi)^(n00+n10) pi^(n01+n11)] + 2 ln[(1-pi01)^n00 pi01^n01 (1-pi11)^n10 pi11^n11], 1 degree of freedom.
/// </summary>
/// <remarks>With no exceedance, or with nothing else, there is no change of state to judge: LR = 0 and p = 1.</remarks>
public sealed record ChristoffersenIndependence
{
    /// <summary>Days without exceedance after a day without.</summary>
    [JsonPropertyName("n00")]
    public required int N00 { get; init; }

    [JsonPropertyName("n01")]
    public required int N01 { get; init; }

    [JsonPropertyName("n10")]
    public required int N10 { get; init; }

    /// <summary>Exceedances on the day after an exceedance.</summary>
    [JsonPropertyName("n11")]
    public required int N11 { get; init; }

    /// <summary>Share of exceedances after a day without; null when there is no such day.</summary>
    [JsonPropertyName("pi01")]
    public required double? Pi01 { get; init; }

    /// <summary>Share of exceedances after an exceedance; null when none has a day after it.</summary>
    [JsonPropertyName("pi11")]
    public required double? Pi11 { get; init; }

    [JsonPropertyName("lr")]
    public required double Statistic { get; init; }

    [JsonPropertyName("p_value")]
    public required double PValue { get; init; }

    /// <summary>Log-likelihood of the chain with free probabilities.</summary>
    internal double FreeLikelihood => Tails.CountLog(N00, 1 - (Pi01 ?? 0)) + Tails.CountLog(N01, Pi01 ?? 0) + Tails.CountLog(N10, 1 - (Pi11 ?? 0)) + Tails.CountLog(N11, Pi11 ?? 0);

    public static ChristoffersenIndependence Of(ReadOnlySpan<bool> hits)
    {
        Span<int> counts = stackalloc int[4];
        for (var t = 1; t < hits.Length; t++) counts[(hits[t - 1] ? 2 : 0) + (hits[t] ? 1 : 0)]++;
        var (n00, n01, n10, n11) = (counts[0], counts[1], counts[2], counts[3]);
        var counted = new ChristoffersenIndependence
        {
            N00 = n00,
            N01 = n01,
            N10 = n10,
            N11 = n11,
            Pi01 = n00 + n01 == 0 ? null : (double)n01 / (n00 + n01),
            Pi11 = n10 + n11 == 0 ? null : (double)n11 / (n10 + n11),
            Statistic = 0,
            PValue = 1,
        };
        var all = n00 + n01 + n10 + n11;
        if (all == 0) return counted;
        var pi = (double)(n01 + n11) / all;
        var restricted = Tails.CountLog(n00 + n10, 1 - pi) + Tails.CountLog(n01 + n11, pi);
        var ratio = Math.Max(0, 2 * (counted.FreeLikelihood - restricted));
        return counted with { Statistic = ratio, PValue = Tails.ChiSquared(ratio, 1) };
    }
}

/// <summary>Christoffersen's conditional coverage in both forms in use, each with 2 degrees of freedom.</summary>
public sealed record ChristoffersenCoverage
{
    /// <summary>LR of Kupiec over all T days plus LR of independence.</summary>
    [JsonPropertyName("lr_sum")]
    public required double Sum { get; init; }

    [JsonPropertyName("p_value_sum")]
    public required double PSum { get; init; }

    /// <summary>-2 ln[(1-p)^(n00+n10) p^(n01+n11)] against the free chain, both on the T - 1 transitions.</summary>
    [JsonPropertyName("lr_transitions")]
    public required double Transitions { get; init; }

    [JsonPropertyName("p_value_transitions")]
    public required double PTransitions { get; init; }

    public static ChristoffersenCoverage Of(KupiecPof pof, ChristoffersenIndependence independence, double alpha)
    {
        ArgumentNullException.ThrowIfNull(pof);
        ArgumentNullException.ThrowIfNull(independence);
        var sum = pof.Statistic + independence.Statistic;
        var none = independence.N00 + independence.N10;
        var some = independence.N01 + independence.N11;
        var restricted = Tails.CountLog(none, 1 - alpha) + Tails.CountLog(some, alpha);
        var transitions = Math.Max(0, 2 * (independence.FreeLikelihood - restricted));
        return new() { Sum = sum, PSum = Tails.ChiSquared(sum, 2), Transitions = transitions, PTransitions = Tails.ChiSquared(transitions, 2) };
    }
}
