using System.Text.Json;
using System.Threading.Channels;
using Forecast.Api.Contracts;
using Forecast.Api.Reading;
using Forecast.Hosting.Forecasts;

namespace Forecast.Api.Answers;

/// <summary>
/// Forecasts as NDJSON: a line a series as soon as it is made, in no fixed order, then one line that says how many there were; an answer
/// without it was cut off. What was sent is not kept, so that memory does not grow with the answer; a reader that is slow
/// slows the work down.
/// </summary>
/// <param name="input">What is wanted.</param>
/// <param name="forecasts">Who makes it.</param>
/// <param name="turn">Given back when the last line is sent.</param>
/// <param name="json">How it is written.</param>
internal sealed class ForecastLines(ForecastInput input, ForecastService forecasts, ForecastTurn turn, JsonSerializerOptions json) : IResult
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Lines that wait to be sent.</summary>
    private const int Waiting = 64;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Whether a request wants its answer so.</summary>
    public static bool Wanted(HttpRequest request) => request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var held = turn;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        using var room = new SemaphoreSlim(Waiting);
        var lines = Channel.CreateUnbounded<byte[]>();
        var work = Task.Run(() => Work(lines.Writer, room, ended.Token), CancellationToken.None);
        try
        {
            await SendAsync(httpContext.Response, lines.Reader, room, ended.Token);
            var (series, failed) = await work;
            await WriteAsync(httpContext.Response, JsonSerializer.SerializeToUtf8Bytes(new ForecastEndBody(true, series, failed), json), ended.Token);
        }
        catch (Exception) when (httpContext.Response.HasStarted)
        {
            // The status was sent already: only a broken line can still say that something went wrong.
            httpContext.Abort();
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private (int Series, int Failed) Work(ChannelWriter<byte[]> lines, SemaphoreSlim room, CancellationToken cancellation)
    {
        var (places, series, failed) = (input.Ids.Index().ToDictionary(e => e.Item, e => e.Index, StringComparer.Ordinal), 0, 0);
        try
        {
            forecasts.Forecast(input.Request, cancellation, outcome =>
            {
                var line = ForecastAnswers.Of(input, outcome, places[outcome.Series]);
                Interlocked.Increment(ref series);
                if (line.Error is not null) Interlocked.Increment(ref failed);
                room.Wait(cancellation);
                lines.TryWrite(JsonSerializer.SerializeToUtf8Bytes(line, json));
            });
            lines.Complete();
        }
        catch (Exception e)
        {
            lines.Complete(e);
            throw;
        }

        return (series, failed);
    }

    private static async Task SendAsync(HttpResponse response, ChannelReader<byte[]> lines, SemaphoreSlim room, CancellationToken cancellation)
    {
        while (await lines.WaitToReadAsync(cancellation))
        {
            while (lines.TryRead(out var line))
            {
                room.Release();
                await WriteAsync(response, line, cancellation);
            }

            await response.Body.FlushAsync(cancellation);
        }
    }

    private static async Task WriteAsync(HttpResponse response, byte[] line, CancellationToken cancellation)
    {
        if (!response.HasStarted) response.ContentType = MediaType;
        await response.Body.WriteAsync(line, cancellation);
        await response.Body.WriteAsync(NewLine, cancellation);
    }
}
