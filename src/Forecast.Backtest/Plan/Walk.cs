using Forecast.Core;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Plan;

/// <summary>
/// A plan laid over one line of event times. Row c is a cutoff; with gap g and horizon H the rows c + g + 1 .. c + g + H are
/// forecast. The first cutoff depends only on rows before the first target and on that target, each later one is a fixed number of
/// rows further on, so that nothing that comes later moves an earlier cutoff.
/// </summary>
internal sealed class Walk
{
    private readonly WalkForwardPlan _plan;
    private readonly Frequency _frequency;
    private readonly string _what;
    private readonly string? _series;

    private Walk(WalkForwardPlan plan, Frequency frequency, string what, string? series)
    {
        _plan = plan;
        _frequency = frequency;
        _what = what;
        _series = series;
    }

    private long Reach => (long)_plan.Gap + _plan.Horizon;

    /// <summary>Rows of the cutoffs, ascending; never empty.</summary>
    /// <param name="times">Event times, strictly ascending.</param>
    /// <param name="plan">A validated plan.</param>
    /// <param name="frequency">Says how instants are written, and the season.</param>
    /// <param name="what">What the times belong to, for messages: <c>series 'x'</c>.</param>
    /// <param name="series">Series id, if it is one.</param>
    /// <exception cref="ForecastException">No fold fits: the message says by how many rows and what to change.</exception>
    public static IReadOnlyList<int> Cutoffs(ReadOnlySpan<Instant> times, WalkForwardPlan plan, Frequency frequency, string what, string? series) =>
        new Walk(plan, frequency, what, series).Run(times);

    private List<int> Run(ReadOnlySpan<Instant> times)
    {
        if (times.Length == 0) throw Error("series-empty", $"{_what} has no rows", "data");
        var last = _plan.To is { } to ? RowsUntil(times, to) - 1 : times.Length - 1;
        var first = _plan.From is { } from ? FirstAfter(times, from) : FirstAfterInitial(times.Length);
        if (_plan.RollingRows is { } window && first + 1 < window)
        {
            throw Error("window-too-long", $"{_what} has {first + 1} rows up to the first cutoff {Text(times[(int)first])}, but the rolling window is {window} rows; "
                + $"shorten the window or start later ({(_plan.From is null ? "initial" : "from")})", "window");
        }

        var cutoffs = new List<int>();
        for (var row = first; row + Reach <= last; row += _plan.EffectiveStep) cutoffs.Add((int)row);
        return cutoffs.Count > 0 ? cutoffs : throw NoFold(times, first, last);
    }

    private long FirstAfter(ReadOnlySpan<Instant> times, Instant from)
    {
        var target = RowsUntil(times, from);
        if (target > 0 && times[target - 1] == from) target--;
        if (target == times.Length)
            throw Error("from-after-end", $"{_what} ends at {Text(times[^1])}, before 'from' {Text(from)}; choose an earlier 'from'", "from");
        var cutoff = target - 1L - _plan.Gap;
        return cutoff >= 0
            ? cutoff
            : throw Error("from-too-early", $"{_what} has {target} rows before 'from' {Text(from)}; a gap of {_plan.Gap} leaves none to fit on; choose a later 'from'", "from");
    }

    private long FirstAfterInitial(int rows)
    {
        var season = _frequency.SeasonalPeriod;
        var initial = _plan.InitialRows ?? _plan.RollingRows ?? Math.Max(100, (2L * season) + _plan.Horizon);
        return initial + Reach <= rows
            ? initial - 1
            : throw Error("series-too-short", $"{_what} has {rows} rows, but the first fold takes {initial + Reach}: {initial} before the first cutoff, "
                + $"a gap of {_plan.Gap} and {_plan.Horizon} to forecast; give more data, a shorter horizon, or fewer {(_plan.InitialRows is null && _plan.RollingRows is not null ? "rows in the window (window)" : "rows before the first cutoff (initial)")}", "data");
    }

    private ForecastException NoFold(ReadOnlySpan<Instant> times, long first, int last)
    {
        var end = _plan.To is { } to ? $"'to' {Text(to)}" : $"the end of the data, {Text(times[^1])}";
        return Error("no-fold", $"{_what} has {Math.Max(0, last - first)} rows between its first cutoff {Text(times[(int)first])} and {end}, but a fold takes {Reach} "
            + $"(gap {_plan.Gap} and horizon {_plan.Horizon}); widen the span between 'from' and 'to' or shorten the horizon", _plan.To is null ? "from" : "to");
    }

    private string Text(Instant instant) => _frequency.Format(instant);

    private ForecastException Error(string code, string message, string field) => new(code, message, field, _series);

    private static int RowsUntil(ReadOnlySpan<Instant> times, Instant instant)
    {
        var found = times.BinarySearch(instant);
        return found >= 0 ? found + 1 : ~found;
    }
}
