using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using Forecast.Store.Datasets;

namespace Forecast.Hosting.Datasets;

/// <summary>
/// Datasets by name: those that ship with the platform, and those that were uploaded into the store. It never opens a path that a
/// caller names: files of this machine are for the command line.
/// </summary>
public sealed class DatasetLibrary
{
    private readonly DataSource _shipped;
    private readonly IDatasetStore _stored;

    /// <param name="shippedFolder">Where the datasets lie that ship.</param>
    /// <param name="stored">Where uploads are kept.</param>
    public DatasetLibrary(string shippedFolder, IDatasetStore stored)
        : this(new DataSource(shippedFolder), stored)
    {
    }

    private DatasetLibrary(DataSource shipped, IDatasetStore stored) => (_shipped, _stored) = (shipped, stored);

    /// <summary>The same datasets that ship, and the uploads of another store or part of it.</summary>
    public DatasetLibrary With(IDatasetStore uploads) => new(_shipped, uploads);

    /// <summary>The datasets that ship, by name.</summary>
    public IReadOnlyList<DatasetInfo> Shipped() => _shipped.List();

    /// <summary>The shipped dataset of that name, or null.</summary>
    public DatasetInfo? FindShipped(string name) => _shipped.List().FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True for names that an upload may have: 1 to 100 letters, digits, '-' and '_'.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Reads <c>NAME[:SERIES,SERIES][@CALENDAR]</c>, several joined by <c>+</c>.</summary>
    /// <exception cref="ForecastException"><c>data-syntax</c>, <c>data-unknown</c>, or what is wrong with the data.</exception>
    public async Task<Panel> ReadAsync(string data, DataOptions options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(data);
        ArgumentNullException.ThrowIfNull(options);
        if (data.AsSpan().IndexOfAny('/', '\\', '.') >= 0) throw new ForecastException("data-syntax", $"'{data}' names a file; name a dataset, or upload the file as one", "data");
        var sources = SourceReference.Parse(data);
        if (sources.All(s => FindShipped(s.Source) is not null)) return await _shipped.ReadAsync(data, options, cancellation);
        var series = new List<TimeSeries>();
        foreach (var source in sources) series.AddRange((await ReadOneAsync(source, options, cancellation)).Series);
        return new Panel(series);
    }

    /// <summary>Parses an uploaded file as a file of that name would be, and stores it.</summary>
    /// <param name="name">Its name from now on.</param>
    /// <param name="content">CSV, or CSV compressed by gzip.</param>
    /// <param name="options">How it is to be read.</param>
    /// <param name="maxBytes">The most that it may hold, decompressed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>dataset-name-invalid</c>, <c>dataset-name-reserved</c>, or what is wrong with the file.</exception>
    public async Task<StoredDataset> ImportAsync(string name, Stream content, DataOptions options, long maxBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!IsName(name)) throw new ForecastException("dataset-name-invalid", "a dataset's name is 1 to 100 letters, digits, '-' or '_'", "name");
        if (FindShipped(name) is not null) throw new ForecastException("dataset-name-reserved", $"'{name}' is a dataset that ships with the platform; choose another name", "name");
        var folder = Directory.CreateTempSubdirectory("forecast-upload-").FullName;
        try
        {
            await SaveAsync(folder, name, content, cancellation);
            var panel = await new DataSource(folder, maxBytes).ReadAsync(name, options, cancellation);
            return await _stored.ImportAsync(name, panel, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether a file is compressed is told by its first two bytes (RFC 1952), not by what its sender calls it.</summary>
    private static async Task SaveAsync(string folder, string name, Stream content, CancellationToken cancellation)
    {
        var magic = new byte[2];
        var read = await content.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellation);
        var extension = magic is [0x1F, 0x8B] ? ".csv.gz" : ".csv";
        await using var file = File.Create(Path.Combine(folder, name + extension));
        await file.WriteAsync(magic.AsMemory(0, read), cancellation);
        await content.CopyToAsync(file, cancellation);
    }

    private async Task<Panel> ReadOneAsync(SourceReference source, DataOptions options, CancellationToken cancellation)
    {
        if (FindShipped(source.Source) is not null)
        {
            var text = source.Source + (source.Picks.Count > 0 ? $":{string.Join(',', source.Picks)}" : "") + (source.Calendar is { } own ? $"@{own}" : "");
            return await _shipped.ReadAsync(text, options, cancellation);
        }

        var dataset = await _stored.FindAsync(source.Source, null, cancellation)
            ?? throw new ForecastException("data-unknown", $"there is no dataset '{source.Source}'", "data");
        if (options.Frequency is { } frequency && !Frequency.Parse(frequency).Code.Equals(dataset.Frequency, StringComparison.Ordinal))
            throw new ForecastException("frequency-contradicted", $"dataset '{source.Source}' was uploaded with frequency {dataset.Frequency}, not {frequency}", "frequency");
        var panel = await _stored.ReadPanelAsync(dataset.Id, source.Picks.Count > 0 ? [.. source.Picks] : null, cancellation);
        if ((source.Calendar ?? options.Calendar) is { } calendar) panel = OnCalendar(panel, TradingCalendar.Get(calendar));
        return PanelReturns.Of(panel, options.Returns, $"dataset '{source.Source}'");
    }

    private static Panel OnCalendar(Panel panel, TradingCalendar calendar) =>
        new([.. panel.Series.Select(s => new TimeSeries(s.Id, s.Frequency, s.Times.ToArray(), s.Columns, calendar) { Notes = s.Notes })]);
}
