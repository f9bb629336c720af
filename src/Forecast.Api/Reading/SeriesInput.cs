using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Api.Reading;

/// <summary>A series of a request: its history, and what is known of its future.</summary>
internal sealed record SeriesInput(TimeSeries History, SeriesFuture Future);

/// <summary>Reads one entry of <c>series</c>.</summary>
internal sealed class SeriesInputReader(Frequency frequency, TradingCalendar? calendar, int horizon, ApiLimits limits)
{
    /// <summary>Null when something is wrong, which is then among the faults.</summary>
    public SeriesInput? Read(ObjectReader body)
    {
        var before = body.Faults.Count;
        var id = body.Text("id", limits.TextLength, required: true);
        if (id is not null && string.IsNullOrWhiteSpace(id)) body.Fault("id", "text-empty", "'id' is blank");
        var unit = body.Text("unit", limits.TextLength);
        var start = body.Text("start", limits.TextLength);
        var timestamps = body.Texts("timestamps", limits.Rows, limits.TextLength);
        var values = body.Numbers("values", limits.Rows, missing: true, required: true);
        var past = Covariates(body, "past");
        var future = Covariates(body, "future");
        var facts = Facts(body);
        var notes = Notes(body);
        body.Close();
        if (values is null) return null;
        var times = timestamps is null ? FromStart(body, start, values.Length) : FromTimestamps(body, start, timestamps, values.Length);
        Lengths(body, "past", past, values.Length, 0);
        Lengths(body, "future", future, values.Length, horizon);
        if (id is null || times is null || body.Faults.Count > before) return null;
        if (times.Length > values.Length && (past.Count > 0 || future.Count > 0))
        {
            body.Fault("timestamps", "timestamps-gap", $"{times.Length - values.Length} periods between the timestamps are left out; with covariates every period needs its row");
            return null;
        }

        var columns = new List<Column> { new(id, ColumnRole.Target, Spread(times, values), unit: unit) };
        columns.AddRange(past.Select(p => new Column(p.Name, ColumnRole.PastCovariate, p.Values)));
        columns.AddRange(future.Select(f => new Column(f.Name, ColumnRole.FutureCovariate, f.Values[..values.Length])));
        columns.AddRange(facts.Select(f => new Column(f.Name, ColumnRole.Static, f.Values)));
        var history = body.Try("", () => new TimeSeries(id, frequency, times, columns, calendar) { Notes = notes });
        return history is null ? null : new SeriesInput(history, new SeriesFuture(future.ToDictionary(f => f.Name, f => f.Values[values.Length..], StringComparer.Ordinal)));

        double[] Spread(Instant[] grid, double[] observed)
        {
            if (grid.Length == observed.Length) return observed;
            var all = new double[grid.Length];
            Array.Fill(all, double.NaN);
            for (int t = 0, from = 0; t < observed.Length; t++)
            {
                from = Array.BinarySearch(grid, from, grid.Length - from, Dates.Read(timestamps![t], frequency, "timestamps"));
                all[from] = observed[t];
            }

            return all;
        }
    }

    private List<(string Name, double[] Values)> Covariates(ObjectReader body, string name)
    {
        var read = new List<(string, double[])>();
        if (body.Named(name, limits.Covariates, limits.TextLength) is not var (reader, names)) return read;
        foreach (var column in names)
        {
            if (reader.Numbers(column, limits.Rows + limits.Horizon, missing: true, required: true) is { } numbers) read.Add((column, numbers));
        }

        return read;
    }

    private List<Note> Notes(ObjectReader body)
    {
        var read = new List<Note>();
        if (!body.Has("notes")) return read;
        foreach (var entry in body.Objects("notes", limits.Notes))
        {
            var text = entry.Text("text", Note.Longest, required: true);
            var from = Time("from", required: true);
            var (to, known) = (Time(entry.Has("to") ? "to" : "from", endOfDay: true), Time("knownFrom"));
            entry.Close();
            if (text is not null && from is { } start) read.Add(new Note(known ?? start, start, to ?? start, text));

            Instant? Time(string name, bool required = false, bool endOfDay = false)
            {
                Instant? parsed = null;
                if (entry.Text(name, limits.TextLength, required) is { } date) entry.Try<object>(name, () => parsed = Dates.Read(date, frequency, name, endOfDay));
                return parsed;
            }
        }

        return read;
    }

    private List<(string Name, double[] Values)> Facts(ObjectReader body)
    {
        var read = new List<(string, double[])>();
        if (body.Named("static", limits.Covariates, limits.TextLength) is not var (reader, names)) return read;
        foreach (var name in names)
        {
            if (reader.Number(name) is { } number) read.Add((name, [number]));
        }

        return read;
    }

    private static void Lengths(ObjectReader body, string member, List<(string Name, double[] Values)> columns, int rows, int beyond)
    {
        foreach (var (name, values) in columns)
        {
            if (values.Length == rows + beyond) continue;
            body.Fault($"{member}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", "column-length", beyond == 0
                ? $"'{name}' has {values.Length} values for {rows} rows"
                : $"'{name}' has {values.Length} values; it takes {rows + beyond}: one for each of {rows} rows and {beyond} steps of the horizon");
        }
    }

    private Instant[]? FromStart(ObjectReader body, string? start, int rows)
    {
        if (start is null && !frequency.IsIndex)
        {
            body.Fault("start", "start-missing", "give 'start', the date of the first row, or 'timestamps'");
            return null;
        }

        return body.Try("start", () => Grid(Dates.Read(start ?? "1", frequency, "start"), rows));
    }

    private Instant[] Grid(Instant first, int rows)
    {
        var days = calendar ?? (frequency.IsBusinessDay ? TradingCalendar.BusinessDays : TradingCalendar.AlwaysOpen);
        if (frequency.IsBusinessDay && !days.IsOpen(first.InUtc().Date))
            throw new ForecastException("start-closed", $"{frequency.Format(first)} is no open day of calendar {days.Name}", "start");
        var times = new Instant[rows];

        return frequency.Grid(first, rows, days);
    }

    private Instant[]? FromTimestamps(ObjectReader body, string? start, string[] timestamps, int rows)
    {
        if (start is not null) body.Fault("start", "start-and-timestamps", "give 'start' or 'timestamps', not both");
        if (timestamps.Length != rows)
        {
            body.Fault("timestamps", "timestamps-length", $"{timestamps.Length} timestamps for {rows} values");
            return null;
        }

        var times = new Instant[rows];
        var before = body.Faults.Count;
        for (var t = 0; t < rows; t++)
        {
            var row = t;
            _ = body.Try($"timestamps/{row}", () => Row(times, row, timestamps[row]));
        }

        return body.Faults.Count > before ? null : Filled(body, times);
    }

    private Instant[] Row(Instant[] times, int row, string text)
    {
        times[row] = Dates.Read(text, frequency, "timestamps");
        if (row > 0 && times[row] == times[row - 1]) throw new ForecastException("timestamp-duplicate", $"'{text}' stands twice", "timestamps");
        if (row > 0 && times[row] < times[row - 1]) throw new ForecastException("timestamps-unsorted", $"'{text}' comes after a later time; times must ascend", "timestamps");
        return times;
    }

    /// <summary>The grid of a fixed frequency with a row for each period, as for files; other rows as they are.</summary>
    private Instant[]? Filled(ObjectReader body, Instant[] times)
    {
        if (frequency.IsBusinessDay || frequency.IsIndex) return times;
        for (var t = 1; t < times.Length; t++)
        {
            if (frequency.StepsBetween(times[0], times[t]) is not null) continue;
            body.Fault($"timestamps/{t}", "frequency-contradicted", $"{frequency.Format(times[t])} is not on the grid of {frequency} that starts at {frequency.Format(times[0])}");
            return null;
        }

        var rows = frequency.StepsBetween(times[0], times[^1])!.Value + 1;
        if (rows == times.Length) return times;
        if (rows <= Math.Min(limits.Rows, (10L * times.Length) + 100)) return body.Try("timestamps", () => OnGrid(times, (int)rows));
        body.Fault("timestamps", "frequency-contradicted", $"the timestamps span {rows} periods of {frequency}, most of which are left out");
        return null;
    }

    /// <summary>Given times stay as they are written: the last day of a month may be any of its grid's forms.</summary>
    private Instant[] OnGrid(Instant[] times, int rows)
    {
        var grid = new Instant[rows];
        for (var t = 0; t < rows; t++) grid[t] = frequency.Add(times[0], t, TradingCalendar.AlwaysOpen);
        foreach (var time in times) grid[frequency.StepsBetween(times[0], time)!.Value] = time;
        return grid;
    }
}
