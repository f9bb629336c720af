using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Jobs;
using Forecast.Store.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/pulls</c>: creates a job that fetches a published model.</summary>
internal static class PullRoutes
{
    public static void MapPulls(this RouteGroupBuilder v1) => v1.MapPost("/pulls", CreateAsync)
        .Accepts<PullBody>("application/json")
        .Refuses(400, 409, 413, 415, 422, 503)
        .WithName("pull")
        .WithTags("pulls")
        .WithSummary("Fetches a published model into the server's cache as a job")
        .WithDescription("The model comes from the hub (or mirror) that the server is set to, with the server's token; afterwards 'weights: OWNER/NAME' in a model string finds it. A transfer that is cut, cancelled or stopped goes on where it was. A request repeated under the same 'Idempotency-Key' is the same job.");

    private static async Task<Accepted<JobBody>> CreateAsync(HttpContext context, PullJobs pulls, JobRunner runner, ApiLimits limits, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey)
    {
        IdempotencyKey.Check(idempotencyKey);
        var job = (await JsonBody.ReadAsync(context.Request, body => Read(body, limits)))!;
        var ticket = await SubmitAsync(pulls, job, idempotencyKey, context.RequestAborted);
        if (ticket.Created) runner.Wake(PullJob.Kind);
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Accepted($"/v1/jobs/{ticket.Job.Id}", JobAnswers.Of(ticket.Job));
    }

    private static PullJob? Read(ObjectReader body, ApiLimits limits)
    {
        var source = body.Text("source", limits.TextLength, required: true);
        var revision = body.Text("revision", limits.TextLength) ?? "main";
        var update = body.Boolean("update") ?? false;
        body.Close();
        return body.Faults.Count > 0 || source is null ? null : new PullJob(source, revision, update);
    }

    private static async Task<JobTicket> SubmitAsync(PullJobs pulls, PullJob job, string? key, CancellationToken cancellation)
    {
        try
        {
            return await pulls.SubmitAsync(job, key, cancellation);
        }
        catch (ForecastException e) when (e.Field is "source" or "revision")
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault($"/{e.Field}", e.Code, e.Message)]);
        }
    }
}
