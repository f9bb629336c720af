using System.Diagnostics;
using Forecast.Api.Access;
using Microsoft.AspNetCore.Diagnostics;

namespace Forecast.Api.Hosting;

/// <summary>
/// A line a request: method, the route's pattern, status, time, tenant and id of the key. No address, no body, no header: names and values of
/// anybody's data stay out of the log.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context, CallerOfRequest current)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var caller = current.IsKnown ? current.Caller : null;
            Done(logger, context.Request.Method, Pattern(context), context.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalMilliseconds, caller?.Tenant, caller?.KeyId);
        }
    }

    /// <summary>Where a request failed, its endpoint stands with the failure.</summary>
    private static string Pattern(HttpContext context) =>
        ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "none";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} {Milliseconds} {Tenant} {Key}")]
    private static partial void Done(ILogger logger, string method, string route, int status, double milliseconds, string? tenant, string? key);
}
