namespace Forecast.Hosting.Ingestion;

/// <summary>Where new data come from; they become the next version of the dataset that the request names.</summary>
/// <param name="Source"><c>url</c>, <c>file</c> or <c>postgres</c>.</param>
/// <param name="From">The address; the file's name in the tenant's inbox; or the name of the tenant's connection.</param>
/// <param name="Query">For <c>postgres</c>: a SELECT whose columns are a CSV's.</param>
public sealed record IngestRequest(string Source, string From, string? Query = null);
