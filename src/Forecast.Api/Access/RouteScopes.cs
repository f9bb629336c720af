using Forecast.Hosting.Keys;

namespace Forecast.Api.Access;

/// <summary>The scope that a route asks for; null = it is open to all.</summary>
public sealed record RouteScope(string? Scope);

/// <summary>Says what a route asks for. One that says nothing asks for <c>read</c> when it only looks, and for <c>jobs</c> otherwise: no route is open by being forgotten.</summary>
internal static class RouteScopes
{
    public static TBuilder Needs<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteScope(scope));

    public static TBuilder IsOpen<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteScope(null));

    /// <summary>The scope that a request to this endpoint needs; null = none.</summary>
    public static string? Of(Endpoint endpoint, string method) => endpoint.Metadata.GetMetadata<RouteScope>() is { } stated
        ? stated.Scope
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? ApiKey.ReadScope : ApiKey.JobScope;
}
