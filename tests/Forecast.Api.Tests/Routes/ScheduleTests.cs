using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>A back-test that is made again and again, over HTTP.</summary>
public sealed class ScheduleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private HttpClient Http => shared.Server.Http;

    [Fact]
    public async Task A_schedule_makes_jobs_that_succeed_until_it_is_paused_and_removed()
    {
        var body = $$"""{"name":"each-second","cron":"* * * * * ?","timeZone":"Europe/Berlin","misfire":"skip","backtest":{{Bodies.QuickBacktest}}}""";
        using var created = await shared.Server.PostAsync("/v1/schedules", body);
        var schedule = await Server.JsonAsync(created, HttpStatusCode.Created);
        var id = schedule["id"]!.GetValue<string>();
        created.Headers.Location!.ToString().ShouldBe($"/v1/schedules/{id}");
        schedule["state"]!.GetValue<string>().ShouldBe("active");
        schedule["nextAt"]!.AsArray().Count.ShouldBe(3);
        schedule["command"]!.GetValue<string>().ShouldStartWith("POST /v1/backtests {");
        using (var again = await shared.Server.PostAsync("/v1/schedules", body)) (await Server.JsonAsync(again, HttpStatusCode.Conflict))["code"]!.GetValue<string>().ShouldBe("schedule-exists");

        JsonArray jobs = [];
        for (var polls = 0; jobs.Count < 2; polls++)
        {
            polls.ShouldBeLessThan(300, "no job was made");
            await Task.Delay(100, Cancel);
            jobs = (await shared.Server.GetAsync("/v1/schedules/each-second"))["jobs"]!.AsArray();
        }

        var ended = await shared.Server.EndOfAsync(jobs[^1]!["job"]!["id"]!.GetValue<string>());
        ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
        ended["kind"]!.GetValue<string>().ShouldBe("scheduled-backtest");
        (await shared.Server.GetAsync($"/v1/runs/{ended["runId"]!.GetValue<string>()}"))["predictionsHash"]!.GetValue<string>().ShouldBe(ended["result"]!["predictionsHash"]!.GetValue<string>());

        using (var paused = await Http.PatchAsync($"/v1/schedules/{id}", new StringContent("""{"state":"paused"}""", Encoding.UTF8, "application/json"), Cancel))
            (await Server.JsonAsync(paused, HttpStatusCode.OK)).ShouldSatisfyAllConditions(s => s["state"]!.GetValue<string>().ShouldBe("paused"), s => s["nextAt"]!.AsArray().ShouldBeEmpty());
        await Task.Delay(500, Cancel);
        var count = (await shared.Server.GetAsync($"/v1/schedules/{id}"))["jobs"]!.AsArray().Count;
        await Task.Delay(2200, Cancel);
        (await shared.Server.GetAsync($"/v1/schedules/{id}"))["jobs"]!.AsArray().Count.ShouldBe(count);
        (await shared.Server.GetAsync("/v1/schedules"))["items"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()).ShouldContain("each-second");
        using (var removed = await Http.DeleteAsync($"/v1/schedules/{id}", Cancel)) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await Http.GetAsync($"/v1/schedules/{id}", Cancel);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
