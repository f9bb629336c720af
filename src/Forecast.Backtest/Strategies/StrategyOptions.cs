using System.Text.Json.Serialization;
using Forecast.Backtest.Plan;
using Forecast.Core;

namespace Forecast.Backtest.Strategies;

/// <summary>Which sides a strategy may take.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StrategyDirection>))]
public enum StrategyDirection
{
    /// <summary>Weight 1 or 0.</summary>
    LongOnly,

    /// <summary>Weight 1, 0 or -1.</summary>
    LongShort,
}

/// <summary>How forecasts become positions, and what trading costs.</summary>
/// <remarks>
/// A forecast of the return until the next decision, m, gives the weight 1 where m &gt; <see cref="Threshold"/>, -1 where
/// m &lt; -<see cref="Threshold"/> and the direction is long-short, else 0. A fold without a forecast gives 0: nothing is held
/// without a reason.
/// </remarks>
public sealed record StrategyOptions
{
    public StrategyDirection Direction { get; init; } = StrategyDirection.LongShort;

    /// <summary>Cost as a fraction of the traded amount, at each trade; 0.0005 is five basis points.</summary>
    public double Cost { get; init; } = 0.0005;

    /// <summary>Expected return (a fraction) under which nothing is held.</summary>
    public double Threshold { get; init; }

    /// <summary>0: orders are filled at the close that they were decided on; 1: at the asset's next close.</summary>
    public int Delay { get; init; }

    /// <summary>True: weights are restored at each decision; false: trades happen only where the wanted weight changes.</summary>
    public bool Rebalance { get; init; }

    /// <summary>Rows that momentum rules look back: long after a rise.</summary>
    public IReadOnlyList<int> Momentum { get; init; } = [20];

    /// <summary>Rows that contrarian rules look back: long after a fall.</summary>
    public IReadOnlyList<int> Contrarian { get; init; } = [5];

    /// <returns>These options, once each is in order.</returns>
    /// <exception cref="ForecastException">A cost outside 0 to 0.5, a negative threshold, a delay that is neither 0 nor 1, a look-back below 1, or a plan with a gap.</exception>
    public StrategyOptions Validated(WalkForwardPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!(Cost is >= 0 and <= 0.5)) throw new ForecastException("strategy-cost", $"cost is {Cost}; it must be a fraction of the traded amount from 0 to 0.5", "cost");
        if (!(Threshold >= 0) || !double.IsFinite(Threshold)) throw new ForecastException("strategy-threshold", $"threshold is {Threshold}; it must be a return of at least 0", "threshold");
        if (Delay is not (0 or 1)) throw new ForecastException("strategy-delay", $"delay is {Delay}; it must be 0 (the close of the decision) or 1 (the next close)", "delay");
        RequireRows(Momentum, "momentum");
        RequireRows(Contrarian, "contrarian");
        if (plan.Gap > 0) throw new ForecastException("strategy-gap", $"a strategy holds from its decision on, so the forecast rows must follow it; the plan leaves a gap of {plan.Gap}", "gap");
        return this;
    }

    /// <summary>The weight for an expected return; 0 where there is none.</summary>
    public double WeightFor(double expected) =>
        expected > Threshold ? 1 : expected < -Threshold && Direction == StrategyDirection.LongShort ? -1 : 0;

    private static void RequireRows(IReadOnlyList<int> rows, string field)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] < 1) throw new ForecastException("strategy-rows", $"{field} looks back {rows[i]} rows; it must be at least 1", field, index: i);
        }
    }
}
