using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>
/// Reads a CSV of notes, what was known in words: <c>from</c> (start of the span) and <c>text</c>; <c>to</c> (its end, inclusive; left out
/// or empty = the start), <c>known_from</c> (left out or empty = the start: nothing is known before it happens unless somebody says so) and
/// <c>unique_id</c> (left out or empty = every series).
/// </summary>
public static class NotesReader
{
    private const string IdColumn = "unique_id";
    private static readonly string[] Known = ["from", "to", "known_from", IdColumn, "text"];

    /// <summary>The panel with the notes of a file on its series, beside those that are there.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ForecastException">A file, column, time or id at fault: names line and column.</exception>
    public static Panel Add(Panel panel, string path)
    {
        ArgumentNullException.ThrowIfNull(panel);
        if (!File.Exists(path)) throw new ForecastException("file-missing", $"file '{path}' does not exist", "notes");
        var notes = Read(path, panel);
        return new Panel([.. panel.Series.Select(s => s.WithNotes([.. s.Notes, .. notes.Where(n => n.Series is null || string.Equals(n.Series, s.Id, StringComparison.Ordinal)).Select(n => n.Note)]))]);
    }

    private static List<(string? Series, Note Note)> Read(string path, Panel panel)
    {
        using var csv = CsvInput.Open(path, path, DataSource.DefaultMaxBytes);
        var header = CsvHeader.Read(csv, path);
        if (Array.Find(["from", "text"], n => !header.Contains(n, StringComparer.Ordinal)) is { } missing) throw DataErrors.ColumnUnknown(path, missing, header);
        if (header.FirstOrDefault(n => !Known.Contains(n, StringComparer.Ordinal)) is { } strange)
            throw new ForecastException("note-column", $"{path}: column '{strange}' is none that notes have; they are {string.Join(", ", Known)}", strange);
        var ids = panel.Series.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var notes = new List<(string?, Note)>();
        while (csv.Read())
        {
            if (csv.RawRecord.IsEmpty) continue;
            if (csv.FieldCount != header.Count) throw DataErrors.FieldCount(path, csv.LineNumber, csv.FieldCount, header.Count);
            var fields = header.Select((name, i) => (name, Text: csv.GetString(i).Trim())).ToDictionary(f => f.name, f => f.Text, StringComparer.Ordinal);
            if (fields.GetValueOrDefault(IdColumn) is { Length: > 0 } id && !ids.Contains(id)) throw new ForecastException("series-unknown", $"{path} line {csv.LineNumber}: the data hold no series '{id}'", IdColumn, id);
            var from = Time("from", null);
            var note = new Note(Time("known_from", from), from, Time("to", from), fields["text"]);
            notes.Add((fields.GetValueOrDefault(IdColumn) is { Length: > 0 } own ? own : null, note));

            Instant Time(string column, Instant? otherwise)
            {
                if (fields.GetValueOrDefault(column) is not { Length: > 0 } text) return otherwise ?? throw DataErrors.TimestampInvalid(path, csv.LineNumber, column, "");
                return Parse(text, panel.Frequency) ?? throw (panel.Frequency.IsIndex ? DataErrors.RowNumberInvalid(path, csv.LineNumber, column, text) : DataErrors.TimestampInvalid(path, csv.LineNumber, column, text));
            }
        }

        return notes;
    }

    private static Instant? Parse(string text, Frequency frequency)
    {
        if (frequency.IsIndex) return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? Instant.FromUnixTimeSeconds(row) : null;
        if (!Timestamp.TryParse(text, out var time)) return null;
        var local = LocalDateTime.FromDateTime(new DateTime(time.LocalTicks, DateTimeKind.Unspecified));
        return local.InUtc().ToInstant() - Duration.FromMinutes(time.OffsetMinutes ?? 0);
    }
}
