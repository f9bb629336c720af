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
        await WaitForShareAsync(stormy, job, 0.2);
        await stormy.KillAsync();
        await stormy.RestartAsync();
        await WaitForShareAsync(stormy, job, 0.5);
        (await stormy.GetAsync($"/v1/jobs/{job}"))["attempts"]!.GetValue<int>().ShouldBe(2);
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

    private static async Task WaitForShareAsync(Server server, string job, double share)
    {
        var attempts = 0;
        while ((await server.GetAsync($"/v1/jobs/{job}")) is { } now && !(now["state"]!.GetValue<string>() == "running" && now["progress"]?.GetValue<double>() >= share && HasMoved(now["message"]?.GetValue<string>())))
        {
            now["state"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
            (++attempts).ShouldBeLessThan(3000, "the job stands still");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>True once this attempt is at work, not only the last one's report is still there.</summary>
    private static bool HasMoved(string? message) => message?.Contains("folds", StringComparison.Ordinal) == true;
}
