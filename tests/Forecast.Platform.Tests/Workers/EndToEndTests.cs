using Forecast.Platform.Tests.Support;

namespace Forecast.Platform.Tests.Workers;

/// <summary>A server and two workers on Postgres and RabbitMQ, all of them processes: asked by REST, done by the workers, handed back, stopped.</summary>
public sealed class EndToEndTests(TwoWorkers fixture) : IClassFixture<TwoWorkers>
{
    private const string Quick =
        """{"data":"brent_spot","returns":"log","models":["naive","seasonal-naive"],"horizon":1,"refit":"every:5","from":"2018-06-01","to":"2018-12-31","seed":3}""";

    /// <summary>Items of several seconds each: the largest search of orders on a long series, with many draws of a walk inside.</summary>
    private const string Slow =
        """{"data":"ecb_reference_rates:eur_usd","returns":"log","models":["ensemble(arima(2,0,2), garch(1,1)-t, auto-arima)"],"horizon":1,"refit":"every:20","from":"2016-06-01","to":"2018-12-31","levels":[0.05,0.5,0.95]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Cluster Cluster => fixture.Cluster;

    [Fact]
    public async Task A_back_test_asked_for_by_rest_is_done_by_both_workers_and_has_the_hash_of_one_process()
    {
        var expected = await Embedded.HashAsync(Quick, Cancel);

        // A worker that began a moment later than the other finds nothing left of so quick a run; a later run is for both.
        const int MostRuns = 5;
        for (var run = 1; run == 1 || (run <= MostRuns && !await AllTookPartAsync()); run++)
        {
            var ended = await Cluster.EndOfAsync(await Cluster.SubmitAsync(Quick), TimeSpan.FromSeconds(90));
            ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
            ended["result"]!["predictionsHash"]!.GetValue<string>().ShouldBe(expected);
        }

        foreach (var worker in Cluster.Workers) (await DoneByAsync(worker.Process.Id)).ShouldBeGreaterThan(0, worker.Process.Said);
        (await Cluster.CountAsync("SELECT count(*) FROM outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_end_hands_its_item_back_and_a_cancelled_job_stops_within_seconds()
    {
        var job = await Cluster.SubmitAsync(Slow);
        var (leaving, staying) = (Cluster.Workers[0], Cluster.Workers[1]);
        await Cluster.UntilAsync(async () => await Cluster.InHandAsync(leaving.Process) == 1 && await Cluster.InHandAsync(staying.Process) == 1, TimeSpan.FromSeconds(60), "both workers have an item");

        (await leaving.Process.TerminateAsync(TimeSpan.FromSeconds(10))).ShouldBe(0, leaving.Process.Said);
        var left = leaving.Process.Id;
        await Cluster.UntilAsync(
            async () => await Cluster.CountAsync("SELECT count(*) FROM work_items WHERE run_id = @job AND attempts >= 2 AND worker LIKE @other", ("job", job), ("other", $"%/{staying.Process.Id}/%")) > 0,
            TimeSpan.FromSeconds(60),
            "the other worker takes over what was handed back");
        (await Cluster.CountAsync("SELECT count(*) FROM work_items WHERE state = 'failed'")).ShouldBe(0);

        await Cluster.UntilAsync(async () => await Cluster.InHandAsync(staying.Process) >= 1, TimeSpan.FromSeconds(30), "an item is worked on");
        var asked = TimeProvider.System.GetTimestamp();
        await Cluster.CancelAsync(job);
        (await Cluster.EndOfAsync(job, TimeSpan.FromSeconds(20)))["state"]!.GetValue<string>().ShouldBe("cancelled");

        // The worker is free again when it does the next job's items, although its own item would have taken longer.
        var next = await Cluster.EndOfAsync(await Cluster.SubmitAsync(Quick), TimeSpan.FromSeconds(60));
        next["state"]!.GetValue<string>().ShouldBe("succeeded", next.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine($"from the request to cancel to the end of the next job: {TimeProvider.System.GetElapsedTime(asked).TotalSeconds:0.0} s");
        await Cluster.ReplaceAsync(leaving);
        leaving.Process.Id.ShouldNotBe(left);
    }

    private async Task<bool> AllTookPartAsync()
    {
        foreach (var worker in Cluster.Workers)
        {
            if (await DoneByAsync(worker.Process.Id) == 0) return false;
        }

        return true;
    }

    private async Task<long> DoneByAsync(int worker) => (await Cluster.CountAsync("SELECT count(*) FROM work_items WHERE worker LIKE @own", ("own", $"%/{worker}/%"))).ShouldNotBeNull();
}

/// <summary>One cluster for tests that leave each other alone.</summary>
public sealed class TwoWorkers : IAsyncLifetime
{
    public Cluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await Cluster.StartAsync(2, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
