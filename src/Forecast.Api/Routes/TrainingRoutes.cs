using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Keys;
using Forecast.Models.Catalogue;
using Forecast.Store.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/trainings</c>: creates a job that fits a model and registers it.</summary>
internal static class TrainingRoutes
{
    public static void MapTrainings(this RouteGroupBuilder v1) => v1.MapPost("/trainings", CreateAsync)
        .Accepts<TrainingBody>("application/json")
        .Refuses(400, 409, 413, 415, 422, 503)
        .Needs(ApiKey.RegistryScope)
        .WithName("train")
        .WithTags("trainings")
        .WithSummary("Fits a model on all rows of a dataset as a job, and registers the fit as a candidate")
        .WithDescription("What can be told of the request is told at once. The job's result names the version, with which 'model: name@version' in a forecast request forecasts. With the same seed it is the fit that a forecast on these data makes. A request repeated under the same 'Idempotency-Key' is the same job.");

    private static async Task<Accepted<JobBody>> CreateAsync(
        HttpContext context,
        DatasetLibrary datasets,
        TrainingJobs trainings,
        JobRunner runner,
        ModelCatalogue catalogue,
        ApiLimits limits,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey)
    {
        IdempotencyKey.Check(idempotencyKey);
        var input = (await JsonBody.ReadAsync(context.Request, body => TrainingInput.Read(body, catalogue, limits)))!;
        var ticket = await SubmitAsync(input, idempotencyKey, datasets, trainings, context.RequestAborted);
        if (ticket.Created) runner.Wake(TrainingJob.Kind);
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Accepted($"/v1/jobs/{ticket.Job.Id}", JobAnswers.Of(ticket.Job));
    }

    private static async Task<JobTicket> SubmitAsync(TrainingInput input, string? key, DatasetLibrary datasets, TrainingJobs trainings, CancellationToken cancellation)
    {
        try
        {
            var panel = await datasets.ReadAsync(input.Data, input.Options, cancellation);
            return await trainings.SubmitAsync(input.DataName, panel, input.Job, key, cancellation);
        }
        catch (ForecastException e) when (e.Field is { } field && e.Code != "idempotency-key-reused")
        {
            var place = field is "model" or "name" or "horizon" or "levels" or "frequency" or "calendar" or "returns" ? field : "data";
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault($"/{place}", e.Code, e.Message)]);
        }
    }
}
