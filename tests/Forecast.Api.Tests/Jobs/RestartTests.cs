using System.Net;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Jobs;

/// <summary>A server that is killed or stopped in mid-job: the job goes on to the hash of an undisturbed one.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_job_goes_on_after_a_kill_and_after_a_stop()
    {
        await using var calm = await Server.StartAsync();
        var undisturbed = await calm.EndOfAsync(await StartJobAsync(calm));

        await using var stormy = await Server.StartAsync();
        var job = await StartJobAsync(stormy);
        await WaitForShareAsync(stormy, job, attempt: 1, 0.2);
        await stormy.KillAsync();
        await stormy.RestartAsync();
        await WaitForShareAsync(stormy, job, attempt: 2, 0.3);
        (await stormy.TerminateAsync()).ShouldBe(0);
        await stormy.RestartAsync();
        var resumed = await stormy.EndOfAsync(job);
        resumed["state"]!.GetValue<string>().ShouldBe("succeeded", resumed.ToString());
        resumed["attempts"]!.GetValue<int>().ShouldBe(3);
        resumed["result"]!["predictionsHash"]!.GetValue<string>().ShouldBe(undisturbed["result"]!["predictionsHash"]!.GetValue<string>());
        resumed["result"]!["predictions"]!.GetValue<int>().ShouldBe(undisturbed["result"]!["predictions"]!.GetValue<int>());
    }

    private static async Task<string> StartJobAsync(Server server)
    {
        using var answer = await server.PostAsync("/v1/backtests", Bodies.LongBacktest);
        return (await Server.JsonAsync(answer, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
    }

    /// <summary>Waits until this attempt is at work: until its lease runs out, a killed one still stands there as running, with its last report.</summary>
    private static async Task WaitForShareAsync(Server server, string job, int attempt, double share)
    {
        for (var polls = 0; ; polls++)
        {
            var now = await server.GetAsync($"/v1/jobs/{job}");
            now["state"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
            if (now["attempts"]!.GetValue<int>() == attempt && now["progress"]?.GetValue<double>() >= share && HasMoved(now["message"]?.GetValue<string>())) return;
            polls.ShouldBeLessThan(3000, "the job stands still");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>True once this attempt is at work, not only the last one's report is still there.</summary>
    private static bool HasMoved(string? message) => message?.Contains("folds", StringComparison.Ordinal) == true;
}
