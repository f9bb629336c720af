using Forecast.Api.Problems;
using Forecast.Core;
using Forecast.Hosting.Keys;

namespace Forecast.Api.Access;

/// <summary>Looks who makes a request before any route sees it: 401 without a good key where one is needed, 403 without the route's scope.</summary>
internal sealed class AccessGate(RequestDelegate next, ApiKeyRing ring, AccessMode mode)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context, CallerOfRequest current)
    {
        if (context.GetEndpoint() is not { } endpoint || RouteScopes.Of(endpoint, context.Request.Method) is not { } scope)
        {
            await next(context);
            return;
        }

        try
        {
            current.Caller = await CallerAsync(context);
        }
        catch (ForecastException e) when (e.Code.StartsWith("key-", StringComparison.Ordinal))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemAnswers.Of(StatusCodes.Status401Unauthorized, e.Code, e.Message).ExecuteAsync(context);
            return;
        }

        if (current.Caller.Scopes.Contains(scope, StringComparer.Ordinal)) await next(context);
        else await ProblemAnswers.Of(StatusCodes.Status403Forbidden, "scope-missing", $"this key may not do that: it lacks the scope '{scope}'").ExecuteAsync(context);
    }

    private async Task<Caller> CallerAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return mode == AccessMode.Open || (mode == AccessMode.Auto && !await ring.AnyAsync(context.RequestAborted))
                ? Caller.Local
                : throw new ForecastException("key-missing", "this server asks for a key; send it as 'Authorization: Bearer KEY'", "Authorization");
        }

        // A key that is shown counts, also where none is needed.
        var text = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        var (state, key) = await ring.CheckAsync(text, context.RequestAborted);
        return state switch
        {
            KeyState.Good => Caller.Of(key!),
            KeyState.Expired => throw new ForecastException("key-expired", "this key has expired; ask for a new one", "Authorization"),
            KeyState.Revoked => throw new ForecastException("key-revoked", "this key was taken back; ask for a new one", "Authorization"),
            _ => throw new ForecastException("key-unknown", "this is no key of this server", "Authorization"),
        };
    }
}
