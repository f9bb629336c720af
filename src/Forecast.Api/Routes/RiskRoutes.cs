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

namespace Forecast.Api.Routes;

/// <summary><c>/v1/risk</c>: VaR and expected shortfall, and their tests, now.</summary>
internal static class RiskRoutes
{
    public static void MapRisk(this RouteGroupBuilder v1)
    {
        var risk = v1.MapGroup("/risk").WithTags("risk");
        risk.MapPost("/tests", TestAsync)
            .Accepts<RiskTestsBody>("application/json")
            .Refuses(400, 413, 415, 422, 503)
            .Needs(ApiKey.ForecastScope)
            .RequireRateLimiting(RateLimits.ForecastGate)
            .WithName("riskTests")
            .WithSummary("Tests Value-at-Risk and expected shortfall against the returns that came")
            .WithDescription("No exceedance and nothing but exceedances are ordinary inputs; a test that has no number then is null with a note.");
        risk.MapPost("/forecasts", ForecastAsync)
            .Accepts<RiskForecastBody>("application/json")
            .Refuses(400, 413, 415, 422, 503)
            .Needs(ApiKey.ForecastScope)
            .RequireRateLimiting(RateLimits.ForecastGate)
            .WithName("riskForecast")
            .WithSummary("VaR and expected shortfall of one or many series of returns, day by day, over the whole horizon, and of a portfolio")
            .WithDescription("Figures over several days and of a portfolio come from paths, never from summed quantiles. Models of single series are joined by the ranks of their past returns on common dates, unless 'dependence' says otherwise.");
    }

    private static async Task<Ok<RiskTestsAnswerBody>> TestAsync(HttpRequest request, ForecastTurns turns, ApiLimits limits)
    {
        using var turn = await turns.TakeAsync(request.HttpContext.RequestAborted);
        var input = await JsonBody.ReadAsync(request, body => RiskTestsInput.Read(body, limits));
        return TypedResults.Ok(RiskAnswers.Of(input!));
    }

    private static async Task<Ok<RiskForecastAnswerBody>> ForecastAsync(
        HttpRequest request, ForecastService forecasts, ForecastTurns turns, ModelCatalogue catalogue, ModelRegistry registry, IForecastStore store, CallerOfRequest current, ApiLimits limits)
    {
        using var turn = await turns.TakeAsync(request.HttpContext.RequestAborted);
        var input = await JsonBody.ReadAsync(request, body => RiskForecastInput.Read(body, catalogue, limits));
        var forecast = await input!.Forecast.ForAsync(current.Caller, registry, store, request.HttpContext.RequestAborted);
        return TypedResults.Ok(RiskAnswers.Of(input with { Forecast = forecast }, forecasts.Forecast(forecast.Request, request.HttpContext.RequestAborted)));
    }
}
