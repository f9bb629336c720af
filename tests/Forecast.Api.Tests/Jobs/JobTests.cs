using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Jobs;

/// <summary>Idempotency, events and cancelling against a server process.</summary>
public sealed class JobTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly Server _server = shared.Server;

    [Fact]
    public async Task A_repeated_request_under_its_key_is_the_same_job_and_another_body_is_refused()
    {
        var key = $"key-{Guid.NewGuid():N}";
        var first = await CreateAsync(Bodies.QuickBacktest, key, HttpStatusCode.Accepted);
        var second = await CreateAsync(Bodies.QuickBacktest, key, HttpStatusCode.Accepted);
        second["id"]!.GetValue<string>().ShouldBe(first["id"]!.GetValue<string>());
        var other = await CreateAsync(Bodies.QuickBacktest.Replace("\"seed\":3", "\"seed\":4", StringComparison.Ordinal), key, HttpStatusCode.Conflict);
        other["code"]!.GetValue<string>().ShouldBe("idempotency-key-reused");
        await _server.EndOfAsync(first["id"]!.GetValue<string>());
        (await CreateAsync(Bodies.QuickBacktest, key, HttpStatusCode.Accepted))["state"]!.GetValue<string>().ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_stream_that_is_cut_again_and_again_loses_and_doubles_nothing()
    {
        var job = (await CreateAsync(Bodies.LongBacktest, null, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        var seen = new List<SentEvent>();
        while (seen.Count == 0 || seen[^1].Kind is not ("succeeded" or "failed" or "cancelled"))
            seen.AddRange(await EventReader.ReadAsync(_server, job, seen.Count == 0 ? null : seen[^1].Id, most: 2));

        seen[^1].Kind.ShouldBe("succeeded");
        seen.Count.ShouldBeGreaterThan(6, "a job of some seconds tells its progress");
        seen.Select(e => e.Id).ShouldBe(Enumerable.Range(1, seen.Count).Select(i => (long)i));
        var page = await _server.GetAsync($"/v1/jobs/{job}/events?limit=1000");
        page["ended"]!.GetValue<bool>().ShouldBeTrue();
        page["items"]!.AsArray().Select(e => e!.ToJsonString()).ShouldBe(seen.Select(e => JsonNode.Parse(e.Data)!.ToJsonString()));
        seen.Where(e => e.Kind == "progress").Select(e => JsonNode.Parse(e.Data)!["payload"]!["share"]!.GetValue<double>()).Max().ShouldBe(1);
        (await EventReader.ReadAsync(_server, job, seen[^1].Id, most: 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancelled_job_ends_and_the_next_one_is_done()
    {
        var job = (await CreateAsync(Bodies.LongBacktest.Replace("every:5", "every:1", StringComparison.Ordinal), null, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        while ((await _server.GetAsync($"/v1/jobs/{job}"))["runId"] is null) await Task.Delay(20, Cancel);
        using var cancel = await _server.Http.DeleteAsync($"/v1/jobs/{job}", Cancel);
        (await Server.JsonAsync(cancel, HttpStatusCode.Accepted))["cancelRequested"]!.GetValue<bool>().ShouldBeTrue();
        (await _server.EndOfAsync(job))["state"]!.GetValue<string>().ShouldBe("cancelled");
        (await _server.GetAsync($"/v1/runs/{job}"))["status"]!.GetValue<string>().ShouldBe("cancelled");
        using var report = await _server.Http.GetAsync($"/v1/runs/{job}/report", Cancel);
        (await Server.JsonAsync(report, HttpStatusCode.Conflict))["code"]!.GetValue<string>().ShouldBe("run-unfinished");
        using var again = await _server.Http.DeleteAsync($"/v1/jobs/{job}", Cancel);
        (await Server.JsonAsync(again, HttpStatusCode.Conflict))["code"]!.GetValue<string>().ShouldBe("job-ended");
        var next = (await CreateAsync(Bodies.QuickBacktest, null, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        (await _server.EndOfAsync(next))["state"]!.GetValue<string>().ShouldBe("succeeded");
    }

    private async Task<JsonNode> CreateAsync(string body, string? key, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/backtests") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await _server.Http.SendAsync(request, Cancel);
        return await Server.JsonAsync(answer, expected);
    }
}
