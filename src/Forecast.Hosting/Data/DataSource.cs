using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>Reads series from CSV files and from the datasets folder into a <see cref="Panel"/>.</summary>
/// <param name="datasetsFolder">Folder of named datasets with its <c>datasets.json</c>.</param>
/// <param name="maxBytes">The most that a file may hold, decompressed.</param>
public sealed class DataSource(string datasetsFolder, long maxBytes = DataSource.DefaultMaxBytes)
{
    /// <summary>100 MiB: more rows than any model here is meant for, and few enough to refuse a hostile file early.</summary>
    public const long DefaultMaxBytes = 100L << 20;

    private readonly DatasetCatalogue _catalogue = new(datasetsFolder);

    /// <summary>The named datasets, by name.</summary>
    public IReadOnlyList<DatasetInfo> List() => _catalogue.All;

    /// <summary>
    /// Reads DATA, <c>SOURCE[:COLUMN,COLUMN][@CALENDAR]</c> joined by <c>+</c>, where SOURCE is a path that ends in <c>.csv</c> or
    /// <c>.csv.gz</c>, or the name of a dataset: <c>ecb_reference_rates:eur_usd+brent_spot</c>.
    /// </summary>
    /// <remarks>
    /// <para>Wide form: a time column and one column a series. Long form, told by a column <c>unique_id</c> or <c>series_id</c>: a row
    /// a series and time, the value in <c>y</c> or <c>value</c>; COLUMN then picks series by id. A series of a wide file is named as
    /// its column; if the file has a single value column, as the file; and <c>file.column</c> where two sources would share a name.</para>
    /// <para>Periods without a row become rows of missing values when the frequency has a fixed grid (<c>P1D</c>, <c>P1M</c>,
    /// <c>PT1H</c>); never for <c>B</c> (the calendar does not know which days were observed) or <c>index</c>.</para>
    /// <para>Empty fields, <c>NA</c>, <c>N/A</c>, <c>NaN</c> and <c>null</c> are missing values. A column <c>available_at</c> says when a
    /// row became known: rows of one time with different <c>available_at</c> are its publications in order, each whole, so that an
    /// empty field withdraws a value. It applies to targets and past covariates; future covariates are known always.</para>
    /// </remarks>
    /// <exception cref="Core.ForecastException">The data cannot be read as asked: names file, line and column, and what would be right.</exception>
    public Task<Panel> ReadAsync(string data, DataOptions options, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(data);
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => Read(data, options, ct), ct);
    }

    /// <summary>
    /// Reads a long file a few series at a time: each part is read when it is asked for, so that memory does not grow with the file. Parts
    /// hold the series in the order of the file.
    /// </summary>
    /// <param name="data">One SOURCE as <see cref="ReadAsync"/> takes it.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="most">Series of a part.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Core.ForecastException">The data cannot be read as asked, are not one long file, or have rows of a series apart.</exception>
    public IEnumerable<Panel> ReadParts(string data, DataOptions options, int most, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var references = SourceReference.Parse(data);
        if (references.Count != 1) throw DataErrors.PartsOfSeveral(data);
        return CsvPanelReader.ReadParts(Resolve(references[0], options), most, ct).Select(part => new Panel([.. part.Select(s => s.Build())]));
    }

    private Panel Read(string data, DataOptions options, CancellationToken ct)
    {
        var sources = SourceReference.Parse(data).Select(r => Resolve(r, options)).ToArray();
        var read = sources.Select(s => (Source: s, Series: CsvPanelReader.Read(s, ct))).ToArray();
        var clashes = read.SelectMany(r => r.Series.Select(s => (r.Source, s.Id)))
            .GroupBy(s => s.Id, StringComparer.Ordinal)
            .Where(g => g.Select(s => s.Source).Distinct().Count() > 1)
            .Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        return new Panel([.. read.SelectMany(r => r.Series.Select(s => (clashes.Contains(s.Id) ? s.Named($"{r.Source.Stem}.{s.Id}") : s).Build()))]);
    }

    private FileRequest Resolve(SourceReference reference, DataOptions options)
    {
        var info = reference.IsPath ? Shipped(reference.Source) : _catalogue.Find(reference.Source);
        var path = info is null ? reference.Source : Path.Combine(_catalogue.Folder, info.File);
        if ((info is null && !reference.IsPath) || !File.Exists(path)) throw DataErrors.Unknown(reference.Source, reference.IsPath, _catalogue.Nearest(reference.Source));
        var frequency = (options.Frequency ?? info?.Frequency) is { } f ? Frequency.Parse(f) : null;
        var calendar = (reference.Calendar ?? options.Calendar ?? info?.Calendar) is { } c ? TradingCalendar.Get(c) : null;
        if (calendar is not null && calendar != TradingCalendar.AlwaysOpen && frequency == Frequency.Daily) frequency = Frequency.BusinessDay;
        return new FileRequest
        {
            Path = path,
            Display = info is null ? reference.Source : info.File,
            Stem = CsvPath.Stem(path),
            Info = info,
            Picks = reference.Picks,
            Frequency = frequency,
            Calendar = calendar,
            Zone = Zone(options.Zone),
            Options = options,
            MaxBytes = maxBytes,
        };
    }

    /// <summary>The dataset whose very file a path names: what its table states need not be said again.</summary>
    private DatasetInfo? Shipped(string path)
    {
        var folder = Path.GetFullPath(_catalogue.Folder);
        var file = Path.GetFullPath(path);
        return string.Equals(Path.GetDirectoryName(file), Path.TrimEndingDirectorySeparator(folder), StringComparison.Ordinal)
            ? _catalogue.All.FirstOrDefault(d => string.Equals(d.File, Path.GetFileName(file), StringComparison.Ordinal))
            : null;
    }

    /// <summary>Null for no name.</summary>
    internal static DateTimeZone? Zone(string? name) => name is null
        ? null
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) ?? throw DataErrors.ZoneUnknown(name);
}
