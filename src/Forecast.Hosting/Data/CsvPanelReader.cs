using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CsvHelper;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>Reads one CSV file, record by record, into tables of rows, and those into series.</summary>
internal sealed class CsvPanelReader
{
    private const long EpochTicks = 621_355_968_000_000_000;
    private readonly FileRequest _request;
    private readonly CsvReader _csv;
    private readonly Dictionary<string, RowTable> _tables = new(StringComparer.Ordinal);
    private readonly bool _keepsZone;
    private ColumnLayout _layout = null!;
    private FileColumn[] _numbers = [];
    private bool? _numbered;
    private RowTable? _last;

    private CsvPanelReader(FileRequest request, CsvReader csv)
    {
        _request = request;
        _csv = csv;

        // A dated row keeps its date: only times within the day are moved to UTC.
        _keepsZone = request.Frequency?.IsIntraday ?? true;
    }

    /// <exception cref="Core.ForecastException">The file cannot be read as asked.</exception>
    public static IReadOnlyList<SeriesDraft> Read(FileRequest request, CancellationToken ct)
    {
        using var csv = CsvInput.Open(request);
        var reader = new CsvPanelReader(request, csv);
        return Guarded(request.Display, () =>
        {
            reader.ReadRows(ct);
            return reader.Assemble();
        });
    }

    /// <summary>The series of a long file in parts, each read when it is asked for; the rows of a series stand together.</summary>
    /// <param name="request">The file.</param>
    /// <param name="most">Series of a part.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Core.ForecastException">The file cannot be read as asked, is not long, or has rows of a series apart.</exception>
    public static IEnumerable<IReadOnlyList<SeriesDraft>> ReadParts(FileRequest request, int most, CancellationToken ct)
    {
        using var csv = CsvInput.Open(request);
        using var parts = new CsvPanelReader(request, csv).Parts(most, ct).GetEnumerator();
        while (Guarded(request.Display, parts.MoveNext)) yield return parts.Current;
    }

    private static T Guarded<T>(string display, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException e)
        {
            throw DataErrors.RecordTooLong(display, Math.Max(1, e.LineNumber));
        }
    }

    /// <summary>Reads header and first row.</summary>
    /// <returns>How many columns there are, and the series that are wanted; null = all.</returns>
    private (int Columns, HashSet<string>? Picks) Begin()
    {
        var header = CsvHeader.Read(_csv, _request.Display);
        if (!NextRow(header.Count)) throw DataErrors.HeaderOnly(_request.Display);
        _layout = ColumnLayout.Of(_request, header, [.. Enumerable.Range(0, Math.Min(_csv.FieldCount, header.Count)).Select(_csv.GetString)]);
        _numbers = [.. _layout.Numbers];
        return (header.Count, _layout.Id is null || _request.Picks.Count == 0 ? null : _request.Picks.ToHashSet(StringComparer.Ordinal));
    }

    private IEnumerable<IReadOnlyList<SeriesDraft>> Parts(int most, CancellationToken ct)
    {
        var (columns, picks) = Begin();
        if (_layout.Id is null) throw DataErrors.PartsOfWide(_request.Display);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var before = _last;
            var table = RowOf(columns);
            if (!ReferenceEquals(before, table))
            {
                ct.ThrowIfCancellationRequested();
                if (!seen.Add(table.Id)) throw DataErrors.SeriesScattered(_request.Display, _csv.LineNumber, table.Id);
                if (picks?.Contains(table.Id) == false) _tables.Remove(table.Id);
                else if (_tables.Count > most) yield return Cut(table);
            }

            if (picks?.Contains(table.Id) != false) ReadRow(table);
        }
        while (NextRow(columns));

        if (picks?.FirstOrDefault(p => !seen.Contains(p)) is { } unknown) throw DataErrors.SeriesUnknown(_request.Display, unknown);
        yield return Assemble();
    }

    /// <summary>The series read so far, all but the one that begins.</summary>
    private List<SeriesDraft> Cut(RowTable next)
    {
        _tables.Remove(next.Id);
        var part = Assemble();
        _tables.Clear();
        _tables[next.Id] = next;
        return part;
    }

    private RowTable RowOf(int columns)
    {
        if (_csv.FieldCount != columns) throw DataErrors.FieldCount(_request.Display, _csv.LineNumber, _csv.FieldCount, columns);
        return Table();
    }

    private void ReadRows(CancellationToken ct)
    {
        var (columns, picks) = Begin();
        var rows = 0;
        do
        {
            if ((++rows & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
            var table = RowOf(columns);
            if (picks?.Contains(table.Id) == false) continue;
            ReadRow(table);
        }
        while (NextRow(columns));

        if (picks is null) return;
        foreach (var table in _tables.Keys.Except(picks, StringComparer.Ordinal).ToArray()) _tables.Remove(table);
        if (_request.Picks.FirstOrDefault(p => !_tables.ContainsKey(p)) is { } unknown) throw DataErrors.SeriesUnknown(_request.Display, unknown);
    }

    /// <summary>Moves to the next row. Empty lines are passed over, but in a file of one column they are missing values, unless they end it.</summary>
    private bool NextRow(int columns)
    {
        while (_csv.Read())
        {
            if (columns == 1 || _csv.FieldCount > 1 || !_csv.RawRecord.IsEmpty) return true;
        }

        return false;
    }

    private RowTable Table()
    {
        if (_layout.Id is not { } id) return _last ??= Add(_request.Stem);
        var field = _csv.GetSpan(id.Index);
        if (field.IsEmpty) throw DataErrors.IdMissing(_request.Display, _csv.LineNumber, id.Name);
        if (_last is not null && Same(field, _last.Id)) return _last;
        var name = Encoding.UTF8.GetString(field);
        return _last = _tables.GetValueOrDefault(name) ?? Add(name);

        RowTable Add(string name) => _tables[name] = new RowTable(name, _numbers.Length, _layout.Available is not null);
    }

    private static bool Same(ReadOnlySpan<byte> field, string id)
    {
        if (field.Length != id.Length) return false;
        for (var i = 0; i < id.Length; i++)
        {
            if (field[i] != id[i] || id[i] > 127) return false;
        }

        return true;
    }

    private void ReadRow(RowTable table)
    {
        table.Times.Add(Time(table));
        table.Lines.Add((int)_csv.LineNumber);
        table.Available?.Add(Available(table, _layout.Available!.Value));
        for (var c = 0; c < _numbers.Length; c++) table.Numbers[c].Add(Number(_numbers[c]));
    }

    private Instant Time(RowTable table)
    {
        if (_layout.Time is not { } column)
        {
            if (_request.Frequency is { IsIndex: false } dated) throw DataErrors.FrequencyWithoutTime(_request.Display, dated.Code);
            _numbered = true;
            return Instant.FromUnixTimeSeconds(table.Times.Count + 1);
        }

        var field = _csv.GetSpan(column.Index);
        _numbered ??= IsNumbered(column, field);
        return _numbered.Value ? RowNumber(column, field) : Dated(table, column, field, inOrder: table.Available is null);
    }

    private Instant RowNumber(FileColumn column, ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out int row, out var used) && used == field.Length
            ? Instant.FromUnixTimeSeconds(row)
            : throw DataErrors.RowNumberInvalid(_request.Display, _csv.LineNumber, column.Name, Encoding.UTF8.GetString(field));

    /// <summary>Whether the time column numbers rows: whole numbers that are no years (<c>1949</c>) or days (<c>19490131</c>) by name and frequency.</summary>
    private bool IsNumbered(FileColumn column, ReadOnlySpan<byte> field)
    {
        var whole = Utf8Parser.TryParse(field, out long number, out var used) && used == field.Length;
        var stated = _request.Frequency;
        var looksDated = Timestamp.TryParse(field, out _);
        if (!whole)
        {
            return stated is { IsIndex: true } && looksDated ? throw DataErrors.IndexOfDates(_request.Display, column.Name) : false;
        }

        if (stated is not null)
        {
            if (stated.IsIndex) return true;
            return looksDated ? false : throw DataErrors.FrequencyOfIndex(_request.Display, column.Name, stated.Code);
        }

        var calledDate = column.Name.Equals("date", StringComparison.OrdinalIgnoreCase) || column.Name.Equals("year", StringComparison.OrdinalIgnoreCase);
        return !(looksDated && (calledDate || number is > 1800_00_00 and < 2200_00_00));
    }

    private Instant Available(RowTable table, FileColumn column)
    {
        var field = _csv.GetSpan(column.Index);
        if (field.IsEmpty) return table.Times[^1];
        return _numbered == true ? RowNumber(column, field) : Dated(table, column, field, inOrder: false);
    }

    private Instant Dated(RowTable table, FileColumn column, ReadOnlySpan<byte> field, bool inOrder)
    {
        if (!Timestamp.TryParse(field, out var stamp))
            throw DataErrors.TimestampInvalid(_request.Display, _csv.LineNumber, column.Name, Encoding.UTF8.GetString(field));
        var local = Instant.FromUnixTimeTicks(stamp.LocalTicks - EpochTicks);
        var zone = _request.Zone;
        if (stamp.OffsetMinutes is { } offset)
        {
            var instant = local - Duration.FromMinutes(offset);
            return _keepsZone ? instant : zone is null ? local : instant.InZone(zone).LocalDateTime.InUtc().ToInstant();
        }

        if (zone is null || !_keepsZone) return local;
        if (inOrder) return (table.Local ??= new LocalTimes(_request, column.Name, zone)).Resolve(local.InUtc().LocalDateTime, _csv.LineNumber);
        var alone = new LocalTimes(_request, column.Name, zone);
        var resolved = alone.Resolve(local.InUtc().LocalDateTime, _csv.LineNumber);
        alone.Close();
        return resolved;
    }

    private double Number(FileColumn column)
    {
        var field = _csv.GetSpan(column.Index);
        if (field.IsEmpty) return double.NaN;
        if (double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
        {
            if (double.IsFinite(value)) return value;
            if (!double.IsNaN(value)) throw DataErrors.ValueInfinite(_request.Display, _csv.LineNumber, column.Name, Encoding.UTF8.GetString(field));
        }

        var text = Encoding.UTF8.GetString(field);
        return IsMissing(text) ? double.NaN : throw DataErrors.NumberInvalid(_request.Display, _csv.LineNumber, column.Name, text);
    }

    private static bool IsMissing(string text) => text.Trim().ToUpperInvariant() is "" or "NA" or "N/A" or "NAN" or "NULL";

    private List<SeriesDraft> Assemble()
    {
        var numbered = _numbered ?? true;
        var frequency = _request.Frequency ?? (numbered ? Frequency.Index : throw DataErrors.FrequencyMissing(_request.Display, FrequencyHint.Of(_tables.Values.First().Times)));
        var assembler = new SeriesAssembler(_request, _layout, frequency);
        return [.. _tables.Values.SelectMany(assembler.Assemble)];
    }
}
