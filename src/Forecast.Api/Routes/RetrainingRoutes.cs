using System.Text.Json;
using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Retraining;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Retrainings;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/retrainings</c>: candidates, how they were judged, and what became of them.</summary>
internal static class RetrainingRoutes
{
    public static void MapRetrainings(this RouteGroupBuilder v1)
    {
        var retrainings = v1.MapGroup("/retrainings").WithTags("retrainings");
        retrainings.MapGet("/", ListAsync).Refuses(400).WithName("retrainings").WithSummary("Retrainings, latest first; 'name' keeps those of one registered model");
        retrainings.MapPost("/", CreateAsync).Accepts<RetrainingBody>("application/json").Refuses(400, 409, 413, 415, 422, 503).Needs(ApiKey.RegistryScope)
            .WithName("retrain").WithSummary("Trains a registered model anew as a job, judges it and promotes it by rule")
            .WithDescription("New data are taken in, drift since the champion's fit is looked for, candidate and champion are back-tested on the newest folds, and the candidate, fitted on all data, is promoted, rejected, or left to somebody's approval. The outcome is at /v1/retrainings/{id of the job}.");
        retrainings.MapGet("/{id}", FindAsync).Refuses(404).WithName("retraining").WithSummary("A retraining with all that it looked at");
        retrainings.MapPost("/{id}/approve", (HttpContext context, RetrainingJobs jobs, CallerOfRequest current, ApiLimits limits, string id) => DecideAsync(context, jobs, current, limits, id, approve: true))
            .Accepts<DecisionBody>("application/json").Refuses(400, 404, 409, 413, 415, 422).Needs(ApiKey.RegistryScope)
            .WithName("approveRetraining").WithSummary("Makes a candidate that waits for approval champion");
        retrainings.MapPost("/{id}/reject", (HttpContext context, RetrainingJobs jobs, CallerOfRequest current, ApiLimits limits, string id) => DecideAsync(context, jobs, current, limits, id, approve: false))
            .Accepts<DecisionBody>("application/json").Refuses(400, 404, 409, 413, 415, 422).Needs(ApiKey.RegistryScope)
            .WithName("rejectRetraining").WithSummary("Retires a candidate that waits for approval");
    }

    /// <summary>What the faulty field is called in the body.</summary>
    internal static string PointerOf(string field) => field switch
    {
        "metric" or "minImprovement" or "miscalibration" or "risk" or "pValue" => $"/rule/{field}",
        "source" or "from" or "query" => $"/ingest/{field}",
        "name" or "data" or "model" or "horizon" or "levels" or "folds" or "frequency" or "calendar" or "returns" => $"/{field}",
        _ => "/data",
    };

    /// <summary>The drift that a retraining found.</summary>
    internal static DriftBody DriftOf(StoredRetraining retraining)
    {
        using var findings = JsonDocument.Parse(retraining.FindingsJson);
        return new DriftBody(
            retraining.JobId,
            Numbers.Text(retraining.CreatedAt),
            findings.RootElement.TryGetProperty("champion", out var champion) ? champion.GetString() : null,
            findings.RootElement.TryGetProperty("drift", out var drift) ? drift.Clone() : null);
    }

    private static async Task<Ok<Page<RetrainingAnswer>>> ListAsync(IForecastStore store, ApiLimits limits, string? name, string? limit, string? after, CancellationToken cancellation)
    {
        var page = await store.Retrainings.ListAsync(Query.Page(limit, after, limits), string.IsNullOrEmpty(name) ? null : name, cancellation);
        return TypedResults.Ok(new Page<RetrainingAnswer>([.. page.Items.Select(r => Of(r, whole: false))], page.Next));
    }

    private static async Task<Accepted<JobBody>> CreateAsync(
        HttpContext context, RetrainingJobs jobs, JobRunner runner, ModelCatalogue catalogue, ApiLimits limits, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey)
    {
        IdempotencyKey.Check(idempotencyKey);
        var job = (await JsonBody.ReadAsync(context.Request, body => RetrainingInput.Read(body, "POST /v1/retrainings", catalogue, limits)))!;
        var ticket = await SubmitAsync(jobs, job, idempotencyKey, context.RequestAborted);
        if (ticket.Created) runner.Wake(RetrainingJob.Kind);
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Accepted($"/v1/jobs/{ticket.Job.Id}", JobAnswers.Of(ticket.Job));
    }

    private static async Task<JobTicket> SubmitAsync(RetrainingJobs jobs, RetrainingJob job, string? key, CancellationToken cancellation)
    {
        try
        {
            return await jobs.SubmitAsync(job, key, cancellation);
        }
        catch (ForecastException e) when (e.Field is { } field && e.Code != "idempotency-key-reused")
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault(PointerOf(field), e.Code, e.Message)]);
        }
    }

    private static async Task<Ok<RetrainingAnswer>> FindAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var found = await store.Retrainings.FindAsync(id, cancellation) ?? throw new ForecastException("retraining-unknown", $"there is no retraining '{id}'; while its job runs it has no outcome", "id");
        return TypedResults.Ok(Of(found, whole: true));
    }

    private static async Task<Ok<RetrainingAnswer>> DecideAsync(HttpContext context, RetrainingJobs jobs, CallerOfRequest current, ApiLimits limits, string id, bool approve)
    {
        var reason = await JsonBody.ReadAsync(context.Request, body =>
        {
            var text = body.Text("reason", limits.TextLength, required: true);
            body.Close();
            return text;
        });
        return TypedResults.Ok(Of(await jobs.DecideAsync(id, approve, reason!, current.Caller.KeyId, context.RequestAborted), whole: true));
    }

    private static RetrainingAnswer Of(StoredRetraining retraining, bool whole)
    {
        using var findings = JsonDocument.Parse(retraining.FindingsJson);
        return new RetrainingAnswer
        {
            Id = retraining.JobId,
            Name = retraining.Name,
            ScheduleId = retraining.ScheduleId,
            Candidate = retraining.Candidate,
            State = Numbers.Word(retraining.State),
            Reason = retraining.Reason,
            CreatedAt = Numbers.Text(retraining.CreatedAt),
            DecidedBy = retraining.DecidedBy,
            DecidedAt = Numbers.Text(retraining.DecidedAt),
            Findings = whole ? findings.RootElement.Clone() : null,
        };
    }
}
