using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store.Datasets;

/// <summary>Puts the rows of the observation tables together again.</summary>
internal sealed class PanelReader(StoreSession session, string datasetId)
{
    private const string Series = """
        SELECT position AS Position, series_id AS SeriesId, unit AS Unit, calendar AS Calendar, row_count AS RowCount
        FROM series WHERE dataset_id = @datasetId
        """;

    private const string Columns = """
        SELECT series_position AS SeriesPosition, position AS Position, name AS Name, role AS Role, unit AS Unit, own_availability AS OwnAvailability
        FROM series_columns WHERE dataset_id = @datasetId ORDER BY series_position, position
        """;

    private const string Times = """
        SELECT event_times AS Times FROM observation_times
        WHERE dataset_id = @datasetId AND series_position = @position ORDER BY block
        """;

    private const string Values = """
        SELECT column_position AS ColumnPosition, observed AS Observed, available_at AS AvailableAt FROM observation_values
        WHERE dataset_id = @datasetId AND series_position = @position ORDER BY column_position, block
        """;

    private const string Revisions = """
        SELECT column_position AS ColumnPosition, row_numbers AS RowNumbers, available_at AS AvailableAt, revised AS Revised FROM observation_revisions
        WHERE dataset_id = @datasetId AND series_position = @position ORDER BY column_position, block
        """;

    private const string Notes = """
        SELECT known_from AS KnownFrom, span_from AS SpanFrom, span_to AS SpanTo, words AS Words FROM notes
        WHERE dataset_id = @datasetId AND series_position = @position ORDER BY position
        """;

    public async Task<IReadOnlyList<StoredSeries>> SeriesAsync()
    {
        var rows = await session.QueryAsync<SeriesRow>($"{Series} ORDER BY position", new { datasetId });
        var columns = await ColumnsAsync();
        return [.. rows.Select(s => new StoredSeries(s.SeriesId, s.Unit, s.Calendar, (int)s.RowCount, [.. columns[s.Position].Select(c => new StoredColumn(c.Name, StoredText.Parse<ColumnRole>(c.Role), c.Unit))]))];
    }

    /// <exception cref="ForecastException">A series that is not there, or blocks that do not fit together.</exception>
    public async Task<Panel> PanelAsync(StoreDatabase database, Frequency frequency, IReadOnlyCollection<string>? only)
    {
        var rows = only is null
            ? await session.QueryAsync<SeriesRow>($"{Series} ORDER BY position", new { datasetId })
            : await session.QueryAsync<SeriesRow>($"{Series} AND {database.In("series_id", "ids")} ORDER BY position", new { datasetId, ids = database.List(only) });
        var missing = only?.Except(rows.Select(r => r.SeriesId), StringComparer.Ordinal).FirstOrDefault();
        if (missing is not null) throw new ForecastException("series-unknown", $"the dataset has no series '{missing}'", "series", missing);

        var columns = await ColumnsAsync();
        var series = new List<TimeSeries>(rows.Count);
        foreach (var row in rows) series.Add(await SeriesOfAsync(row, [.. columns[row.Position]], frequency));
        return new Panel(series);
    }

    private async Task<ILookup<long, ColumnRow>> ColumnsAsync() =>
        (await session.QueryAsync<ColumnRow>(Columns, new { datasetId })).ToLookup(c => c.SeriesPosition);

    private async Task<TimeSeries> SeriesOfAsync(SeriesRow row, IReadOnlyList<ColumnRow> columns, Frequency frequency)
    {
        var key = new { datasetId, position = row.Position };
        var times = (await session.QueryAsync<byte[]>(Times, key)).SelectMany(b => Blob.Instants(b, row.SeriesId)).ToArray();
        if (times.Length != row.RowCount)
            throw new ForecastException("store-corrupt", $"series '{row.SeriesId}' has {times.Length} stored times for {row.RowCount} rows", "store", row.SeriesId);
        var values = (await session.QueryAsync<ValueRow>(Values, key)).ToLookup(v => v.ColumnPosition);
        var revisions = (await session.QueryAsync<RevisionRow>(Revisions, key)).ToLookup(r => r.ColumnPosition);
        var notes = await session.QueryAsync<NoteRow>(Notes, key);
        return new TimeSeries(row.SeriesId, frequency, times, [.. columns.Select(c => ColumnOf(c, values[c.Position], revisions[c.Position]))], TradingCalendar.Get(row.Calendar))
        {
            Notes = [.. notes.Select(n => new Note(Micros.ToInstant(n.KnownFrom), Micros.ToInstant(n.SpanFrom), Micros.ToInstant(n.SpanTo), n.Words))],
        };
    }

    private static Column ColumnOf(ColumnRow column, IEnumerable<ValueRow> values, IEnumerable<RevisionRow> revisions)
    {
        ValueRow[] blocks = [.. values];
        Instant[]? availableAt = column.OwnAvailability == 0 ? null : [.. blocks.SelectMany(b => Blob.Instants(b.AvailableAt, column.Name))];
        return new Column(column.Name, StoredText.Parse<ColumnRole>(column.Role), [.. blocks.SelectMany(b => Blob.Doubles(b.Observed, column.Name))], availableAt, revisions.SelectMany(r => RevisionsOf(r, column.Name)), column.Unit);
    }

    private static IEnumerable<Revision> RevisionsOf(RevisionRow row, string column)
    {
        var rows = Blob.Ints(row.RowNumbers, column);
        var times = Blob.Instants(row.AvailableAt, column);
        var values = Blob.Doubles(row.Revised, column);
        for (var i = 0; i < rows.Length; i++) yield return new Revision(rows[i], times[i], values[i]);
    }

    private sealed class SeriesRow
    {
        public long Position { get; init; }

        public string SeriesId { get; init; } = "";

        public string? Unit { get; init; }

        public string Calendar { get; init; } = "";

        public long RowCount { get; init; }
    }

    private sealed class ColumnRow
    {
        public long SeriesPosition { get; init; }

        public long Position { get; init; }

        public string Name { get; init; } = "";

        public string Role { get; init; } = "";

        public string? Unit { get; init; }

        public long OwnAvailability { get; init; }
    }

    private sealed class ValueRow
    {
        public long ColumnPosition { get; init; }

        public byte[] Observed { get; init; } = [];

        public byte[] AvailableAt { get; init; } = [];
    }

    private sealed class RevisionRow
    {
        public long ColumnPosition { get; init; }

        public byte[] RowNumbers { get; init; } = [];

        public byte[] AvailableAt { get; init; } = [];

        public byte[] Revised { get; init; } = [];
    }

    private sealed class NoteRow
    {
        public long KnownFrom { get; init; }

        public long SpanFrom { get; init; }

        public long SpanTo { get; init; }

        public string Words { get; init; } = "";
    }
}
