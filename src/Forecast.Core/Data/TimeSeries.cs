using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Core.Data;

/// <summary>Observations of one thing over time: strictly ascending event times (UTC) and the columns measured at them.</summary>
public sealed class TimeSeries
{
    private readonly Instant[] _times;
    private readonly IReadOnlyList<Note> _notes = [];

    /// <exception cref="ForecastException">
    /// Times that do not strictly ascend, lengths that differ, an infinite value, a column name used twice, or no target; the
    /// error names series, column and row.
    /// </exception>
    public TimeSeries(string id, Frequency frequency, Instant[] times, IReadOnlyList<Column> columns, TradingCalendar? calendar = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(frequency);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(columns);
        Id = id;
        Frequency = frequency;
        Calendar = calendar ?? (frequency.IsBusinessDay ? TradingCalendar.BusinessDays : TradingCalendar.AlwaysOpen);
        Columns = columns;
        _times = times;
        CheckTimes();
        CheckColumns();
        Targets = [.. columns.Where(c => c.Role == ColumnRole.Target)];
        if (Targets.Count == 0) throw new ForecastException("no-target", $"series '{id}' has no target column", "columns", id);
    }

    public string Id { get; }

    public Frequency Frequency { get; }

    public TradingCalendar Calendar { get; }

    public IReadOnlyList<Column> Columns { get; }

    public IReadOnlyList<Column> Targets { get; }

    /// <summary>What is known about it in words, by the time from which it was known.</summary>
    /// <exception cref="ForecastException">A note without words, with too many, or with a span that ends before it begins.</exception>
    public IReadOnlyList<Note> Notes
    {
        get => _notes;
        init
        {
            foreach (var note in value) note.Check(Id);
            _notes = [.. value.OrderBy(n => n.KnownFrom).ThenBy(n => n.From)];
        }
    }

    /// <summary>Unit of the first target.</summary>
    public string? Unit => Targets[0].Unit;

    public int Length => _times.Length;

    public ReadOnlySpan<Instant> Times => _times;

    /// <summary>A series with one target and no covariates.</summary>
    public static TimeSeries Univariate(string id, Frequency frequency, Instant[] times, double[] values, TradingCalendar? calendar = null, string? unit = null) =>
        new(id, frequency, times, [new Column(id, ColumnRole.Target, values, unit: unit)], calendar);

    /// <summary>The same observations with other notes.</summary>
    public TimeSeries WithNotes(IReadOnlyList<Note> notes) => new(Id, Frequency, _times, Columns, Calendar) { Notes = notes };

    /// <summary>Rows with an event time at or before <paramref name="instant"/>.</summary>
    public int RowsUntil(Instant instant)
    {
        var found = Array.BinarySearch(_times, instant);
        return found >= 0 ? found + 1 : ~found;
    }

    internal ReadOnlyMemory<Instant> TimesUntil(int rows) => _times.AsMemory(0, rows);

    private void CheckTimes()
    {
        for (var t = 1; t < _times.Length; t++)
        {
            if (_times[t] > _times[t - 1]) continue;
            var (code, what) = _times[t] == _times[t - 1] ? ("timestamp-duplicate", "stands twice") : ("timestamps-unsorted", $"comes after {Frequency.Format(_times[t - 1])}");
            throw new ForecastException(code, $"series '{Id}' row {t}: timestamp {Frequency.Format(_times[t])} {what}; times must strictly ascend", "timestamp", Id, t);
        }
    }

    private void CheckColumns()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            if (!names.Add(column.Name))
                throw new ForecastException("column-duplicate", $"series '{Id}' has two columns named '{column.Name}'", column.Name, Id);
            var expected = column.Role == ColumnRole.Static ? 1 : _times.Length;
            if (column.Values.Length != expected)
                throw new ForecastException("column-length", $"series '{Id}' column '{column.Name}' has {column.Values.Length} values for {expected} rows", column.Name, Id);
            var infinite = column.Values.IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
            if (infinite >= 0)
                throw new ForecastException("value-infinite", $"series '{Id}' column '{column.Name}' row {infinite}: infinite value; leave the field empty if it is missing", column.Name, Id, infinite);
            CheckRevisions(column);
        }
    }

    private void CheckRevisions(Column column)
    {
        foreach (var revision in column.Revisions)
        {
            if (double.IsInfinity(revision.Value))
                throw new ForecastException("value-infinite", $"series '{Id}' column '{column.Name}' row {revision.Row}: infinite value in a revision", column.Name, Id, revision.Row);
            if (column.Role == ColumnRole.Static) continue;
            var first = column.AvailableAt.IsEmpty ? _times[revision.Row] : column.AvailableAt[revision.Row];

            // Of a future covariate without times of publication every value is known always, so its revisions may come at any time.
            if (revision.AvailableAt <= first && !(column.Role == ColumnRole.FutureCovariate && column.AvailableAt.IsEmpty))
                throw new ForecastException("revision-order", $"series '{Id}' column '{column.Name}' row {revision.Row}: a revision is dated {Frequency.Format(revision.AvailableAt)}, not after the first publication", column.Name, Id, revision.Row);
        }
    }
}
