using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Forecast.ApiLoad;

/// <summary>Sends forecast requests from a process of its own and times each answer.</summary>
internal sealed class Load(Uri server) : IDisposable
{
    private const int Rows = 500;

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = server };
    private readonly double[] _values = Wander(Rows + 1);

    /// <summary>Fits once on all rows but the last, so that the measured requests are conditioned on one row more.</summary>
    public async Task WarmUpAsync(string model)
    {
        await SendAsync(Body(model, Rows));
        for (var i = 0; i < 200; i++) await SendAsync(Body(model, Rows + 1));
    }

    /// <summary>A line of the table.</summary>
    public async Task<string> MeasureAsync(string model, int concurrency, int requests)
    {
        var body = Body(model, Rows + 1);
        var times = new double[requests];
        var next = -1;
        var origin = "";
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                var start = Stopwatch.GetTimestamp();
                origin = await SendAsync(body);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"| {model} | {concurrency} | {requests / seconds:F0} | {times[requests / 2]:F2} | {times[(int)(requests * 0.99)]:F2} | {origin} |");
    }

    /// <summary>Resident memory of a process in MiB.</summary>
    public static long Memory(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64 >> 20;
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(new Uri("/v1/forecasts", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("series")[0].GetProperty("origin").GetString()!;
    }

    private byte[] Body(string model, int rows) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        model,
        frequency = "B",
        calendar = "XNYS",
        horizon = 10,
        levels = new[] { 0.05, 0.5, 0.95 },
        seed = 7,
        series = new[] { new { id = "load", start = "2020-01-02", values = _values[..rows] } },
    }));

    private static double[] Wander(int rows)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() + random.NextDouble() - 1)];
    }
}
