using System.Text.Json;
using System.Text.Json.Nodes;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Store.Events;
using Forecast.Store.Jobs;

namespace Forecast.Api.Answers;

/// <summary>Jobs and events as the contract writes them.</summary>
internal static class JobAnswers
{
    public static bool HasEnded(JobState state) => state is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>True for an event after which a job's stream has no more.</summary>
    public static bool Ends(StoredEvent e) => e.Kind is "succeeded" or "failed" or "cancelled";

    public static JobBody Of(StoredJob job) => new()
    {
        Id = job.Id,
        Kind = job.Kind,
        State = Numbers.Word(job.State),
        Progress = job.Progress,
        Message = job.Message,
        RunId = job.RunId,
        CancelRequested = job.CancelRequested,
        Attempts = job.Attempts,
        IdempotencyKey = job.IdempotencyKey,
        CreatedAt = Numbers.Text(job.CreatedAt),
        StartedAt = Numbers.Text(job.StartedAt),
        FinishedAt = Numbers.Text(job.FinishedAt),
        Result = job.ResultJson is { } json ? CamelCase(json) : null,
        Error = Error(job.ErrorCode, job.ErrorMessage),
    };

    public static EventBody Of(StoredEvent e) => new(e.Seq, e.Kind, Numbers.Text(e.At), JsonElement.Parse(e.PayloadJson));

    public static JobError? Error(string? code, string? message) => code is null ? null : new JobError(ProblemAnswers.Type(code), code, message ?? "");

    /// <summary>The store keeps records under their own names; the contract's begin with a small letter.</summary>
    private static JsonElement CamelCase(string json)
    {
        return JsonSerializer.SerializeToElement(Renamed(JsonNode.Parse(json)));

        static JsonNode? Renamed(JsonNode? node) => node switch
        {
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(p.Key), Renamed(p.Value)))),
            JsonArray a => new JsonArray([.. a.Select(Renamed)]),
            _ => node?.DeepClone(),
        };
    }
}
