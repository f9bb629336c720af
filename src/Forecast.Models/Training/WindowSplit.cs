using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Models.Training;

/// <summary>Windows of one series that follow one another by a row.</summary>
/// <param name="Series">Place of the series in the panel.</param>
/// <param name="First">Origin (row of the last look-back value) of the first window.</param>
/// <param name="Last">Origin of the last window; before <paramref name="First"/> when there is none.</param>
public readonly record struct WindowRange(int Series, int First, int Last)
{
    public int Count => Math.Max(0, Last - First + 1);
}

/// <summary>
/// Windows to learn from and windows to judge by. A window with origin o reads rows o - L + 1 .. o and has the targets
/// o + 1 .. o + H.
/// </summary>
/// <remarks>
/// There is one instant B for the whole panel, so that no series tells of a time that another is judged on: with v rows of a series
/// up to B, training targets are rows before v - H and validation targets rows from v on. Every training target is thus earlier
/// than every validation target, in every series, with an embargo of H rows between them in which no target of either lies.
/// Validation windows may read rows that were trained on, as every forecast does. Where the panel is too short for that, all windows
/// are for training and none for validation.
/// </remarks>
public sealed record WindowSplit(IReadOnlyList<WindowRange> Training, IReadOnlyList<WindowRange> Validation)
{
    public int TrainingCount => Training.Sum(r => r.Count);

    public int ValidationCount => Validation.Sum(r => r.Count);

    /// <param name="series">The panel.</param>
    /// <param name="lookback">L, rows.</param>
    /// <param name="horizon">H, rows.</param>
    /// <param name="share">Share of the panel's target rows that lie after B; 0 = no validation.</param>
    public static WindowSplit ByTime(IReadOnlyList<SeriesView> series, int lookback, int horizon, double share)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        WindowRange[] all = [.. series.Select((s, i) => new WindowRange(i, lookback - 1, s.Length - 1 - horizon))];
        if (share == 0 || Boundary(series, lookback, horizon, share) is not { } boundary) return new WindowSplit(all, []);
        var visible = series.Select(s => RowsUntil(s, boundary)).ToArray();
        var split = new WindowSplit(
            [.. all.Select((r, i) => r with { Last = Math.Min(r.Last, visible[i] - 1 - (2 * horizon)) })],
            [.. all.Select((r, i) => r with { First = Math.Max(r.First, visible[i] - 1) })]);
        return split.TrainingCount > 0 && split.ValidationCount > 0 ? split : new WindowSplit(all, []);
    }

    /// <summary>The last instant before the validation targets: (1 - share) of all target rows lie at or before it.</summary>
    private static Instant? Boundary(IReadOnlyList<SeriesView> series, int lookback, int horizon, double share)
    {
        var times = new List<Instant>();
        foreach (var s in series)
        {
            for (var t = lookback; t < s.Length; t++) times.Add(s.Times[t]);
        }

        if (times.Count == 0) return null;
        times.Sort();
        var after = Math.Max((int)(share * times.Count), Math.Min(horizon, times.Count / 3));
        return after >= times.Count ? null : times[times.Count - 1 - after];
    }

    private static int RowsUntil(SeriesView series, Instant instant)
    {
        var found = series.Times.BinarySearch(instant);
        return found >= 0 ? found + 1 : ~found;
    }
}
