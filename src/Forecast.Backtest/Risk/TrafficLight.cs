using System.Text.Json.Serialization;

namespace Forecast.Backtest.Risk;

/// <summary>
/// The Basel Committee's traffic light (1996): with X binomial(T, p), <c>green</c> while P(X at most x) is below 95 %, <c>yellow</c> while it
/// is below 99.99 %, else <c>red</c>. At 99 % over 250 days: 0 to 4, 5 to 9, 10 and more exceedances.
/// </summary>
public sealed record TrafficLight
{
    /// <summary>Days of the regulator's window.</summary>
    public const int Window = 250;

    // What the Committee adds to its multiplier of 3 for 5, 6, 7, 8, 9, 10 and more exceedances.
    private static readonly double[] Increases = [0.40, 0.50, 0.65, 0.75, 0.85, 1.00];

    // The multipliers of the framework in force since 2023 (MAR32.9), whose least is 1.5.
    private static readonly double[] CurrentMultipliers = [1.70, 1.76, 1.83, 1.88, 1.92, 2.00];

    [JsonPropertyName("exceptions")]
    public required int Exceptions { get; init; }

    /// <summary>Days.</summary>
    [JsonPropertyName("T")]
    public required int Days { get; init; }

    [JsonPropertyName("p")]
    public required double Alpha { get; init; }

    /// <summary>P(X at most x).</summary>
    [JsonPropertyName("cumulative_probability")]
    public required double CumulativeProbability { get; init; }

    /// <summary>P(X below x).</summary>
    [JsonPropertyName("prob_less_than")]
    public required double ProbabilityLessThan { get; init; }

    /// <summary><c>green</c>, <c>yellow</c> or <c>red</c>.</summary>
    [JsonPropertyName("zone")]
    public required string Zone { get; init; }

    /// <summary>P(X at least x): how often a right model is rejected by who rejects from x on.</summary>
    [JsonPropertyName("type1_error_if_rejected_at")]
    public required double TypeOneError { get; init; }

    /// <summary>What is added to the multiplier 3 (Basel 1996); null unless p = 1 % and T = 250.</summary>
    [JsonPropertyName("multiplier_increase_250_1pct")]
    public required double? MultiplierIncrease { get; init; }

    /// <summary>3 plus that.</summary>
    [JsonPropertyName("multiplier_1996")]
    public double? Multiplier => 3 + MultiplierIncrease;

    /// <summary>The multiplier of the framework in force since 2023 (MAR32.9); null unless p = 1 % and T = 250.</summary>
    [JsonPropertyName("multiplier_mar32")]
    public required double? CurrentMultiplier { get; init; }

    public static TrafficLight Of(int exceptions, int days, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exceptions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exceptions, days);
        var cumulative = Tails.BinomialAtMost(days, alpha, exceptions);
        var regulatory = days == Window && alpha == 0.01;
        return new()
        {
            Exceptions = exceptions,
            Days = days,
            Alpha = alpha,
            CumulativeProbability = cumulative,
            ProbabilityLessThan = Tails.BinomialAtMost(days, alpha, exceptions - 1),
            Zone = cumulative < 0.95 ? "green" : cumulative < 0.9999 ? "yellow" : "red",
            TypeOneError = Tails.BinomialAtLeast(days, alpha, exceptions),
            MultiplierIncrease = !regulatory ? null : exceptions < 5 ? 0 : Increases[Math.Min(exceptions - 5, Increases.Length - 1)],
            CurrentMultiplier = !regulatory ? null : exceptions < 5 ? 1.5 : CurrentMultipliers[Math.Min(exceptions - 5, CurrentMultipliers.Length - 1)],
        };
    }

    /// <summary>The light over the last days, at most <see cref="Window"/>.</summary>
    public static TrafficLight OfLast(ReadOnlySpan<bool> hits, double alpha)
    {
        var last = hits.Length > Window ? hits[^Window..] : hits;
        return Of(last.Count(true), last.Length, alpha);
    }
}
