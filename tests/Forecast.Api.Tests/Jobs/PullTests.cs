using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;
using Forecast.Tests.Shared.Pulls;

namespace Forecast.Api.Tests.Jobs;

/// <summary><c>POST /v1/pulls</c>: a server process fetches a small network from a hub that speaks real HTTP, and forecasts with it.</summary>
public sealed class PullTests : IAsyncLifetime
{
    private const string Name = "somebody/tiny-tirex";

    private readonly string _home = Directory.CreateTempSubdirectory("forecast-pulls-").FullName;
    private HubFake _hub = null!;
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubFake.StartAsync(Path.Combine(_home, "models", ".partial", "somebody", "tiny-tirex"));
        _hub.Files["model.ckpt"] = await File.ReadAllBytesAsync(Repository.At("tests", "data", "golden", "tirex_b_two_heads.ckpt"), Cancel);
        _server = await Server.StartWithHubAsync(_home, _hub.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _hub.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_model_is_fetched_over_cuts_and_busy_answers_and_forecasts_afterwards()
    {
        (_hub.CutAfter, _hub.Cuts, _hub.Busy) = (100_000, 2, 1);
        (await ForecastAsync(Name, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().ShouldBe("weights-missing");
        var job = await PullAsync($$"""{"source":"{{Name}}"}""");
        job["kind"]!.GetValue<string>().ShouldBe("pull");
        var ended = await _server.EndOfAsync(job["id"]!.GetValue<string>());
        ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
        ended["progress"]!.GetValue<double>().ShouldBe(1);
        var result = ended["result"]!;
        (result["name"]!.GetValue<string>(), result["commit"]!.GetValue<string>()).ShouldBe((Name, _hub.Commit));
        result["bytesFetched"]!.GetValue<long>().ShouldBe(_hub.Files["model.ckpt"].Length, "no byte comes twice");
        result["files"]![0]!["sha256"]!.GetValue<string>().ShouldBe(HubFake.Hash(_hub.Files["model.ckpt"]));
        ended.ToString().ShouldNotContain(_home, Case.Sensitive, "places of the server are nobody's business");
        (await ForecastAsync(Name, HttpStatusCode.OK))["series"]![0]!["error"].ShouldBeNull();
    }

    [Fact]
    public async Task A_pull_does_not_wait_for_a_back_test_and_stops_when_asked()
    {
        _hub.SilentAfter = 100_000;
        using var backtest = await _server.PostAsync("/v1/backtests", Bodies.LongBacktest);
        var long1 = (await Server.JsonAsync(backtest, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        var job = (await PullAsync($$"""{"source":"{{Name}}"}"""))["id"]!.GetValue<string>();
        while ((await _server.GetAsync($"/v1/jobs/{job}"))["progress"]?.GetValue<double>() is not > 0.3) await Task.Delay(20, Cancel);
        foreach (var id in new[] { job, long1 })
        {
            using var cancel = await _server.Http.DeleteAsync($"/v1/jobs/{id}", Cancel);
            await Server.JsonAsync(cancel, HttpStatusCode.Accepted);
        }

        (await _server.EndOfAsync(job))["state"]!.GetValue<string>().ShouldBe("cancelled");
        Directory.Exists(Path.Combine(_home, "models", "somebody")).ShouldBeFalse("nothing incomplete is in place");
        _hub.SilentAfter = null;
        var again = await _server.EndOfAsync((await PullAsync($$"""{"source":"{{Name}}"}"""))["id"]!.GetValue<string>());
        again["result"]!["bytesFetched"]!.GetValue<long>().ShouldBe(_hub.Files["model.ckpt"].Length - 100_000, "it goes on where it was");
    }

    [Fact]
    public async Task A_pull_that_a_killed_server_left_goes_on_in_the_next()
    {
        _hub.SilentAfter = 100_000;
        var job = (await PullAsync($$"""{"source":"{{Name}}"}"""))["id"]!.GetValue<string>();
        while ((await _server.GetAsync($"/v1/jobs/{job}"))["progress"]?.GetValue<double>() is not > 0.3) await Task.Delay(20, Cancel);
        await _server.KillAsync();
        _hub.SilentAfter = null;
        await _server.RestartAsync();
        var ended = await _server.EndOfAsync(job);
        (ended["state"]!.GetValue<string>(), ended["attempts"]!.GetValue<int>()).ShouldBe(("succeeded", 2));
        ended["result"]!["bytesFetched"]!.GetValue<long>().ShouldBe(_hub.Files["model.ckpt"].Length - 100_000);
    }

    [Fact]
    public async Task What_the_hub_does_not_have_fails_and_the_same_key_is_the_same_job()
    {
        _hub.Files.Clear();
        var first = await PullAsync($$"""{"source":"{{Name}}"}""", "key-1");
        (await PullAsync($$"""{"source":"{{Name}}"}""", "key-1"))["id"]!.GetValue<string>().ShouldBe(first["id"]!.GetValue<string>());
        var ended = await _server.EndOfAsync(first["id"]!.GetValue<string>());
        (ended["state"]!.GetValue<string>(), ended["error"]!["code"]!.GetValue<string>()).ShouldBe(("failed", "weights-missing"));
    }

    [Fact]
    public async Task A_folder_that_only_looks_like_a_published_model_is_not_opened()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "some", "where")).FullName;  // the server's working folder is its home
        await File.WriteAllBytesAsync(Path.Combine(folder, "model.ckpt"), _hub.Files["model.ckpt"], Cancel);
        (await ForecastAsync("some/where", HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().ShouldBe("weights-missing");
    }

    private async Task<JsonNode> ForecastAsync(string weights, HttpStatusCode expected)
    {
        using var answer = await _server.PostAsync("/v1/forecasts", Bodies.Forecast($"tirex{{weights: {weights}}}", Bodies.Values(150)));
        return await Server.JsonAsync(answer, expected);
    }

    private async Task<JsonNode> PullAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pulls") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await _server.Http.SendAsync(request, Cancel);
        var job = await Server.JsonAsync(answer, HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldBe($"/v1/jobs/{job["id"]!.GetValue<string>()}");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        return job;
    }
}
