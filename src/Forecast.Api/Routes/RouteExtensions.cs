using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary>Words that all routes share.</summary>
internal static class RouteExtensions
{
    /// <summary>The statuses of problem details that a route may answer with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemDetails>(status, "application/problem+json");
        return route;
    }
}
