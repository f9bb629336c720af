using System.Text.Json;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Backtest.Strategies;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Jobs;
using Forecast.Models.Catalogue;
using Forecast.Store.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/backtests</c>: creates a job.</summary>
internal static class BacktestRoutes
{
    public static void MapBacktests(this RouteGroupBuilder v1) => v1.MapPost("/backtests", CreateAsync)
        .Accepts<BacktestBody>("application/json")
        .Refuses(400, 409, 413, 415, 422, 503)
        .WithName("backtest")
        .WithTags("backtests")
        .WithSummary("Starts a walk-forward back-test as a job")
        .WithDescription("The plan is checked at once; the work is a job, whose address is in 'Location'. A request repeated under the same 'Idempotency-Key' is the same job; the key with another request is 409.");

    private static async Task<Accepted<JobBody>> CreateAsync(
        HttpContext context,
        DatasetLibrary datasets,
        BacktestJobs backtests,
        JobRunner runner,
        ModelCatalogue catalogue,
        ApiLimits limits,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey)
    {
        IdempotencyKey.Check(idempotencyKey);
        var input = (await JsonBody.ReadAsync(context.Request, body => BacktestInput.Read(body, catalogue, limits)))!;
        var ticket = await SubmitAsync(input, idempotencyKey, datasets, backtests, context.RequestAborted);
        if (ticket.Created) runner.Wake(BacktestJob.Kind);
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Accepted($"/v1/jobs/{ticket.Job.Id}", JobAnswers.Of(ticket.Job));
    }

    private static async Task<JobTicket> SubmitAsync(BacktestInput input, string? key, DatasetLibrary datasets, BacktestJobs backtests, CancellationToken cancellation)
    {
        try
        {
            var panel = await datasets.ReadAsync(input.Data, input.Options, cancellation);
            return await backtests.SubmitAsync(panel, SpecOf(input, panel), CommandOf(input), key, cancellation);
        }
        catch (ForecastException e) when (e.Field is { } field && e.Code != "idempotency-key-reused")
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault(PointerOf(field), e.Code, e.Message)]);
        }
    }

    /// <summary>The run that a request asks for, on its data.</summary>
    /// <exception cref="ForecastException">A date that is none, or tails that the data cannot have.</exception>
    internal static RunSpec SpecOf(BacktestInput input, Panel panel)
    {
        var spec = new RunSpec { Data = input.DataName, Models = input.Models, Levels = input.Levels, Seed = input.Seed, Plan = input.PlanFor(panel.Frequency), Strategy = input.Strategy };
        return RiskTails.With(spec, panel, input.Risk);
    }

    /// <summary>What the faulty field is called in the body; a column or option of the file is a fault of the data.</summary>
    internal static string PointerOf(string field) => field switch
    {
        "data" or "models" or "horizon" or "step" or "window" or "refit" or "gap" or "from" or "to" or "initial" or "levels" or "risk" or "seed" or "frequency" or "calendar" or "returns" => $"/{field}",
        "cost" or "threshold" or "delay" or "momentum" or "contrarian" => $"/strategy/{field}",
        _ => "/data",
    };

    /// <summary>The request as it can be sent again.</summary>
    internal static string CommandOf(BacktestInput input) => "POST /v1/backtests " + JsonSerializer.Serialize(new
    {
        data = input.Data,
        models = input.Models,
        horizon = input.Plan.Horizon,
        step = input.Plan.EffectiveStep,
        window = input.Plan.RollingRows is { } rows ? $"rolling:{rows}" : "expanding",
        refit = input.Plan.RefitEvery is { } every ? $"every:{every}" : "never",
        gap = input.Plan.Gap,
        from = input.From,
        to = input.To,
        initial = input.Plan.InitialRows,
        levels = input.Levels,
        risk = input.Risk,
        seed = input.Seed,
        frequency = input.Options.Frequency,
        calendar = input.Options.Calendar,
        returns = Numbers.Word(input.Options.Returns),
        strategy = input.Strategy is { } s ? new { direction = StrategyDirections.Name(s.Direction), cost = s.Cost, threshold = s.Threshold, delay = s.Delay, momentum = s.Momentum, contrarian = s.Contrarian } : null,
    });
}
