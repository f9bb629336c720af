using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/limits</c>: what one request may ask for.</summary>
internal static class LimitRoutes
{
    public static void MapLimits(this RouteGroupBuilder v1) => v1.MapGet("/limits", Ok<ApiLimits> (ApiLimits limits) => TypedResults.Ok(limits))
        .WithName("limits").WithTags("limits").WithSummary("What one request may ask for");
}
