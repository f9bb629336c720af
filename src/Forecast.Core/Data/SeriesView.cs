using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Core.Data;

/// <summary>One series as it stood at a cutoff: spans over the visible rows only.</summary>
public sealed class SeriesView
{
    private readonly ReadOnlyMemory<Instant> _times;
    private readonly IReadOnlyList<ColumnView> _columns;

    private SeriesView(string id, Frequency frequency, TradingCalendar calendar, Instant cutoff, ReadOnlyMemory<Instant> times, IReadOnlyList<ColumnView> columns, Instant latest, IReadOnlyList<Note> notes)
    {
        Id = id;
        Frequency = frequency;
        Calendar = calendar;
        Cutoff = cutoff;
        LatestAvailableAt = latest;
        Notes = notes;
        _times = times;
        _columns = columns;
    }

    public string Id { get; }

    public Frequency Frequency { get; }

    public TradingCalendar Calendar { get; }

    public Instant Cutoff { get; }

    /// <summary>The latest publication among the visible values.</summary>
    public Instant LatestAvailableAt { get; }

    /// <summary>What was known in words at the cutoff, about the past and about the time after it.</summary>
    public IReadOnlyList<Note> Notes { get; }

    /// <summary>Visible rows.</summary>
    public int Length => _times.Length;

    public ReadOnlySpan<Instant> Times => _times.Span;

    public IEnumerable<string> TargetNames => _columns.Where(c => c.Role == ColumnRole.Target).Select(c => c.Name);

    public string? Unit => _columns.First(c => c.Role == ColumnRole.Target).Unit;

    /// <summary>The first (usually the only) target; NaN where missing or not yet published.</summary>
    public ReadOnlySpan<double> Target => _columns.First(c => c.Role == ColumnRole.Target).Values.Span;

    /// <summary>Names of the columns that have the role.</summary>
    public IEnumerable<string> ColumnsOf(ColumnRole role) => _columns.Where(c => c.Role == role).Select(c => c.Name);

    /// <summary>Values of a column (one a visible row; a single one for a static column).</summary>
    /// <exception cref="ForecastException">No such column.</exception>
    public ReadOnlySpan<double> Values(string column) =>
        (_columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.Ordinal))
            ?? throw new ForecastException("column-unknown", $"series '{Id}' has no column '{column}'", column, Id)).Values.Span;

    /// <summary>
    /// Dates of the steps 1..<paramref name="horizon"/> after the last visible row, by frequency and calendar.
    /// </summary>
    /// <exception cref="ForecastException">The view has no rows.</exception>
    public IReadOnlyList<Instant> FutureTimes(int horizon)
    {
        if (Length == 0) throw new ForecastException("series-empty", $"series '{Id}' has no observation up to {Frequency.Format(Cutoff)}", "data", Id);
        var last = Times[^1];
        var future = new Instant[horizon];
        for (var h = 0; h < horizon; h++) future[h] = Frequency.Add(last, h + 1, Calendar);
        return future;
    }

    /// <summary>The same rows with other values of the first target (a transform of it).</summary>
    public SeriesView WithTarget(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != Length) throw new ArgumentException($"{values.Length} values for {Length} rows", nameof(values));
        var name = TargetNames.First();
        return new SeriesView(Id, Frequency, Calendar, Cutoff, _times,
            [.. _columns.Select(c => string.Equals(c.Name, name, StringComparison.Ordinal) ? c with { Values = values } : c)], LatestAvailableAt, Notes);
    }

    /// <summary>
    /// The first <paramref name="rows"/> rows, as a model of an inner walk-forward may see them; static columns stay. The values are those
    /// that stand in this view: what was revised since is seen as revised, but never beyond this view's cutoff.
    /// </summary>
    public SeriesView Head(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Length);
        return new SeriesView(Id, Frequency, Calendar, Times[rows - 1], _times[..rows],
            [.. _columns.Select(c => c.Role == ColumnRole.Static ? c : c with { Values = c.Values[..rows] })], LatestAvailableAt, Known(Notes, Times[rows - 1]));
    }

    /// <summary>Visible rows with an event time at or before <paramref name="instant"/>.</summary>
    public int RowsUntil(Instant instant)
    {
        var found = Times.BinarySearch(instant);
        return found >= 0 ? found + 1 : ~found;
    }

    internal static SeriesView Create(TimeSeries series, Instant cutoff, int? window)
    {
        var rows = series.RowsUntil(cutoff);
        var skip = window is { } w ? Math.Max(0, rows - w) : 0;
        var latest = Instant.MinValue;
        var columns = new List<ColumnView>(series.Columns.Count);
        foreach (var column in series.Columns)
        {
            var values = column.AsOf(cutoff, series.Times, rows, out var columnLatest);
            latest = Instant.Max(latest, columnLatest);
            columns.Add(new ColumnView(column.Name, column.Role, column.Unit, column.Role == ColumnRole.Static ? values : values[skip..]));
        }

        return new SeriesView(series.Id, series.Frequency, series.Calendar, cutoff, series.TimesUntil(rows)[skip..], columns, latest, Known(series.Notes, cutoff));
    }

    private static IReadOnlyList<Note> Known(IReadOnlyList<Note> notes, Instant cutoff) => notes.Count == 0 ? notes : [.. notes.Where(n => n.KnownFrom <= cutoff)];

    private sealed record ColumnView(string Name, ColumnRole Role, string? Unit, ReadOnlyMemory<double> Values);
}
