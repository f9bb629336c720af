using Forecast.Core;
using NodaTime;

namespace Forecast.Backtest.Plan;

/// <summary>
/// How a back-test walks through time. One plan serves every model. Folds step over the rows that were observed; every place is
/// counted from the start of the data, so that rows that come later never move an earlier fold.
/// </summary>
public sealed record WalkForwardPlan
{
    /// <summary>Rows forecast from each cutoff.</summary>
    public required int Horizon { get; init; }

    /// <summary>Observed rows from one cutoff to the next; default the horizon.</summary>
    public int? Step { get; init; }

    /// <summary>Rows that a fit and a forecast may look back on; null = expanding, all there are.</summary>
    public int? RollingRows { get; init; }

    /// <summary>Folds between two refits (1 = refit at each fold); null = fit once, then condition only.</summary>
    public int? RefitEvery { get; init; } = 1;

    /// <summary>Embargo: observed rows left out between the last visible row and the first one that is forecast.</summary>
    public int Gap { get; init; }

    /// <summary>The first row forecast stands at or after this instant; null = after <see cref="InitialRows"/> rows.</summary>
    public Instant? From { get; init; }

    /// <summary>The last row forecast stands at or before this instant; null = the last row of the data.</summary>
    public Instant? To { get; init; }

    /// <summary>Rows before the first cutoff when <see cref="From"/> is not given; null = 100 or two seasons and a horizon, whichever is more.</summary>
    public int? InitialRows { get; init; }

    public int EffectiveStep => Step ?? Horizon;

    /// <exception cref="ForecastException">A number that makes no walk: names the field.</exception>
    public WalkForwardPlan Validated()
    {
        Positive(Horizon, "horizon");
        Positive(EffectiveStep, "step");
        if (RollingRows is { } rows) Positive(rows, "window");
        if (RefitEvery is { } every) Positive(every, "refit");
        if (InitialRows is { } initial) Positive(initial, "initial");
        if (Gap < 0) throw new ForecastException("gap-invalid", $"gap is {Gap}; it must be 0 or more", "gap");
        if (From is { } from && To is { } to && to < from) throw new ForecastException("span-empty", "the span ends before it begins: 'to' is earlier than 'from'", "to");
        return this;

        static void Positive(int value, string field)
        {
            if (value < 1) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be at least 1", field);
        }
    }
}
