using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Operations;

/// <summary>What leaves the server about itself: traces, metrics and log lines, and nothing of anybody's data in them.</summary>
public sealed class TelemetryTests
{
    private const string Secret = "hush-hush";

    [Fact]
    public async Task Traces_and_metrics_reach_a_collector_and_log_lines_are_objects_without_data()
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        var got = new ConcurrentDictionary<string, ConcurrentQueue<string>>(StringComparer.Ordinal);
        var collecting = CollectAsync(collector, got);
        string[] log;
        await using (var server = await Server.StartWithAsync(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }, "--logs", "json"))
        {
            using var answer = await server.PostAsync("/v1/forecasts", Bodies.Forecast("seasonal-naive[7]", Bodies.Values(30), id: Secret));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var missing = await server.Http.GetAsync($"/v1/datasets/{Secret}?x={Secret}", Cancel);
            missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await server.TerminateAsync()).ShouldBe(0);
            log = (await server.ErrorAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        collector.Stop();
        await collecting;
        got.Keys.ShouldBe(["/v1/traces", "/v1/metrics"], ignoreOrder: true);
        var (traces, metrics) = (string.Concat(got["/v1/traces"]), string.Concat(got["/v1/metrics"]));
        traces.ShouldContain("seasonal-naive");
        traces.ShouldContain("POST /v1/forecasts");
        metrics.ShouldContain("forecast.series");
        metrics.ShouldContain("fitted");
        metrics.ShouldContain("http.server.request.duration");
        (traces + metrics).ShouldNotContain(Secret);

        var requests = log.Select(l => JsonNode.Parse(l)!).Where(l => l["Category"]!.GetValue<string>().EndsWith("RequestLog", StringComparison.Ordinal)).Select(l => l["State"]!).ToArray();
        requests.Select(r => $"{r["Method"]} {r["Route"]} {r["Status"]} {r["Tenant"]}").ShouldBe(["POST /v1/forecasts 200 default", "GET /v1/datasets/{name} 404 default"]);
        string.Concat(log).ShouldNotContain(Secret);
    }

    private static async Task CollectAsync(HttpListener collector, ConcurrentDictionary<string, ConcurrentQueue<string>> got)
    {
        while (collector.IsListening)
        {
            try
            {
                var context = await collector.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                got.GetOrAdd(context.Request.Url!.AbsolutePath, _ => []).Enqueue(string.Concat(Encoding.Latin1.GetString(body.ToArray()).Where(c => c is >= ' ' and <= '~')));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
