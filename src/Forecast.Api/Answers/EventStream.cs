using System.Globalization;
using System.Text;
using System.Text.Json;
using Forecast.Store;
using Forecast.Store.Events;

namespace Forecast.Api.Answers;

/// <summary>
/// A job's events as server-sent events. Each carries its number as id, so that a client that lost the line asks for what is after
/// the last one it saw: numbers have no holes, hence nothing is lost or told twice. The answer ends with the job.
/// </summary>
internal sealed class EventStream(IForecastStore store, string jobId, long after, JsonSerializerOptions json, CancellationToken stopping) : IResult
{
    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-store";
        try
        {
            await WriteAsync(response, "retry: 1000\n\n", either.Token);
            await FollowAsync(response, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client left, or the server stops: it asks again with the last number it saw.
        }
    }

    private async Task FollowAsync(HttpResponse response, CancellationToken cancellation)
    {
        var (seen, silent) = (after, TimeSpan.Zero);
        while (true)
        {
            var events = await store.Events.ReadAfterAsync(Streams.OfJob(jobId), seen, Batch, cancellation);
            if (events.Count > 0)
            {
                await WriteAsync(response, Text(events), cancellation);
                (seen, silent) = (events[^1].Seq, TimeSpan.Zero);
                if (JobAnswers.Ends(events[^1])) return;
                continue;
            }

            await Task.Delay(Poll, cancellation);
            silent += Poll;
            if (silent < Silence) continue;
            await WriteAsync(response, ": still here\n\n", cancellation);  // keeps proxies from closing the line
            silent = TimeSpan.Zero;
        }
    }

    private string Text(IReadOnlyList<StoredEvent> events)
    {
        var text = new StringBuilder();
        foreach (var e in events)
            text.Append(CultureInfo.InvariantCulture, $"id: {e.Seq}\nevent: {e.Kind}\ndata: {JsonSerializer.Serialize(JobAnswers.Of(e), json)}\n\n");
        return text.ToString();
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellation)
    {
        await response.WriteAsync(text, cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
