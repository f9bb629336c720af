namespace Forecast.Hosting.Data;

/// <summary>A column of the file: its place and its name.</summary>
internal readonly record struct FileColumn(int Index, string Name);

/// <summary>
/// Which column of a file is what. Names that are customary are recognised; as soon as two readings are possible, the user is
/// asked to state one.
/// </summary>
internal sealed record ColumnLayout
{
    private static readonly string[] TimeNames = ["date", "ds", "timestamp", "timestamp_utc", "datetime", "date_time", "time", "t", "month", "quarter", "year", "period"];
    private static readonly string[] IdNames = ["unique_id", "series_id"];
    private static readonly string[] ValueNames = ["y", "value"];
    private const string AvailableName = "available_at";

    /// <summary>Column of the times; null when the rows are numbered by their place.</summary>
    public required FileColumn? Time { get; init; }

    /// <summary>Column of the series' ids; null in a wide file.</summary>
    public required FileColumn? Id { get; init; }

    public required FileColumn? Available { get; init; }

    /// <summary>One in a long file, one a series in a wide file.</summary>
    public required IReadOnlyList<FileColumn> Targets { get; init; }

    public required IReadOnlyList<FileColumn> Past { get; init; }

    public required IReadOnlyList<FileColumn> Future { get; init; }

    /// <summary>True when the file has a single column of values, so that the series is named as the file.</summary>
    public required bool SingleValue { get; init; }

    /// <summary>All number columns: targets, then past, then future covariates.</summary>
    public IReadOnlyList<FileColumn> Numbers => [.. Targets, .. Past, .. Future];

    /// <param name="request">What is asked of the file.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="sample">Fields of the first row, to see which columns look like times.</param>
    /// <exception cref="Core.ForecastException">A column is unknown, asked for twice, or cannot be told from another.</exception>
    public static ColumnLayout Of(FileRequest request, IReadOnlyList<string> header, IReadOnlyList<string> sample)
    {
        var file = request.Display;
        var options = request.Options;
        var id = options.IdColumn is { } i ? Named(i) : Known(IdNames, (one, other) => DataErrors.FormAmbiguous(file, one, other));
        var available = options.AvailableAtColumn is { } a ? Named(a) : Find(AvailableName);
        var past = options.Past.Select(Named).ToArray();
        var future = options.Future.Select(Named).ToArray();
        var stated = options.ValueColumn is { } v ? Named(v) : (FileColumn?)null;
        var time = FindTime([.. past, .. future, .. new[] { id, available, stated }.OfType<FileColumn>()]);

        var taken = new[] { time, id, available }.OfType<FileColumn>().Concat(past).Concat(future).Select(c => c.Index).ToHashSet();
        var free = header.Select((name, index) => new FileColumn(index, name)).Where(c => !taken.Contains(c.Index)).ToArray();
        var targets = id is { } series ? [LongValue(series)] : WideValues();
        if (targets.Count == 0) throw DataErrors.NoValueColumn(file, time?.Name ?? header[0]);
        CheckRoles();
        return new ColumnLayout
        {
            Time = time,
            Id = id,
            Available = available,
            Targets = targets,
            Past = past,
            Future = future,
            SingleValue = id is null && (request.Info?.Columns?.Count ?? free.Length) == 1,
        };

        FileColumn? Find(string name)
        {
            for (var index = 0; index < header.Count; index++)
            {
                if (string.Equals(header[index], name, StringComparison.OrdinalIgnoreCase)) return new FileColumn(index, header[index]);
            }

            return null;
        }

        FileColumn Named(string name)
        {
            for (var index = 0; index < header.Count; index++)
            {
                if (string.Equals(header[index], name, StringComparison.Ordinal)) return new FileColumn(index, name);
            }

            return Find(name) ?? throw DataErrors.ColumnUnknown(file, name, header);
        }

        FileColumn? Known(string[] names, Func<string, string, Exception> ambiguous)
        {
            var found = names.Select(Find).OfType<FileColumn>().ToArray();
            return found.Length > 1 ? throw ambiguous(found[0].Name, found[1].Name) : found.Length == 0 ? null : found[0];
        }

        FileColumn? FindTime(IReadOnlyCollection<FileColumn> others)
        {
            if (options.TimeColumn is { } name) return Named(name);
            if (request.Info?.Time is { } told) return Named(told);
            var candidates = TimeNames.Select(Find).OfType<FileColumn>().Where(c => !others.Contains(c)).ToArray();
            if (candidates.Length > 1) throw DataErrors.TimeColumnAmbiguous(file, [.. candidates.OrderBy(c => c.Index).Select(c => c.Name)]);
            if (candidates.Length == 1) return candidates[0];
            for (var index = 0; index < Math.Min(header.Count, sample.Count); index++)
            {
                if (Timestamp.TryParse(sample[index], out _) && others.All(c => c.Index != index) && !sample[index].All(char.IsAsciiDigit))
                    throw DataErrors.TimeColumnMissing(file, header, header[index]);
            }

            return null;
        }

        FileColumn LongValue(FileColumn series)
        {
            if (stated is { } column) return column;
            var found = ValueNames.Select(Find).OfType<FileColumn>().ToArray();
            if (found.Length == 1) return found[0];
            return free.Length switch
            {
                0 => throw DataErrors.NoValueColumn(file, time?.Name ?? series.Name),
                1 => free[0],
                _ => throw DataErrors.LongValueColumn(file, series.Name, free.Select(c => c.Name)),
            };
        }

        IReadOnlyList<FileColumn> WideValues()
        {
            if (request.Picks.Count > 0) return [.. request.Picks.Select(Named)];
            if (stated is { } column) return [column];
            return request.Info?.Columns is { } columns
                ? [.. free.Where(c => columns.ContainsKey(c.Name))]
                : free;
        }

        void CheckRoles()
        {
            var roles = new Dictionary<int, string>();
            foreach (var (column, role) in new[] { (time, "the time"), (id, "the series id"), (available, "the time of availability") }
                .Where(r => r.Item1 is not null).Select(r => (r.Item1!.Value, r.Item2))
                .Concat(targets.Select(c => (c, "a value")))
                .Concat(past.Select(c => (c, "a past covariate")))
                .Concat(future.Select(c => (c, "a future covariate"))))
            {
                if (!roles.TryAdd(column.Index, role)) throw DataErrors.ColumnTwice(file, column.Name, roles[column.Index], role);
            }
        }
    }
}
