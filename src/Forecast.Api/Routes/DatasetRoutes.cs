using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Data;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Keys;
using Forecast.Store;
using Forecast.Store.Datasets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/datasets</c>: series that ship, and those that were uploaded.</summary>
internal static class DatasetRoutes
{
    /// <summary>A bucket is drawn as two points, and no chart draws more than 2,500.</summary>
    private const int MostBuckets = 1_250;

    private static readonly string[] UploadTypes = ["text/csv", "application/gzip", "application/x-gzip"];

    public static void MapDatasets(this RouteGroupBuilder v1)
    {
        var datasets = v1.MapGroup("/datasets").WithTags("datasets");
        datasets.MapGet("/", ListAsync).Refuses(400).WithName("datasets").WithSummary("Datasets: those that ship, on the first page, then those that were stored, latest first");
        datasets.MapPost("/", UploadAsync).Accepts<Stream>("text/csv", "application/gzip").Refuses(400, 409, 413, 415, 422).Needs(ApiKey.DataScope)
            .Produces<DatasetBody>(StatusCodes.Status201Created)
            .WithName("uploadDataset").WithSummary("Stores a CSV, wide or long, plain or compressed by gzip, under a name")
            .WithDescription("The body is the file. A name that had other content gets a version more; runs keep what they read.");
        datasets.MapGet("/{name}", FindAsync).Refuses(404).WithName("dataset").WithSummary("A dataset with its series");
        datasets.MapGet("/{name}/overview/{**series}", OverviewAsync).Refuses(400, 404, 422).WithName("seriesOverview").WithSummary("A series summed up for a chart, however long it is")
            .WithDescription("Smallest and largest value of at most 'buckets' stretches between the dates 'from' and 'to'. Worked out once and kept, so that zooming asks for little.");
        datasets.MapGet("/{name}/anatomy/{**series}", AnatomyAsync).Refuses(400, 404).WithName("seriesAnatomy").WithSummary("What a series is made of: STL, ACF, PACF, gaps, outliers")
            .WithDescription($"Of the last {SeriesAnatomy.MostRows} rows. 'period' is the rows of a season; the usual one of the frequency by default.");
        datasets.MapGet("/{name}/series/{**series}", SeriesAsync).Refuses(400, 404).WithName("seriesValues").WithSummary("Values of a series, the last ones first dropped by 'last'");
    }

    private static async Task<Ok<Page<DatasetBody>>> ListAsync(DatasetLibrary library, IForecastStore store, ApiLimits limits, string? limit, string? after, CancellationToken cancellation)
    {
        var page = await store.Datasets.ListAsync(Query.Page(limit, after, limits), cancellation);
        var stored = page.Items.Where(d => DatasetLibrary.IsName(d.Name) && library.FindShipped(d.Name) is null).Select(d => DatasetAnswers.Of(d));
        var shipped = string.IsNullOrEmpty(after) ? library.Shipped().Select(d => DatasetAnswers.Of(d)) : [];
        return TypedResults.Ok(new Page<DatasetBody>([.. shipped, .. stored], page.Next));
    }

    private static async Task<Ok<DatasetBody>> FindAsync(DatasetLibrary library, IForecastStore store, string name, CancellationToken cancellation)
    {
        if (library.FindShipped(name) is { } shipped)
            return TypedResults.Ok(DatasetAnswers.Of(shipped, await library.ReadAsync(shipped.Name, new DataOptions(), cancellation)));
        var stored = await RequireAsync(store, name, cancellation);
        return TypedResults.Ok(DatasetAnswers.Of(stored, await store.Datasets.SeriesAsync(stored.Id, cancellation)));
    }

    private static async Task<Ok<SeriesValuesBody>> SeriesAsync(DatasetLibrary library, IForecastStore store, string name, string series, string? last, CancellationToken cancellation)
    {
        var most = (int)Query.Number("last", last, 1, int.MaxValue, int.MaxValue);
        return TypedResults.Ok(DatasetAnswers.Values(await ReadAsync(library, store, name, series, cancellation), most));
    }

    private static async Task<Ok<OverviewBody>> OverviewAsync(
        DatasetLibrary library, IForecastStore store, PyramidCache pyramids, string name, string series, string? from, string? to, string? buckets, CancellationToken cancellation)
    {
        var most = (int)Query.Number("buckets", buckets, 1, MostBuckets, MostBuckets);
        // Stored content has an id; what ships stays as it is while the server runs.
        var content = library.FindShipped(name) is { } shipped ? $"shipped/{shipped.Name}" : $"stored/{(await RequireAsync(store, name, cancellation)).Id}";
        var held = await pyramids.GetAsync($"{content}/{series}", () => ReadAsync(library, store, name, series, CancellationToken.None));
        NodaTime.Instant? At(string? text, string field, bool end) => string.IsNullOrEmpty(text) ? null : Dates.Read(text, held.Frequency, field, end);
        return TypedResults.Ok(DatasetAnswers.Of(held, held.Pyramid.Read(At(from, "from", end: false), At(to, "to", end: true), most)));
    }

    private static async Task<Ok<AnatomyBody>> AnatomyAsync(DatasetLibrary library, IForecastStore store, string name, string series, string? period, CancellationToken cancellation)
    {
        var season = (int)Query.Number("period", period, 1, SeriesAnatomy.MostRows, 0);
        var found = await ReadAsync(library, store, name, series, cancellation);
        return TypedResults.Ok(DatasetAnswers.Of(found, SeriesAnatomy.Of(found, season == 0 ? null : season)));
    }

    private static async Task<TimeSeries> ReadAsync(DatasetLibrary library, IForecastStore store, string name, string series, CancellationToken cancellation)
    {
        var panel = library.FindShipped(name) is { } shipped
            ? await library.ReadAsync(shipped.Name, new DataOptions(), cancellation)
            : await store.Datasets.ReadPanelAsync(await WithSeriesAsync(store, name, series, cancellation), [series], cancellation);
        return panel.Series.FirstOrDefault(s => s.Id.Equals(series, StringComparison.Ordinal)) ?? throw NoSeries(name, series);
    }

    private static async Task<string> WithSeriesAsync(IForecastStore store, string name, string series, CancellationToken cancellation)
    {
        var id = (await RequireAsync(store, name, cancellation)).Id;
        return (await store.Datasets.SeriesAsync(id, cancellation)).Any(s => s.Id.Equals(series, StringComparison.Ordinal)) ? id : throw NoSeries(name, series);
    }

    private static ForecastException NoSeries(string name, string series) => new("not-found", $"dataset '{name}' has no series '{series}'", "series", series);

    private static async Task<IResult> UploadAsync(
        HttpRequest request,
        DatasetLibrary library,
        IForecastStore store,
        ApiLimits limits,
        string? name,
        string? frequency,
        string? calendar,
        string? zone,
        string? time,
        string? id,
        string? value,
        string? unit)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        if (!UploadTypes.Contains(type, StringComparer.OrdinalIgnoreCase)) throw RequestException.OfBody(StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported", $"the body is '{request.ContentType}', but text/csv or application/gzip is read here");
        if (string.IsNullOrWhiteSpace(name)) throw RequestException.OfParameter("name", "dataset-name-invalid", "give the dataset a name: ?name=...");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limits.UploadBytes;
        var options = new DataOptions
        {
            Frequency = NullIfEmpty(frequency),
            Calendar = NullIfEmpty(calendar),
            Zone = NullIfEmpty(zone),
            TimeColumn = NullIfEmpty(time),
            IdColumn = NullIfEmpty(id),
            ValueColumn = NullIfEmpty(value),
            Unit = NullIfEmpty(unit),
        };
        var stored = await ImportAsync(library, name, request.Body, options, limits, request.HttpContext.RequestAborted);
        return TypedResults.Created($"/v1/datasets/{stored.Name}", DatasetAnswers.Of(stored, await store.Datasets.SeriesAsync(stored.Id, request.HttpContext.RequestAborted)));
    }

    private static async Task<StoredDataset> ImportAsync(DatasetLibrary library, string name, Stream content, DataOptions options, ApiLimits limits, CancellationToken cancellation)
    {
        try
        {
            return await library.ImportAsync(name, content, options, limits.UploadBytesDecompressed, cancellation);
        }
        catch (ForecastException e) when (e.Field is "name" or "frequency" or "calendar" or "zone" or "time" or "id" or "value" && e.Code != "dataset-name-reserved")
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault(null, e.Code, e.Message, e.Field)]);
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static async Task<StoredDataset> RequireAsync(IForecastStore store, string name, CancellationToken cancellation) =>
        await store.Datasets.FindAsync(name, null, cancellation) ?? throw new ForecastException("dataset-unknown", $"there is no dataset '{name}'", "name");
}
