using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Operations;

/// <summary>The drill: a backup of a server at work, restored elsewhere, gives the same forecasts and knows where they came from.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_restored_server_gives_identical_forecasts_and_knows_its_lineage()
    {
        var folder = Directory.CreateTempSubdirectory("forecast-backup-").FullName;
        try
        {
            var (copy, home) = (Path.Combine(folder, "copy"), Path.Combine(folder, "home"));
            var values = Bodies.Values(100);
            string expected, id, trace, run, scores;
            await using (var server = await Server.StartAsync())
            {
                var fitted = await ForecastAsync(server, Bodies.Forecast("arima(1,0,1)", values));
                using var made = await server.PostAsync("/v1/models/demand/versions", $$"""{"forecastId":"{{fitted["forecastId"]!.GetValue<string>()}}"}""");
                made.StatusCode.ShouldBe(HttpStatusCode.Created);
                using var created = await server.PostAsync("/v1/backtests", Bodies.QuickBacktest);
                run = (await Server.JsonAsync(created, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
                await server.EndOfAsync(run);
                scores = (await server.GetAsync($"/v1/runs/{run}/metrics")).ToJsonString();
                var now = await ForecastAsync(server, Bodies.Forecast("demand@1", values));
                (expected, id) = (Numbers(now), now["forecastId"]!.GetValue<string>());
                trace = (await server.GetAsync($"/v1/forecasts/{id}")).ToJsonString();

                // Copied while the server works.
                var busy = Task.WhenAll(Enumerable.Range(0, 30).Select(i => ForecastAsync(server, Bodies.Forecast("naive", Bodies.Values(20, seed: i)))));
                (await RunAsync(server.Home, "backup", copy)).Code.ShouldBe(0);
                await busy;
                (await RunAsync(server.Home, "backup", copy)).Said.ShouldContain("is not empty");
                (await RunAsync(server.Home, "restore", copy)).Said.ShouldContain("move it away first");
            }

            (await RunAsync(home, "restore", copy)).Code.ShouldBe(0);
            await using var restored = await Server.StartAsync(home);
            Numbers(await ForecastAsync(restored, Bodies.Forecast("demand@1", values))).ShouldBe(expected);
            (await restored.GetAsync($"/v1/forecasts/{id}")).ToJsonString().ShouldBe(trace);
            (await restored.GetAsync($"/v1/runs/{run}/metrics")).ToJsonString().ShouldBe(scores);

            // One bit of one file.
            var artefact = Directory.EnumerateFiles(Path.Combine(copy, "artefacts"), "*", SearchOption.AllDirectories).Single();
            var bytes = await File.ReadAllBytesAsync(artefact, Cancel);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(artefact, bytes, Cancel);
            var (code, said) = await RunAsync(Path.Combine(folder, "third"), "restore", copy);
            code.ShouldBe(2);
            said.ShouldContain("is not what it was");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Numbers(JsonNode series) => $"{series["mean"]!.ToJsonString()} {series["quantiles"]!.ToJsonString()} {series["timestamps"]!.ToJsonString()}";

    private static async Task<JsonNode> ForecastAsync(Server server, string body)
    {
        using var answer = await server.PostAsync("/v1/forecasts", body);
        return (await Server.JsonAsync(answer, HttpStatusCode.OK))["series"]![0]!;
    }

    private static async Task<(int Code, string Said)> RunAsync(string home, params string[] args)
    {
        var (code, output, error) = await CommandLine.RunAsync(home, args);
        return (code, output + error);
    }
}
