using System.Collections.Frozen;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Core.Data;

/// <summary>Series that share a frequency. <see cref="AsOf"/> is the only way a model ever sees history.</summary>
public sealed class Panel
{
    private readonly Lazy<string> _hash;
    private readonly FrozenDictionary<string, TimeSeries> _byId;

    public Panel(IReadOnlyList<TimeSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0) throw new ForecastException("no-series", "the data hold no series", "data");
        var byId = new Dictionary<string, TimeSeries>(StringComparer.Ordinal);
        foreach (var s in series)
        {
            if (!byId.TryAdd(s.Id, s)) throw new ForecastException("series-duplicate", $"series '{s.Id}' stands twice in the data", "unique_id", s.Id);
            if (s.Frequency != series[0].Frequency)
                throw new ForecastException("frequency-mixed", $"series '{s.Id}' has frequency {s.Frequency}, but '{series[0].Id}' has {series[0].Frequency}; a panel shares one", "frequency", s.Id);
        }

        Series = series;
        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        _hash = new Lazy<string>(ComputeHash);
    }

    public IReadOnlyList<TimeSeries> Series { get; }

    public Frequency Frequency => Series[0].Frequency;

    /// <summary>SHA-256 over ids, calendars, times, values, availability and revisions of every column, and notes, as lower-case hex.</summary>
    public string DataHash => _hash.Value;

    /// <exception cref="ForecastException">No such series.</exception>
    public TimeSeries this[string id] => _byId.GetValueOrDefault(id)
        ?? throw new ForecastException("series-unknown", $"there is no series '{id}'", "series", id);

    /// <summary>A panel of some of these series.</summary>
    public Panel Only(IEnumerable<string> ids) => new([.. ids.Select(id => this[id])]);

    /// <summary>
    /// What could be known at <paramref name="cutoff"/>: rows with an event time up to it, and of those the values published up
    /// to it, in the revision that stood then. Values not yet published are NaN.
    /// </summary>
    /// <param name="cutoff">Inclusive.</param>
    /// <param name="window">If given, only the last so many rows (rolling window), at least 1.</param>
    public PanelView AsOf(Instant cutoff, int? window = null)
    {
        if (window is < 1) throw new ArgumentOutOfRangeException(nameof(window), window, "a rolling window holds at least one row");
        return new PanelView(cutoff, [.. Series.Select(s => SeriesView.Create(s, cutoff, window))]);
    }

    /// <summary>Future covariates of the next <paramref name="horizon"/> rows after the cutoff, where they are known at the cutoff.</summary>
    public KnownFuture KnownFutureAfter(Instant cutoff, int horizon)
    {
        var bySeries = new Dictionary<string, SeriesFuture>(StringComparer.Ordinal);
        foreach (var s in Series)
        {
            var columns = s.Columns.Where(c => c.Role == ColumnRole.FutureCovariate).ToArray();
            if (columns.Length == 0) continue;
            var first = s.RowsUntil(cutoff);
            var values = new Dictionary<string, double[]>(StringComparer.Ordinal);
            foreach (var column in columns)
            {
                var future = new double[horizon];
                for (var h = 0; h < horizon; h++) future[h] = first + h < s.Length ? column.KnownAt(first + h, cutoff) : double.NaN;
                values[column.Name] = future;
            }

            bySeries[s.Id] = new SeriesFuture(values);
        }

        return bySeries.Count == 0 ? KnownFuture.None : new KnownFuture(bySeries);
    }

    private string ComputeHash()
    {
        using var sha = new HashWriter();
        sha.Text(Frequency.Code);
        sha.Number(Series.Count);
        foreach (var s in Series)
        {
            sha.Text(s.Id);
            sha.Text(s.Calendar.Name);
            sha.Number(s.Length);
            foreach (var time in s.Times) sha.Number(time.ToUnixTimeTicks());
            sha.Number(s.Columns.Count);
            foreach (var c in s.Columns)
            {
                sha.Text(c.Name);
                sha.Number((long)c.Role);
                foreach (var v in c.Values) sha.Value(v);
                sha.Number(c.AvailableAt.Length);
                foreach (var a in c.AvailableAt) sha.Number(a.ToUnixTimeTicks());
                sha.Number(c.Revisions.Count);
                foreach (var r in c.Revisions)
                {
                    sha.Number(r.Row);
                    sha.Number(r.AvailableAt.ToUnixTimeTicks());
                    sha.Value(r.Value);
                }
            }

            if (s.Notes.Count > 0) sha.Number(s.Notes.Count);
            foreach (var note in s.Notes)
            {
                sha.Text(note.Text);
                sha.Number(note.KnownFrom.ToUnixTimeTicks());
                sha.Number(note.From.ToUnixTimeTicks());
                sha.Number(note.To.ToUnixTimeTicks());
            }
        }

        return sha.Finish();
    }
}
