using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Reading;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Registry;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/forecasts</c>: answers now, and where they came from.</summary>
internal static class ForecastRoutes
{
    public static void MapForecasts(this RouteGroupBuilder v1)
    {
        var forecasts = v1.MapGroup("/forecasts").WithTags("forecasts");
        forecasts.MapPost("", ForecastAsync)
            .Accepts<ForecastBody>("application/json")
            .Produces<ForecastAnswerBody>(StatusCodes.Status200OK, "application/json", ForecastLines.MediaType)
            .Refuses(400, 413, 415, 422, 503)
            .Needs(ApiKey.ForecastScope)
            .RequireRateLimiting(RateLimits.ForecastGate)
            .WithName("forecast")
            .WithSummary("Forecasts one or many series now")
            .WithDescription("A series that cannot be forecast has an error in its place; when none can, the answer is 422, or 503 when trying again may help. Fitted parameters are kept: 'origin' says whether they were made now, set on newer values, or found for the same values. With 'Accept: application/x-ndjson' each series is a line of its own, sent as soon as it is made, and the last line is {\"done\":true,...}.");
        forecasts.MapGet("/{id}", TraceAsync).Refuses(404).WithName("forecastTrace").WithSummary("Where a forecast came from")
            .WithDescription("Model version, data hash, seed, device and build behind the 'forecastId' of a forecast, or of a prediction of a run.");
    }

    private static async Task<IResult> ForecastAsync(
        HttpRequest request, ForecastService forecasts, ForecastTurns turns, ModelCatalogue catalogue, ModelRegistry registry, IForecastStore store, CallerOfRequest current, ApiLimits limits, IOptions<JsonOptions> json)
    {
        var (cancellation, lines) = (request.HttpContext.RequestAborted, ForecastLines.Wanted(request));
        if (lines) limits = limits with { AnswerValues = limits.StreamedAnswerValues };
        var turn = await turns.TakeAsync(cancellation);
        try
        {
            var read = await JsonBody.ReadAsync(request, body => ForecastInput.Read(body, catalogue, limits));
            var input = await read!.ForAsync(current.Caller, registry, store, cancellation);
            if (!lines) return TypedResults.Ok(ForecastAnswers.Of(input, await forecasts.ForecastAsync(input.Request, turn, cancellation)));
            var answer = new ForecastLines(input, forecasts, turn, json.Value.SerializerOptions);
            turn = null; // the answer's, until its last line is sent
            return answer;
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private static async Task<Ok<ForecastTraceBody>> TraceAsync(ForecastLedger ledger, IForecastStore store, string id, CancellationToken cancellation) =>
        TypedResults.Ok(ForecastAnswers.Of(await ledger.TraceAsync(store, id, cancellation)));
}
