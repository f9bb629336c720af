using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Hosting;
using Forecast.Api.Reading;
using Forecast.Hosting.Forecasts;
using Forecast.Models.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/forecasts</c>: answers now, and where they came from.</summary>
internal static class ForecastRoutes
{
    public static void MapForecasts(this RouteGroupBuilder v1)
    {
        var forecasts = v1.MapGroup("/forecasts").WithTags("forecasts");
        forecasts.MapPost("", ForecastAsync)
            .Accepts<ForecastBody>("application/json")
            .Refuses(400, 413, 415, 422, 503)
            .RequireRateLimiting(Services.ForecastGate)
            .WithName("forecast")
            .WithSummary("Forecasts one or many series now")
            .WithDescription("A series that cannot be forecast has an error in its place; when none can, the answer is 422, or 503 when trying again may help. Fitted parameters are kept: 'origin' says whether they were made now, set on newer values, or found for the same values.");
        forecasts.MapGet("/{id}", TraceAsync).Refuses(404).WithName("forecastTrace").WithSummary("Where a forecast came from")
            .WithDescription("Model version, data hash, seed, device and build behind the 'forecastId' of a forecast, or of a prediction of a run.");
    }

    private static async Task<Ok<ForecastAnswerBody>> ForecastAsync(HttpRequest request, ForecastService forecasts, ModelCatalogue catalogue, ApiLimits limits)
    {
        var input = await JsonBody.ReadAsync(request, body => ForecastInput.Read(body, catalogue, limits));
        return TypedResults.Ok(ForecastAnswers.Of(input!, forecasts.Forecast(input!.Request, request.HttpContext.RequestAborted)));
    }

    private static async Task<Ok<ForecastTraceBody>> TraceAsync(ForecastLedger ledger, string id, CancellationToken cancellation) =>
        TypedResults.Ok(ForecastAnswers.Of(await ledger.TraceAsync(id, cancellation)));
}
