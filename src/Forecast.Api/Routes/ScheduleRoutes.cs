using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Retraining;
using Forecast.Hosting.Schedules;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/schedules</c>: back-tests and retrainings that are made again and again.</summary>
internal static class ScheduleRoutes
{
    private const int JobsTold = 20;

    public static void MapSchedules(this RouteGroupBuilder v1)
    {
        var schedules = v1.MapGroup("/schedules").WithTags("schedules");
        schedules.MapGet("/", ListAsync).WithName("schedules").WithSummary("Schedules, by name");
        schedules.MapPost("/", CreateAsync).Accepts<NewScheduleBody>("application/json").Refuses(400, 409, 413, 415, 422, 503).Needs(ApiKey.JobScope)
            .WithName("createSchedule").WithSummary("Has a back-test or a retraining made again and again")
            .WithDescription("Each firing makes one job, whose data are read when it begins. However many servers there are and whichever of them dies: one job for each instant.");
        schedules.MapGet("/{id}", FindAsync).Refuses(404).WithName("schedule").WithSummary("A schedule by id or name, with its latest jobs");
        schedules.MapGet("/{id}/drift", DriftAsync).Refuses(404).WithName("scheduleDrift").WithSummary("What the drift monitors of a schedule's retraining said the last time");
        schedules.MapPatch("/{id}", ChangeAsync).Accepts<ScheduleChangeBody>("application/json").Refuses(400, 404, 415, 422).Needs(ApiKey.JobScope)
            .WithName("changeSchedule").WithSummary("Pauses a schedule or lets it go on");
        schedules.MapDelete("/{id}", RemoveAsync).Refuses(404).Needs(ApiKey.JobScope).WithName("removeSchedule").WithSummary("Removes a schedule; its jobs stay");
    }

    private static async Task<Ok<ScheduleList>> ListAsync(IForecastStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ScheduleList([.. (await store.Schedules.ListAsync(cancellation)).Select(s => ScheduleAnswers.Of(s))]));

    private static async Task<Created<ScheduleBody>> CreateAsync(
        HttpContext context,
        ScheduleBook book,
        ScheduleClock clock,
        DatasetLibrary datasets,
        RetrainingJobs retrainings,
        CallerOfRequest current,
        ModelCatalogue catalogue,
        ApiLimits limits)
    {
        var input = (await JsonBody.ReadAsync(context.Request, body => ScheduleInput.Read(body, catalogue, limits)))!;
        if (input.Retraining is not null && !current.Caller.Scopes.Contains(ApiKey.RegistryScope, StringComparer.Ordinal))
            throw new RequestException(StatusCodes.Status403Forbidden, [new Fault("/retraining", "scope-missing", $"this key may not do that: it lacks the scope '{ApiKey.RegistryScope}'")]);
        var schedule = input.Retraining is { } retraining
            ? await AddAsync(input, retraining, book, retrainings, context.RequestAborted)
            : await AddAsync(input, input.Backtest!, book, datasets, context.RequestAborted);
        await clock.ReadAsync(context.RequestAborted);
        return TypedResults.Created($"/v1/schedules/{schedule.Id}", ScheduleAnswers.Of(schedule));
    }

    private static async Task<StoredSchedule> AddAsync(ScheduleInput input, RetrainingJob wanted, ScheduleBook book, RetrainingJobs retrainings, CancellationToken cancellation)
    {
        try
        {
            return await book.AddAsync(input.Name, input.Cron, input.TimeZone, input.Misfire, await retrainings.CheckedAsync(wanted, cancellation), cancellation);
        }
        catch (ForecastException e) when (e.Code != "schedule-exists" && e.Field is { } field)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault($"/retraining{RetrainingRoutes.PointerOf(field)}", e.Code, e.Message)]);
        }
    }

    private static async Task<StoredSchedule> AddAsync(ScheduleInput input, BacktestInput wanted, ScheduleBook book, DatasetLibrary datasets, CancellationToken cancellation)
    {
        try
        {
            var panel = await datasets.ReadAsync(wanted.Data, wanted.Options, cancellation);
            var work = new ScheduledBacktest(wanted.Data, wanted.Options, BacktestRoutes.SpecOf(wanted, panel), BacktestRoutes.CommandOf(wanted));
            return await book.AddAsync(input.Name, input.Cron, input.TimeZone, input.Misfire, panel, work, cancellation);
        }
        catch (ForecastException e) when (e.Code != "schedule-exists" && e.Field is { } field && BacktestRoutes.PointerOf(field) is var pointer)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault($"/backtest{pointer}", e.Code, e.Message)]);
        }
    }

    private static async Task<Ok<ScheduleBody>> FindAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var schedule = await store.Schedules.FindAsync(id, cancellation) ?? throw new ForecastException("schedule-unknown", $"there is no schedule '{id}'", "id");
        return TypedResults.Ok(ScheduleAnswers.Of(schedule, await store.Schedules.JobsAsync(schedule.Id, JobsTold, cancellation)));
    }

    private static async Task<Ok<DriftBody>> DriftAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var schedule = await store.Schedules.FindAsync(id, cancellation) ?? throw new ForecastException("schedule-unknown", $"there is no schedule '{id}'", "id");
        return TypedResults.Ok(await store.Retrainings.LatestAsync(schedule.Id, cancellation) is { } latest ? RetrainingRoutes.DriftOf(latest) : new DriftBody(null, null, null, null));
    }

    private static async Task<Ok<ScheduleBody>> ChangeAsync(HttpContext context, IForecastStore store, ScheduleClock clock, string id)
    {
        var state = await JsonBody.ReadAsync(context.Request, body =>
        {
            var word = body.Text("state", 20, required: true);
            if (word is not (null or "active" or "paused")) body.Fault("state", "state-unknown", $"state is '{word}'; it must be active or paused");
            body.Close();
            return word is "paused" ? ScheduleState.Paused : ScheduleState.Active;
        });
        var schedule = await store.Schedules.SetStateAsync(id, state, context.RequestAborted);
        await clock.ReadAsync(context.RequestAborted);
        return TypedResults.Ok(ScheduleAnswers.Of(schedule));
    }

    private static async Task<NoContent> RemoveAsync(IForecastStore store, ScheduleClock clock, string id, CancellationToken cancellation)
    {
        await store.Schedules.DeleteAsync(id, cancellation);
        await clock.ReadAsync(cancellation);
        return TypedResults.NoContent();
    }
}
