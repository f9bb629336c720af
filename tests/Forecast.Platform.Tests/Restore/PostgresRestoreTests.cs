using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Platform.Tests.Support;
using Forecast.Tests.Servers;

namespace Forecast.Platform.Tests.Restore;

/// <summary>The drill of docs/OPERATIONS.md on Postgres: dumped while a server works, restored into another Postgres and another home, it gives the same forecasts.</summary>
public sealed class PostgresRestoreTests
{
    private const string Backtest = """{"data":"brent_spot","returns":"log","models":["naive","arima(1,0,1)"],"horizon":1,"refit":"every:20","from":"2018-10-01","to":"2018-12-31","seed":3}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_of_a_server_at_work_gives_identical_forecasts_elsewhere_and_knows_its_lineage()
    {
        var (home, other) = (Directory.CreateTempSubdirectory("forecast-home-").FullName, Directory.CreateTempSubdirectory("forecast-other-").FullName);
        try
        {
            await using var postgres = await PostgresServer.StartNewAsync();
            await using var second = await PostgresServer.StartNewAsync();
            string dump, expected, id, trace, run, scores;
            await using (var server = Serve(home, postgres))
            {
                using var http = await HttpOfAsync(server);
                var fitted = await ForecastAsync(http, "arima(1,0,1)", 1);
                await PostAsync(http, "/v1/models/demand/versions", $$"""{"forecastId":"{{fitted["forecastId"]}}"}""", HttpStatusCode.Created);
                run = (await PostAsync(http, "/v1/backtests", Backtest, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
                await EndOfAsync(http, run);
                scores = await http.GetStringAsync(At($"/v1/runs/{run}/metrics"), Cancel);
                var now = await ForecastAsync(http, "demand@1", 1);
                (expected, id) = (Numbers(now), now["forecastId"]!.GetValue<string>());
                trace = await http.GetStringAsync(At($"/v1/forecasts/{id}"), Cancel);

                var busy = Task.WhenAll(Enumerable.Range(2, 40).Select(seed => ForecastAsync(http, "mean", seed)));
                dump = await postgres.DumpAsync();
                await busy;
                CopyFolder(Path.Combine(home, "artefacts"), Path.Combine(other, "artefacts"));
                await PostAsync(http, "/v1/models/demand/versions", $$"""{"forecastId":"{{fitted["forecastId"]}}"}""", HttpStatusCode.Created);
            }

            await second.RestoreAsync(dump);
            await using var restored = Serve(other, second);
            using var again = await HttpOfAsync(restored);
            Numbers(await ForecastAsync(again, "demand@1", 1)).ShouldBe(expected);
            (await again.GetStringAsync(At($"/v1/forecasts/{id}"), Cancel)).ShouldBe(trace);
            (await again.GetStringAsync(At($"/v1/runs/{run}/metrics"), Cancel)).ShouldBe(scores);

            // What came after the dump is not there, and its number is given again.
            using var later = await again.GetAsync(At("/v1/models/demand/versions/2"), Cancel);
            later.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
            Directory.Delete(other, recursive: true);
        }
    }

    private static ForecastProcess Serve(string home, PostgresServer postgres) =>
        ForecastProcess.Start(home, new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_STORE"] = postgres.Address }, "serve", "--port", "0");

    private static async Task<HttpClient> HttpOfAsync(ForecastProcess server) =>
        new() { BaseAddress = new Uri((await server.FirstOut).Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal))), Timeout = TimeSpan.FromSeconds(60) };

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static async Task<JsonNode> ForecastAsync(HttpClient http, string model, int seed)
    {
        var random = new Random(seed);
        var values = string.Join(',', Enumerable.Range(0, 100).Select(_ => random.NextDouble().ToString("R", CultureInfo.InvariantCulture)));
        var body = $$"""{"model":"{{model}}","frequency":"P1D","horizon":5,"levels":[0.05,0.5,0.95],"series":[{"id":"s","start":"2024-01-01","values":[{{values}}]}]}""";
        return (await PostAsync(http, "/v1/forecasts", body, HttpStatusCode.OK))["series"]![0]!;
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, string body, HttpStatusCode expected)
    {
        using var answer = await http.PostAsync(At(path), new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task EndOfAsync(HttpClient http, string job)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(100, Cancel))
        {
            var now = JsonNode.Parse(await http.GetStringAsync(At($"/v1/jobs/{job}"), Cancel))!;
            if (now["state"]!.GetValue<string>() is "succeeded") return;
            now["state"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(90), now.ToJsonString());
        }
    }

    private static string Numbers(JsonNode series) => $"{series["mean"]!.ToJsonString()} {series["quantiles"]!.ToJsonString()} {series["timestamps"]!.ToJsonString()}";

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
