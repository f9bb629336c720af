using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
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
        var panel = library.FindShipped(name) is { } shipped
            ? await library.ReadAsync(shipped.Name, new DataOptions(), cancellation)
            : await store.Datasets.ReadPanelAsync((await RequireAsync(store, name, cancellation)).Id, null, cancellation);
        var found = panel.Series.FirstOrDefault(s => s.Id.Equals(series, StringComparison.Ordinal))
            ?? throw new ForecastException("not-found", $"dataset '{name}' has no series '{series}'", "series", series);
        return TypedResults.Ok(DatasetAnswers.Values(found, most));
    }

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
