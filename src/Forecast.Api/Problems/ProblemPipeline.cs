using Forecast.Core;
using Microsoft.AspNetCore.Diagnostics;

namespace Forecast.Api.Problems;

/// <summary>Turns every way in which a request can fail into problem details.</summary>
internal static class ProblemPipeline
{
    public static IServiceCollection AddProblems(this IServiceCollection services) => services.AddProblemDetails().AddExceptionHandler<Handler>();

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var (code, detail) = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => ("route-unknown", $"there is nothing at '{http.Request.Path}'"),
                StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", $"'{http.Request.Path}' cannot be asked to {http.Request.Method}"),
                StatusCodes.Status415UnsupportedMediaType => ("media-type-unsupported", $"'{http.Request.ContentType}' is not what '{http.Request.Path}' reads"),
                _ => ("request-refused", "the request cannot be read"),
            };
            await ProblemAnswers.Of(http.Response.StatusCode, code, detail).ExecuteAsync(http);
        });
    }

    private sealed class Handler(ILogger<Handler> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (httpContext.RequestAborted.IsCancellationRequested) return true;  // nobody listens any more
            var answer = exception switch
            {
                RequestException e => ProblemAnswers.Of(e),
                ForecastException e => ProblemAnswers.Of(e),
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProblemAnswers.Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "the body is larger than GET /v1/limits allows"),
                BadHttpRequestException e => ProblemAnswers.Of(e.StatusCode, "request-malformed", e.Message),
                _ => Defect(exception),
            };
            await answer.ExecuteAsync(httpContext);
            return true;
        }

        private ProblemAnswers.Answer Defect(Exception e)
        {
            logger.LogError(e, "a request failed by a defect");
            return ProblemAnswers.Of(StatusCodes.Status500InternalServerError, "defect", "an internal failure, of which the server's log has the details");
        }
    }
}
