using NodaTime;

namespace Forecast.Core.Data;

/// <summary>What a column is to a forecaster.</summary>
public enum ColumnRole
{
    /// <summary>To be forecast.</summary>
    Target,

    /// <summary>Known up to the cutoff only.</summary>
    PastCovariate,

    /// <summary>Known in advance (holidays, plans); travels to the model as <see cref="KnownFuture"/>.</summary>
    FutureCovariate,

    /// <summary>One value for the whole series.</summary>
    Static,
}

/// <summary>A later publication of a value that stood there before (a revised GDP figure).</summary>
/// <param name="Row">Zero-based row of the series.</param>
/// <param name="AvailableAt">From when on the revised value was known.</param>
/// <param name="Value">The revised value; NaN withdraws it.</param>
public readonly record struct Revision(int Row, Instant AvailableAt, double Value);

/// <summary>
/// One measured quantity of a series: values, NaN where missing, and from when on each could be known. Without own times a
/// value is available at its row's event time; a future covariate always.
/// </summary>
public sealed class Column
{
    private readonly double[] _values;
    private readonly Instant[]? _availableAt;
    private readonly Revision[] _revisions;

    /// <param name="name">Name, unique within its series.</param>
    /// <param name="role">What the column is to a forecaster.</param>
    /// <param name="values">One value a row (exactly one for <see cref="ColumnRole.Static"/>).</param>
    /// <param name="availableAt">First publication of each row; null = at the event time.</param>
    /// <param name="revisions">Later publications, in any order.</param>
    /// <param name="unit">Unit of the values.</param>
    public Column(string name, ColumnRole role, double[] values, Instant[]? availableAt = null, IEnumerable<Revision>? revisions = null, string? unit = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        if (availableAt is not null && availableAt.Length != values.Length)
            throw new ForecastException("available-at-length", $"column '{name}' has {values.Length} values but {availableAt.Length} times of availability", name);
        Name = name;
        Role = role;
        Unit = unit;
        _values = values;
        _availableAt = availableAt;
        _revisions = revisions is null ? [] : [.. revisions.OrderBy(r => r.AvailableAt).ThenBy(r => r.Row)];
        foreach (var revision in _revisions)
        {
            if (revision.Row < 0 || revision.Row >= values.Length)
                throw new ForecastException("revision-row", $"column '{name}' has a revision of row {revision.Row}, but only {values.Length} rows", name, index: revision.Row);
        }
    }

    public string Name { get; }

    public ColumnRole Role { get; }

    public string? Unit { get; }

    /// <summary>True when some value became known at another time than its event.</summary>
    public bool HasOwnAvailability => _availableAt is not null || _revisions.Length > 0;

    public IReadOnlyList<Revision> Revisions => _revisions;

    /// <summary>First published values, all rows. For readers of data, not for models: those see <see cref="SeriesView"/>.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>First publication of each row, or empty when that is the event time.</summary>
    public ReadOnlySpan<Instant> AvailableAt => _availableAt;

    /// <summary>The values of the first <paramref name="rows"/> rows as they stood at the cutoff, and the latest publication among them.</summary>
    internal ReadOnlyMemory<double> AsOf(Instant cutoff, ReadOnlySpan<Instant> eventTimes, int rows, out Instant latest)
    {
        latest = Instant.MinValue;
        if (Role == ColumnRole.Static) return _values;
        if (!HasOwnAvailability)
        {
            if (rows > 0 && Role != ColumnRole.FutureCovariate) latest = eventTimes[rows - 1];
            return _values.AsMemory(0, rows);
        }

        var seen = _values.AsSpan(0, rows).ToArray();
        for (var t = 0; t < rows; t++)
        {
            if (_availableAt is null) latest = Instant.Max(latest, eventTimes[t]);
            else if (_availableAt[t] <= cutoff) latest = Instant.Max(latest, _availableAt[t]);
            else seen[t] = double.NaN;
        }

        foreach (var revision in _revisions)
        {
            if (revision.AvailableAt > cutoff) break;
            if (revision.Row >= rows) continue;
            seen[revision.Row] = revision.Value;
            latest = Instant.Max(latest, revision.AvailableAt);
        }

        return seen;
    }

    /// <summary>The value of a future row if it is known at the cutoff, else NaN.</summary>
    internal double KnownAt(int row, Instant cutoff)
    {
        if (_availableAt is not null && _availableAt[row] > cutoff) return double.NaN;
        var value = _values[row];
        foreach (var revision in _revisions)
        {
            if (revision.AvailableAt > cutoff) break;
            if (revision.Row == row) value = revision.Value;
        }

        return value;
    }
}
