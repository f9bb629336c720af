using Forecast.Api.Access;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Store;

namespace Forecast.Api.Routes;

/// <summary><c>/health</c>: whether the process lives, and whether it can work.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("health").IsOpen();
        health.MapGet("/live", () => TypedResults.Ok(new HealthBody("ok"))).WithName("live").WithSummary("The process answers");
        health.MapGet("/ready", ReadyAsync).Refuses(503).Produces<HealthBody>().WithName("ready").WithSummary("The store answers, too");
    }

    private static async Task<IResult> ReadyAsync(ForecastPlatform platform, CancellationToken cancellation)
    {
        try
        {
            await platform.Store.Jobs.ListAsync(new PageRequest(1), null, cancellation);
            return TypedResults.Ok(new HealthBody("ok"));
        }
        catch (ForecastException e)
        {
            return ProblemAnswers.Of(StatusCodes.Status503ServiceUnavailable, e.Code, e.Message, retryAfterSeconds: 5);
        }
    }
}
