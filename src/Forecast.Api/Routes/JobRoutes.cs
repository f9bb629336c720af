using System.Globalization;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Store;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/jobs</c>: what was asked for and how far it is.</summary>
internal static class JobRoutes
{
    public static void MapJobs(this RouteGroupBuilder v1)
    {
        var jobs = v1.MapGroup("/jobs").WithTags("jobs");
        jobs.MapGet("/", ListAsync).Refuses(400).WithName("jobs").WithSummary("Jobs, latest first");
        jobs.MapGet("/{id}", FindAsync).Refuses(404).WithName("job").WithSummary("A job");
        jobs.MapDelete("/{id}", CancelAsync).Refuses(404, 409).WithName("cancelJob").WithSummary("Asks a job to stop")
            .WithDescription("202: it waits no longer, or stops when its worker hears of it. 409: it had ended already.");
        jobs.MapGet("/{id}/events", EventsAsync).Refuses(400, 404)
            .Produces<EventPage>(StatusCodes.Status200OK, "application/json", "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .WithName("jobEvents").WithSummary("Events of a job: a page of JSON, or server-sent events while it lasts")
            .WithDescription("With 'Accept: text/event-stream' events come as they happen; 'Last-Event-ID' (or 'after') goes on after the last one seen, and 204 says that there will be none any more.");
    }

    private static async Task<Ok<Page<JobBody>>> ListAsync(IForecastStore store, ApiLimits limits, string? limit, string? after, [FromQuery] string[]? state, CancellationToken cancellation)
    {
        var states = Query.Words(state)?.Select(State).ToArray();
        var page = await store.Jobs.ListAsync(Query.Page(limit, after, limits), states, cancellation);
        return TypedResults.Ok(new Page<JobBody>([.. page.Items.Select(JobAnswers.Of)], page.Next));
    }

    private static JobState State(string word) => Enum.GetValues<JobState>().Cast<JobState?>().FirstOrDefault(s => Numbers.Word(s!.Value).Equals(word, StringComparison.Ordinal))
        ?? throw RequestException.OfParameter("state", "state-unknown", $"state is '{word}'; it must be one of {string.Join(", ", Enum.GetValues<JobState>().Select(Numbers.Word))}");

    private static async Task<Ok<JobBody>> FindAsync(IForecastStore store, HttpResponse response, string id, CancellationToken cancellation)
    {
        var job = await RequireAsync(store, id, cancellation);
        if (!JobAnswers.HasEnded(job.State)) response.Headers.RetryAfter = "1";
        return TypedResults.Ok(JobAnswers.Of(job));
    }

    private static async Task<Accepted<JobBody>> CancelAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var job = await RequireAsync(store, id, cancellation);
        if (!await store.Jobs.RequestCancelAsync(id, cancellation))
            throw new ForecastException("job-ended", $"job '{id}' had ended already ({Numbers.Word((await store.Jobs.FindAsync(id, cancellation) ?? job).State)})", "id");
        return TypedResults.Accepted($"/v1/jobs/{id}", JobAnswers.Of(await RequireAsync(store, id, cancellation)));
    }

    private static async Task<IResult> EventsAsync(
        HttpContext context,
        IForecastStore store,
        ApiLimits limits,
        IOptions<JsonOptions> json,
        IHostApplicationLifetime lifetime,
        string id,
        string? after,
        string? limit,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId)
    {
        var job = await RequireAsync(store, id, context.RequestAborted);
        var seen = string.IsNullOrEmpty(lastEventId)
            ? Query.Number("after", after, 0, long.MaxValue, 0)
            : Query.Number("Last-Event-ID", lastEventId, 0, long.MaxValue, 0);
        var most = (int)Query.Number("limit", limit, 1, limits.PageSize, 100);
        if (!context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)))
            return TypedResults.Ok(await PageAsync(store, job, seen, most, context.RequestAborted));

        // A browser that lost the end of the stream asks again and again, unless it is told that there is no more.
        if (JobAnswers.HasEnded(job.State) && (await store.Events.ReadAfterAsync(Streams.OfJob(id), seen, 1, context.RequestAborted)).Count == 0) return TypedResults.NoContent();
        return new EventStream(store, id, seen, json.Value.SerializerOptions, lifetime.ApplicationStopping);
    }

    private static async Task<EventPage> PageAsync(IForecastStore store, StoredJob job, long after, int limit, CancellationToken cancellation)
    {
        var events = await store.Events.ReadAfterAsync(Streams.OfJob(job.Id), after, limit, cancellation);
        var ended = events.Count > 0 ? JobAnswers.Ends(events[^1]) : JobAnswers.HasEnded(job.State);
        return new EventPage([.. events.Select(JobAnswers.Of)], events.Count > 0 ? events[^1].Seq : after, ended);
    }

    private static async Task<StoredJob> RequireAsync(IForecastStore store, string id, CancellationToken cancellation) =>
        await store.Jobs.FindAsync(id, cancellation) ?? throw new ForecastException("job-unknown", string.Create(CultureInfo.InvariantCulture, $"there is no job '{id}'"), "id");
}
