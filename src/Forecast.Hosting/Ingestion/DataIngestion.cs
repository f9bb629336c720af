using System.Text.Json;
using Forecast.Core;
using Forecast.Hosting.Data;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Net;
using Forecast.Store.Database;
using Forecast.Store.Datasets;

namespace Forecast.Hosting.Ingestion;

/// <summary>
/// Takes in data that a schedule names: an address of the web, a file that was put into the tenant's inbox, or a query to a
/// database that the operator has named. What a caller writes never becomes a path or an address of a database.
/// </summary>
public sealed class DataIngestion
{
    private const int LongestFile = 200;
    private const int LongestQuery = 10_000;

    private readonly HttpClient _http;

    /// <summary>Reaches the web as the server was set to.</summary>
    public DataIngestion() => _http = OutboundHttp.Create(ForecastHome.PrivateAddresses, TimeSpan.FromMinutes(5));

    /// <exception cref="ForecastException"><c>ingest-source</c>, <c>ingest-query</c>, <c>ingest-file</c>, <c>url-invalid</c>, <c>url-private</c>, <c>dataset-name-invalid</c>.</exception>
    public static void Check(IngestRequest request, string dataset)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!DatasetLibrary.IsName(dataset)) throw new ForecastException("dataset-name-invalid", "data that are taken in have a name of 1 to 100 letters, digits, '-' or '_'", "data");
        if ((request.Query is null) != (request.Source != "postgres")) throw new ForecastException("ingest-query", "a query belongs to the source postgres, and to no other", "query");
        switch (request.Source)
        {
            case "url":
                OutboundHttp.Checked(request.From, ForecastHome.PrivateAddresses, "from");
                break;
            case "file":
                CheckFile(request.From);
                break;
            case "postgres":
                if (request.Query!.Length > LongestQuery || request.Query.Contains(';', StringComparison.Ordinal)) throw new ForecastException("ingest-query", $"a query is one SELECT of at most {LongestQuery} characters without ';'", "query");
                break;
            default:
                throw new ForecastException("ingest-source", $"source is '{request.Source}'; it must be one of url, file, postgres", "source");
        }
    }

    /// <summary>Takes the data in as the next version of a dataset.</summary>
    /// <param name="request">Where from.</param>
    /// <param name="tenant">Whose inbox and connections.</param>
    /// <param name="dataset">Name of the dataset.</param>
    /// <param name="options">How the data are read.</param>
    /// <param name="library">The tenant's datasets.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">What <see cref="Check"/> refuses, <c>ingest-failed</c>, or what is wrong with the data.</exception>
    public async Task<StoredDataset> RunAsync(IngestRequest request, string tenant, string dataset, DataOptions options, DatasetLibrary library, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(library);
        Check(request, dataset);
        using var content = new MemoryStream();
        switch (request.Source)
        {
            case "url":
                await FetchAsync(request.From, content, cancellation);
                break;
            case "file":
                await ReadAsync(tenant, request.From, content, cancellation);
                break;
            default:
                await PostgresQuery.WriteCsvAsync(Connection(tenant, request.From), request.Query!, content, DataSource.DefaultMaxBytes, cancellation);
                break;
        }

        content.Position = 0;
        return await library.ImportAsync(dataset, content, options with { Returns = Returns.None }, DataSource.DefaultMaxBytes, cancellation);
    }

    private static void CheckFile(string name)
    {
        if (name is not { Length: > 0 and <= LongestFile } || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ForecastException("ingest-file", $"a file of the inbox is named by 1 to {LongestFile} letters, digits, '-', '_' or '.', and no folder", "from");
    }

    private static async Task ReadAsync(string tenant, string name, Stream content, CancellationToken cancellation)
    {
        var inbox = ForecastHome.Inbox ?? throw new ForecastException("ingest-file", "this server has no inbox; FORECAST_INBOX names one", "from");
        var path = Path.Combine(inbox, tenant, name);
        if (!File.Exists(path)) throw new ForecastException("ingest-failed", $"the inbox has no file '{name}'", "from");
        await using var file = File.OpenRead(path);
        await CopyAsync(file, content, cancellation);
    }

    private static string Connection(string tenant, string name)
    {
        if (ForecastHome.Sources is { } file && File.Exists(file))
        {
            using var sources = JsonDocument.Parse(File.ReadAllBytes(file));
            if (sources.RootElement.TryGetProperty(tenant, out var own) && own.TryGetProperty(name, out var address) && address.GetString() is { } found) return found;
        }

        throw new ForecastException("ingest-source", $"there is no connection '{name}' here; the file that FORECAST_SOURCES names lists them", "from");
    }

    private static async Task CopyAsync(Stream from, Stream content, CancellationToken cancellation)
    {
        var buffer = new byte[81_920];
        for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + read > DataSource.DefaultMaxBytes) throw new ForecastException("data-too-large", $"what was to be taken in has more than {DataSource.DefaultMaxBytes} bytes", "from");
            await content.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private async Task FetchAsync(string url, Stream content, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(OutboundHttp.Checked(url, ForecastHome.PrivateAddresses, "from"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode) throw new ForecastException("ingest-failed", $"the address answered {(int)answer.StatusCode}", "from");
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            await CopyAsync(body, content, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new ForecastException("ingest-failed", $"the address could not be read: {(e.InnerException as ForecastException ?? (Exception)e).Message}", "from", inner: e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ForecastException("ingest-failed", "the address did not answer in time", "from", inner: e);
        }
    }
}
