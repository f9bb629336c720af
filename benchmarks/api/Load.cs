using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Forecast.ApiLoad;

/// <summary>What is asked for.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Model">Model string.</param>
/// <param name="Refit"><c>auto</c>: the parameters that the warm-up fitted, set on a row more; <c>always</c>: fitted for each request.</param>
internal sealed record Work(string Name, string Model, string Refit = "auto");

/// <summary>What a phase came to.</summary>
/// <param name="Concurrency">Clients that ask again as soon as they are answered; one that is refused waits as long as the server says.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Times">Milliseconds of the answers with a forecast, ascending.</param>
/// <param name="Refused">Answers 429 or 503 with <c>Retry-After</c>.</param>
/// <param name="Errors">Everything else, each with how often it came.</param>
internal sealed record Phase(int Concurrency, double Seconds, double[] Times, int Refused, IReadOnlyDictionary<string, int> Errors)
{
    public double PerSecond => Times.Length / Seconds;

    public double Quantile(double p) => Times.Length == 0 ? double.NaN : Times[(int)(p * (Times.Length - 1))];
}

/// <summary>Sends forecast requests and times each answer.</summary>
internal sealed class Load(Uri server) : IDisposable
{
    private const int Rows = 500;

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 4096 }) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
    private readonly double[] _values = Wander(Rows + 1);

    /// <summary>Fits once on all rows but the last, then asks a little, so that code is compiled and caches are filled.</summary>
    public async Task WarmUpAsync(Work work, int series = 1)
    {
        for (var i = 0; i < series; i++) await RequireAsync(Body(work, Rows, i));
        for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromSeconds(1);) await RequireAsync(Body(work, Rows + 1, 0));
    }

    /// <summary>Asks for a while; series of several names in turn.</summary>
    public async Task<Phase> RunAsync(Work work, int concurrency, TimeSpan time, int series = 1)
    {
        byte[][] bodies = [.. Enumerable.Range(0, series).Select(i => Body(work, Rows + 1, i))];
        var (times, errors, refused, next) = (new ConcurrentQueue<double>(), new ConcurrentDictionary<string, int>(StringComparer.Ordinal), 0, 0);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var start = Stopwatch.GetTimestamp();
                var (what, wait) = await SendAsync(bodies[Interlocked.Increment(ref next) % series]);
                if (what is null && wait is null)
                {
                    times.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                else if (wait is { } later)
                {
                    Interlocked.Increment(ref refused);
                    if (watch.Elapsed + later < time) await Task.Delay(later);
                    else return;
                }
                else
                {
                    errors.AddOrUpdate(what!, 1, static (_, n) => n + 1);
                }
            }
        })));
        return new Phase(concurrency, watch.Elapsed.TotalSeconds, [.. times.Order()], refused, errors);
    }

    public void Dispose() => _http.Dispose();

    private async Task RequireAsync(byte[] body)
    {
        var (what, wait) = await SendAsync(body);
        if (what is not null || wait is not null) throw new InvalidOperationException(what ?? "refused although nobody else asks");
    }

    /// <summary>Nothing for a forecast; for a refusal how long to wait; else what is wrong.</summary>
    private async Task<(string? What, TimeSpan? Wait)> SendAsync(byte[] body)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.PostAsync(new Uri("/v1/forecasts", UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK) return text.Contains("\"mean\":[", StringComparison.Ordinal) ? (null, null) : ($"200 without a forecast: {text}", null);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter?.Delta is { } wait) return (null, wait);
            return (string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}: {text}"), null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (e.Message, null);
        }
    }

    private byte[] Body(Work work, int rows, int series) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        model = work.Model,
        frequency = "B",
        calendar = "XNYS",
        horizon = 10,
        levels = new[] { 0.1, 0.5, 0.9 },
        seed = 7,
        refit = work.Refit,
        series = new[] { new { id = $"load-{series}", start = "2020-01-02", values = _values[..rows] } },
    }));

    private static double[] Wander(int rows)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(t => 50 + (10 * Math.Sin(t / 3.0)) + random.NextDouble() + random.NextDouble())];
    }
}
