using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>A registered model is trained anew, judged and promoted, over HTTP.</summary>
public sealed class RetrainingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_first_candidate_becomes_champion_a_worse_one_is_rejected_and_one_that_waits_is_approved()
    {
        await UploadAsync("takings", 200, t => 100 + (10 * (t % 7)) + Noise(t));
        var first = await RetrainAsync("""{"name":"till","data":"takings","model":"seasonal-naive[7]","horizon":7,"folds":8}""");
        State(first).ShouldBe("promoted", first.ToString());
        first["candidate"]!.GetValue<int>().ShouldBe(1);
        first["findings"]!["contest"]!["championParameters"]!.GetValue<string>().ShouldBe("none");
        (await StageAsync(1)).ShouldBe("champion");

        var worse = await RetrainAsync("""{"name":"till","data":"takings","model":"naive","horizon":7,"folds":8,"rule":{"metric":"MAE"}}""");
        State(worse).ShouldBe("rejected", worse.ToString());
        worse["reason"]!.GetValue<string>().ShouldStartWith("metric: MAE is ");
        worse["findings"]!["contest"]!["championParameters"]!.GetValue<string>().ShouldBe("refitted", "the champion has read the newest folds");
        (await StageAsync(2)).ShouldBe("retired");
        (await StageAsync(1)).ShouldBe("champion");

        // Eight weeks later the champion's own parameters can be judged, and one of the same model on newer data waits for somebody.
        await UploadAsync("takings", 256, t => 100 + (10 * (t % 7)) + Noise(t));
        var waits = await RetrainAsync("""{"name":"till","data":"takings","horizon":7,"folds":8,"approval":true}""");
        State(waits).ShouldBe("awaiting", waits.ToString());
        waits["findings"]!["contest"]!["championParameters"]!.GetValue<string>().ShouldBe("stored");
        waits["findings"]!["drift"]!["alarms"]!.AsArray().ShouldBeEmpty(waits.ToString());
        (await StageAsync(3)).ShouldBe("candidate");
        var id = waits["id"]!.GetValue<string>();
        using (var approved = await shared.Server.PostAsync($"/v1/retrainings/{id}/approve", """{"reason":"looks right"}"""))
            (await Server.JsonAsync(approved, HttpStatusCode.OK)).ShouldSatisfyAllConditions(r => State(r).ShouldBe("promoted"), r => r["reason"]!.GetValue<string>().ShouldBe("looks right"), r => r["decidedAt"].ShouldNotBeNull());
        (await StageAsync(3)).ShouldBe("champion");
        (await StageAsync(1)).ShouldBe("retired");
        using (var again = await shared.Server.PostAsync($"/v1/retrainings/{id}/reject", """{"reason":"no"}"""))
            (await Server.JsonAsync(again, HttpStatusCode.Conflict))["code"]!.GetValue<string>().ShouldBe("retraining-decided");
        (await shared.Server.GetAsync("/v1/retrainings?name=till"))["items"]!.AsArray().Select(r => State(r!)).ShouldBe(["promoted", "rejected", "promoted"]);
    }

    [Fact]
    public async Task A_schedule_that_waits_for_drift_keeps_the_champion_until_the_data_have_changed()
    {
        await UploadAsync("flow", 150, t => 50 + Noise(t));
        var first = await RetrainAsync("""{"name":"pump","data":"flow","model":"mean","horizon":1,"folds":20,"rule":{"miscalibration":0.5}}""");
        State(first).ShouldBe("promoted", first.ToString());
        await UploadAsync("flow", 180, t => 50 + Noise(t));
        const string OnDrift = """{"name":"pump","data":"flow","horizon":1,"folds":20,"when":"drift"}""";
        var kept = await RetrainAsync(OnDrift);
        State(kept).ShouldBe("kept", kept.ToString());
        kept["candidate"].ShouldBeNull();

        await UploadAsync("flow", 180, t => t < 150 ? 50 + Noise(t) : 80 + (4 * Noise(t)));
        using var made = await shared.Server.PostAsync("/v1/schedules", $$"""{"name":"watch","cron":"* * * * * ?","misfire":"skip","retraining":{{OnDrift}}}""");
        await Server.JsonAsync(made, HttpStatusCode.Created);
        JsonNode drift;
        for (var polls = 0; (drift = await shared.Server.GetAsync("/v1/schedules/watch/drift"))["retrainingId"] is null; polls++)
        {
            polls.ShouldBeLessThan(300, "no retraining was made");
            await Task.Delay(100, Cancel);
        }

        using var gone = await shared.Server.Http.DeleteAsync("/v1/schedules/watch", Cancel);
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var alarms = (await shared.Server.GetAsync($"/v1/retrainings/{drift["retrainingId"]!.GetValue<string>()}"))["findings"]!["drift"]!["alarms"]!.AsArray().Select(a => a!.GetValue<string>()).ToArray();
        drift["champion"]!.GetValue<string>().ShouldStartWith("pump@");
        if (drift["champion"]!.GetValue<string>() == "pump@1") alarms.ShouldBe(["flow: psi", "flow: variance", "flow: cusum"], ignoreOrder: true);
        (await shared.Server.GetAsync("/v1/models/pump/versions"))["items"]!.AsArray().Count.ShouldBeGreaterThan(1, "the drift made a candidate");
    }

    private static string State(JsonNode retraining) => retraining["state"]!.GetValue<string>();

    /// <summary>Numbers between -3 and 3 that look like chance and are the same everywhere.</summary>
    private static double Noise(int t)
    {
        var turn = 43_758.5453 * Math.Sin(12.9898 * (t + 1));
        return Math.Round((6 * (turn - Math.Floor(turn))) - 3, 3);
    }

    private async Task<string> StageAsync(int version) => (await shared.Server.GetAsync($"/v1/models/till/versions/{version}"))["stage"]!.GetValue<string>();

    private async Task<JsonNode> RetrainAsync(string body)
    {
        using var accepted = await shared.Server.PostAsync("/v1/retrainings", body);
        var job = (await Server.JsonAsync(accepted, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        var ended = await shared.Server.EndOfAsync(job);
        ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
        return await shared.Server.GetAsync($"/v1/retrainings/{job}");
    }

    private async Task UploadAsync(string name, int rows, Func<int, double> value)
    {
        var lines = Enumerable.Range(0, rows).Select(t => FormattableString.Invariant($"{new DateOnly(2024, 1, 1).AddDays(t):yyyy-MM-dd},{value(t)}"));
        using var content = new StringContent($"date,{name}\n{string.Join('\n', lines)}\n", System.Text.Encoding.UTF8, "text/csv");
        using var answer = await shared.Server.Http.PostAsync($"/v1/datasets?name={name}&frequency=P1D", content, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
