using System.Globalization;
using Forecast.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Problems;

/// <summary>Problem details (RFC 9457): a stable type for each code, the status that belongs to it, and where the fault lies.</summary>
internal static class ProblemAnswers
{
    /// <summary>The type of a code.</summary>
    public static string Type(string code) => $"urn:forecast:problem:{code}";

    /// <summary>One problem of one code.</summary>
    public static Answer Of(int status, string code, string detail, IReadOnlyList<Fault>? errors = null, int? retryAfterSeconds = null)
    {
        var problem = new ProblemDetails { Type = Type(code), Title = code.Replace('-', ' '), Status = status, Detail = detail };
        problem.Extensions["code"] = code;
        if (errors is { Count: > 0 }) problem.Extensions["errors"] = errors;
        return new Answer(problem, retryAfterSeconds);
    }

    /// <summary>Several faults of one request: the type is theirs when there is one, and <c>request-invalid</c> when there are more.</summary>
    public static Answer Of(RequestException e)
    {
        int? retry = e.Status == StatusCodes.Status503ServiceUnavailable ? 1 : null;
        return e.Faults.Count == 1 || retry is not null
            ? Of(e.Status, e.Faults[0].Code, e.Faults[0].Detail, e.Faults, retry)
            : Of(e.Status, "request-invalid", $"{e.Faults.Count} things are wrong with this request; 'errors' names each", e.Faults, retry);
    }

    /// <summary>Whether the same request may well be answered a little later.</summary>
    public static bool MayPass(string code) => Status(code) == StatusCodes.Status503ServiceUnavailable;

    /// <summary>A fault that was found after the request was read.</summary>
    public static Answer Of(ForecastException e, string? pointer = null)
    {
        var status = Status(e.Code);
        IReadOnlyList<Fault>? errors = pointer is null ? null : [new Fault(pointer, e.Code, e.Message)];
        return Of(status, e.Code, e.Message, errors, status == StatusCodes.Status503ServiceUnavailable ? 1 : null);
    }

    private static int Status(string code) => code switch
    {
        "job-unknown" or "schedule-unknown" or "webhook-unknown" or "retraining-unknown" or "run-unknown" or "dataset-unknown" or "forecast-unknown" or "model-version-unknown" or "not-found" => StatusCodes.Status404NotFound,
        "idempotency-key-reused" or "dataset-name-reserved" or "schedule-exists" or "retraining-decided" or "run-unfinished" or "job-ended" => StatusCodes.Status409Conflict,
        "data-too-large" => StatusCodes.Status413PayloadTooLarge,
        "cursor-invalid" or "limit-invalid" => StatusCodes.Status400BadRequest,
        "store-busy" or "store-disk" or "store-cannot-open" or "time-limit" => StatusCodes.Status503ServiceUnavailable,
        _ when code.StartsWith("store-", StringComparison.Ordinal) => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>Writes the problem, and <c>Retry-After</c> where trying again makes sense.</summary>
    internal sealed class Answer(ProblemDetails problem, int? retryAfterSeconds) : IResult
    {
        private readonly ProblemHttpResult _result = TypedResults.Problem(problem);

        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (retryAfterSeconds is { } seconds) httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return _result.ExecuteAsync(httpContext);
        }
    }
}
