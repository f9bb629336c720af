using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Store.Database;

namespace Forecast.Store.Datasets;

/// <summary>Cuts a panel into rows of the observation tables.</summary>
internal static class PanelWriter
{
    /// <summary>Rows of a block: large enough that the key costs nothing, small enough to append to and to read in part.</summary>
    public const int BlockRows = 16_384;

    private static readonly string[] SeriesColumns = ["dataset_id", "series_id", "position", "unit", "calendar", "row_count"];
    private static readonly string[] ColumnColumns = ["dataset_id", "series_position", "position", "name", "role", "unit", "own_availability"];
    private static readonly string[] TimeColumns = ["dataset_id", "series_position", "block", "row_count", "event_times"];
    private static readonly string[] ValueColumns = ["dataset_id", "series_position", "column_position", "block", "row_count", "observed", "available_at"];
    private static readonly string[] NoteColumns = ["dataset_id", "series_position", "position", "known_from", "span_from", "span_to", "words"];
    private static readonly string[] RevisionColumns = ["dataset_id", "series_position", "column_position", "block", "revision_count", "row_numbers", "available_at", "revised"];

    /// <exception cref="ForecastException">A text that cannot be stored, or a time finer than a microsecond: names series, column and row.</exception>
    public static async Task WriteAsync(StoreSession session, string datasetId, Panel panel)
    {
        await session.BulkInsertAsync("series", SeriesColumns, panel.Series.Select((s, i) => SeriesRow(datasetId, s, i)));
        await session.BulkInsertAsync("series_columns", ColumnColumns, panel.Series.SelectMany((s, i) => s.Columns.Select((c, k) => ColumnRow(datasetId, s, i, c, k))));
        await session.BulkInsertAsync("observation_times", TimeColumns, panel.Series.SelectMany((s, i) => TimeRows(datasetId, s, i)));
        await session.BulkInsertAsync("observation_values", ValueColumns, panel.Series.SelectMany((s, i) => s.Columns.SelectMany((c, k) => ValueRows(datasetId, s, i, c, k))));
        await session.BulkInsertAsync("observation_revisions", RevisionColumns, panel.Series.SelectMany((s, i) => s.Columns.SelectMany((c, k) => RevisionRows(datasetId, s, i, c, k))));
        await session.BulkInsertAsync("notes", NoteColumns, panel.Series.SelectMany((s, i) => s.Notes.Select((n, k) => NoteRow(datasetId, s.Id, i, n, k))));
    }

    private static object?[] SeriesRow(string datasetId, TimeSeries series, int position) =>
        [datasetId, StoredText.Checked(series.Id, "series"), (long)position, StoredText.Optional(series.Unit, "unit"), series.Calendar.Name, (long)series.Length];

    private static object?[] ColumnRow(string datasetId, TimeSeries series, int seriesPosition, Column column, int position) =>
    [
        datasetId, (long)seriesPosition, (long)position, StoredText.Checked(column.Name, "column", series.Id), StoredText.Word(column.Role),
        StoredText.Optional(column.Unit, "unit"), column.AvailableAt.Length > 0 ? 1L : 0L,
    ];

    private static IEnumerable<object?[]> TimeRows(string datasetId, TimeSeries series, int position)
    {
        foreach (var (block, first, count) in Blocks(series.Length))
            yield return [datasetId, (long)position, (long)block, (long)count, Blob.Of(series.Times.Slice(first, count), "timestamp", series.Id, first)];
    }

    private static IEnumerable<object?[]> ValueRows(string datasetId, TimeSeries series, int seriesPosition, Column column, int position)
    {
        foreach (var (block, first, count) in Blocks(column.Values.Length))
        {
            var availableAt = column.AvailableAt.Length == 0 ? [] : Blob.Of(column.AvailableAt.Slice(first, count), $"{column.Name}.availableAt", series.Id, first);
            yield return [datasetId, (long)seriesPosition, (long)position, (long)block, (long)count, Blob.Of(column.Values.Slice(first, count)), availableAt];
        }
    }

    private static IEnumerable<object?[]> RevisionRows(string datasetId, TimeSeries series, int seriesPosition, Column column, int position)
    {
        foreach (var (block, first, count) in Blocks(column.Revisions.Count))
        {
            var revisions = column.Revisions.Skip(first).Take(count).ToArray();
            var rows = Array.ConvertAll(revisions, r => r.Row);
            var times = Array.ConvertAll(revisions, r => Micros.Exact(r.AvailableAt, $"{column.Name}.revision", series.Id, r.Row));
            var values = Array.ConvertAll(revisions, r => r.Value);
            yield return [datasetId, (long)seriesPosition, (long)position, (long)block, (long)count, Blob.Of(rows), Blob.Of(times), Blob.Of(values)];
        }
    }

    private static object?[] NoteRow(string datasetId, string series, int seriesPosition, Note note, int position) =>
    [
        datasetId, (long)seriesPosition, (long)position, Micros.Exact(note.KnownFrom, "note.known_from", series), Micros.Exact(note.From, "note.from", series), Micros.Exact(note.To, "note.to", series),
        StoredText.Checked(note.Text, "note", series),
    ];

    private static IEnumerable<(int Block, int First, int Count)> Blocks(int rows)
    {
        for (var first = 0; first < rows; first += BlockRows)
            yield return (first / BlockRows, first, Math.Min(BlockRows, rows - first));
    }
}
