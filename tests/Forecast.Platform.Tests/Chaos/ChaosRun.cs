using System.Globalization;
using Forecast.Platform.Tests.Support;

namespace Forecast.Platform.Tests.Chaos;

/// <summary>What a chaos run came to.</summary>
/// <param name="Hash">Hash over all predictions.</param>
/// <param name="Items">Work items.</param>
/// <param name="Attempts">How often items were begun.</param>
/// <param name="Failed">Items given up.</param>
/// <param name="Waiting">Messages left in the outbox.</param>
/// <param name="Recoveries">For each blow the time until the next result was committed.</param>
public sealed record ChaosResult(string Hash, long Items, long Attempts, long Failed, long Waiting, IReadOnlyList<(Blow Blow, TimeSpan Time)> Recoveries);

/// <summary>Runs a back-test on a cluster and strikes it, each blow when its share of the items is done.</summary>
/// <param name="plan">What to do.</param>
/// <param name="cluster">Whom to do it to.</param>
/// <param name="say">Told what happens.</param>
public sealed class ChaosRun(ChaosPlan plan, Cluster cluster, Action<string> say)
{
    private readonly Random _random = new(plan.Seed);
    private readonly List<(Blow Blow, TimeSpan Time)> _recoveries = [];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private double _ceiling;

    public async Task<ChaosResult> RunAsync(CancellationToken cancellation)
    {
        var job = await cluster.SubmitAsync(plan.Request);
        Tell($"job {job}");
        var blows = plan.Blows.SelectMany(b => Enumerable.Repeat(b.Blow, b.Times)).ToArray();
        _random.Shuffle(blows);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pacing = Task.Run(() => PaceAsync(job, over.Token), CancellationToken.None);
        for (var i = 0; i < blows.Length; i++)
        {
            Volatile.Write(ref _ceiling, Due(i));
            await cluster.UntilAsync(async () => await DoneAsync(job) >= Due(i), plan.Within, $"{Due(i):0} items are done");
            await StrikeAsync(blows[i], job, Due(i + 1), cancellation);
        }

        await over.CancelAsync();
        await pacing;
        var ended = await cluster.EndOfAsync(job, plan.Within);
        ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
        Tell("the job has ended");
        return new ChaosResult(
            ended["result"]!["predictionsHash"]!.GetValue<string>(),
            (await cluster.CountAsync("SELECT count(*) FROM work_items")).ShouldNotBeNull(),
            (await cluster.CountAsync("SELECT sum(attempts) FROM work_items")).ShouldNotBeNull(),
            (await cluster.CountAsync("SELECT count(*) FROM work_items WHERE state <> 'done'")).ShouldNotBeNull(),
            (await cluster.CountAsync("SELECT count(*) FROM outbox")).ShouldNotBeNull(),
            _recoveries);

        double Due(int blow) => plan.Items * (0.03 + (0.87 * blow / blows.Length));
    }

    /// <summary>Lets items be done at full speed until as many are done as the next blow waits for, and a few a second beyond.</summary>
    private async Task PaceAsync(string job, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var slow = await DoneAsync(job) >= Volatile.Read(ref _ceiling);
            foreach (var worker in cluster.Workers) worker.Gate.Slow = slow;
            await Task.Delay(100, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var worker in cluster.Workers) worker.Gate.Slow = false;
    }

    private async Task<long> DoneAsync(string job, string worker = "%") =>
        await cluster.CountAsync("SELECT count(*) FROM work_items WHERE run_id = @job AND state = 'done' AND worker LIKE @worker", ("job", job), ("worker", worker)) ?? -1;

    private async Task StrikeAsync(Blow blow, string job, double next, CancellationToken cancellation)
    {
        var victim = cluster.Workers[_random.Next(cluster.Workers.Count)];
        if (blow is Blow.KillWorkerBeforeAck or Blow.KillBrokerBeforeAck or Blow.KillPostgresBeforeAck)
        {
            var held = await BrokerGate.HoldNextAckAsync([.. cluster.Workers.Select(w => w.Gate)], plan.Within);
            victim = cluster.Workers.Single(w => w.Gate == held);
        }

        Volatile.Write(ref _ceiling, blow is Blow.Freeze ? double.PositiveInfinity : next);
        var (before, watched) = (await DoneAsync(job), "%");
        var struck = TimeProvider.System.GetTimestamp();
        switch (blow)
        {
            case Blow.KillWorker or Blow.KillWorkerBeforeAck:
                await victim.Process.KillAsync();
                await cluster.ReplaceAsync(victim);
                (before, watched) = (0, $"%/{victim.Process.Id}/%"); // the others go on anyway: how soon is the new one at work?
                break;
            case Blow.KillBroker or Blow.KillBrokerBeforeAck:
                await cluster.Broker.KillAsync(cancellation);
                await DownAsync(cancellation);
                await cluster.Broker.StartAsync(cancellation);
                before = await DoneAsync(job); // what workers had in hand they finished without it
                break;
            case Blow.KillPostgres or Blow.KillPostgresBeforeAck:
                await cluster.Postgres.KillAsync();
                await DownAsync(cancellation);
                await cluster.Postgres.StartAsync();
                break;
            case Blow.KillServer:
                await cluster.Server.DisposeAsync();
                await cluster.StartServerAsync();
                break;
            default:
                await FreezeAsync(victim, job, next);
                break;
        }

        await cluster.UntilAsync(async () => await DoneAsync(job, watched) > before || await DoneAsync(job) == plan.Items, plan.Within, $"work goes on after {blow}");
        var time = TimeProvider.System.GetElapsedTime(struck);
        _recoveries.Add((blow, time));
        Tell(string.Create(CultureInfo.InvariantCulture, $"{blow} at {before} items: the next result after {time.TotalSeconds:0.0} s"));
    }

    private Task DownAsync(CancellationToken cancellation) => Task.Delay(plan.LongestDown * _random.NextDouble(), cancellation);

    /// <summary>Freezes a worker with an item in its hands, until another has done that item, and wakes it with its stale result.</summary>
    private async Task FreezeAsync(Cluster.Member victim, string job, double next)
    {
        var own = ("own", (object)$"%/{victim.Process.Id}/%");
        while (true)
        {
            await victim.Process.FreezeAsync();
            await Task.Delay(200); // what it had sent to Postgres arrives
            if (await cluster.InHandAsync(victim.Process) > 0) break;
            await victim.Process.WakeAsync();
            (await DoneAsync(job)).ShouldBeLessThan(plan.Items, "an item must be left that a worker can be frozen with");
            await Task.Delay(_random.Next(50));
        }

        Volatile.Write(ref _ceiling, next);

        const string Held = "SELECT count(*) FROM work_items WHERE state = 'pending' AND worker LIKE @own";
        await cluster.UntilAsync(async () => await cluster.CountAsync(Held, own) == 0, plan.Within, $"the broker gives the item of the frozen worker to another (job {job})");
        await victim.Process.WakeAsync();
    }

    private void Tell(string what) => say(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(_began).TotalSeconds,7:0.0} s  {what}"));
}
