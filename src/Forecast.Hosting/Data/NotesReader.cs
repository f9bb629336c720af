using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>
/// Reads a CSV of notes, what was known in words: <c>from</c> (start of the span) and <c>text</c>; <c>to</c> (its end, inclusive, of which a
/// bare date means the whole day; left out or empty = as <c>from</c>), <c>known_from</c> (left out or empty = the start: nothing is known before it happens unless somebody says so) and
/// <c>unique_id</c> (left out or empty = every series).
/// </summary>
public static class NotesReader
{
    private const string IdColumn = "unique_id";
    private static readonly string[] Known = ["from", "to", "known_from", IdColumn, "text"];

    /// <summary>The panel with the notes of a file on its series, beside those that are there.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="path">The file.</param>
    /// <param name="zone">Time zone of times without an offset, as of the data; null = UTC.</param>
    /// <exception cref="ForecastException">A file, column, time or id at fault: names line and column.</exception>
    public static Panel Add(Panel panel, string path, string? zone = null)
    {
        ArgumentNullException.ThrowIfNull(panel);
        if (!File.Exists(path)) throw new ForecastException("file-missing", $"file '{path}' does not exist", "notes");
        var notes = Read(path, panel, DataSource.Zone(zone) ?? DateTimeZone.Utc);
        return new Panel([.. panel.Series.Select(s => s.WithNotes([.. s.Notes, .. notes.Where(n => n.Series is null || string.Equals(n.Series, s.Id, StringComparison.Ordinal)).Select(n => n.Note)]))]);
    }

    private static List<(string? Series, Note Note)> Read(string path, Panel panel, DateTimeZone zone)
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
            var from = Time("from", "from");
            var note = new Note(Time("known_from", "from"), from, Time("to", "from", endOfDay: true), fields["text"]);
            notes.Add((fields.GetValueOrDefault(IdColumn) is { Length: > 0 } own ? own : null, note));

            Instant Time(string column, string otherwise, bool endOfDay = false)
            {
                var text = fields.GetValueOrDefault(column) is { Length: > 0 } own ? own : fields[otherwise];
                return Parse(text, panel.Frequency, zone, endOfDay) ?? throw (panel.Frequency.IsIndex ? DataErrors.RowNumberInvalid(path, csv.LineNumber, column, text) : DataErrors.TimestampInvalid(path, csv.LineNumber, column, text));
            }
        }

        return notes;
    }

    /// <summary>An hour that clocks skip is read as the one after it, one that comes twice as the earlier: a note is no measurement.</summary>
    private static Instant? Parse(string text, Frequency frequency, DateTimeZone zone, bool endOfDay)
    {
        if (frequency.IsIndex) return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? Instant.FromUnixTimeSeconds(row) : null;
        if (!Timestamp.TryParse(text, out var time)) return null;
        var local = LocalDateTime.FromDateTime(new DateTime(time.LocalTicks, DateTimeKind.Unspecified));
        if (endOfDay && !text.Contains(':', StringComparison.Ordinal)) local = local.Date.PlusDays(1).AtMidnight().PlusTicks(-10);
        return time.OffsetMinutes is { } offset ? local.InUtc().ToInstant() - Duration.FromMinutes(offset) : local.InZoneLeniently(zone).ToInstant();
    }
}
