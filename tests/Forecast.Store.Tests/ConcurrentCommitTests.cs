using System.Diagnostics;
using Forecast.Store.Runs;
using Forecast.Store.Tests.Support;

namespace Forecast.Store.Tests;

public abstract class ConcurrentCommitTests(StoreKind kind)
{
    private const int Folds = 50;

    // So many that a child spends nearly all of its time inside a commit, where the kill is meant to find it.
    private const int FoldsToKill = 2000;

    [Fact]
    public async Task Of_many_who_commit_the_same_block_one_does()
    {
        await using var temp = new TempStore(kind);
        var shared = await temp.OpenAsync();
        IForecastStore[] stores = [shared, shared, await temp.OpenAsync(), await temp.OpenAsync()];
        var run = await shared.Runs.CreateAsync(Sample.Run(10), TempStore.Cancellation);

        for (var block = 0; block < 10; block++)
        {
            var record = Sample.Block(block) with { Event = new BlockEvent("block", "{}") };
            var key = Sample.Key(block);
            var won = await Task.WhenAll(stores.Select(s => Task.Run(() => s.Runs.CommitBlockAsync(run, key, record, TempStore.Cancellation))));
            won.Count(w => w).ShouldBe(1);
        }

        (await temp.CountAsync("predictions")).ShouldBe(50);
        (await temp.CountAsync("events")).ShouldBe(10);
    }

    [Fact]
    public async Task Two_processes_share_a_run_without_committing_twice()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(60), TempStore.Cancellation);

        var committed = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using var child = ChildProcess.Start(await temp.AddressAsync(), run, Folds);
            var lines = await child.StandardOutput.ReadToEndAsync(TempStore.Cancellation);
            await child.WaitForExitAsync(TempStore.Cancellation);
            child.ExitCode.ShouldBe(0);
            return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();
        }));

        committed.SelectMany(c => c).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 60).Select(Sample.Key).Order(StringComparer.Ordinal)); // each by exactly one
        var read = await store.Runs.ReadAsync(run, TempStore.Cancellation);
        read.Predictions.Count.ShouldBe(60 * Folds);
        read.Items.ShouldAllBe(i => i.State == WorkItemState.Done);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    public async Task A_killed_process_leaves_whole_blocks_and_loses_none_it_reported(double share)
    {
        await using var temp = new TempStore(kind);
        string run;
        {
            await using var before = await TempStore.OpenAsync(await temp.AddressAsync());
            run = await before.Runs.CreateAsync(Sample.Run(40), TempStore.Cancellation);
        }

        var reported = await KillAsync(await temp.AddressAsync(), run, share);

        var store = await temp.OpenAsync();
        await temp.CheckAsync();
        var read = await store.Runs.ReadAsync(run, TempStore.Cancellation);
        var done = read.Items.Where(i => i.State == WorkItemState.Done).ToArray();
        reported.Except(done.Select(i => i.Key), StringComparer.Ordinal).ShouldBeEmpty();
        done.Length.ShouldBeLessThan(40, "the child was not killed in the middle");
        (int Block, int Rows)[] whole = [.. done.Select(i => (i.Position, FoldsToKill))];
        read.Predictions.CountBy(p => p.Fold / FoldsToKill).Select(b => (b.Key, b.Value)).ShouldBe(whole);
        read.Folds.CountBy(f => f.Fold / FoldsToKill).Select(b => (b.Key, b.Value)).ShouldBe(whole);
        (read.Fits.Count, read.Failures.Count).ShouldBe((done.Length, done.Length));
        (read.Items.Count(i => i.Attempts > 0) - done.Length).ShouldBeInRange(0, 1); // at most one was begun and not committed

        // What is left can be done: each item once.
        foreach (var item in await store.Runs.PendingItemsAsync(run, TempStore.Cancellation))
            (await store.Runs.CommitBlockAsync(run, item.Key, Sample.Block(item.Position, 1) with { Predictions = [], Folds = [] }, TempStore.Cancellation)).ShouldBeTrue();
        (await store.Runs.FinishAsync(run, new RunOutcome { PredictionsHash = "h", Metrics = [] }, TempStore.Cancellation)).ShouldBeTrue();
    }

    // SIGKILL when that share of the time that a block takes has gone by since the third report: all over the course of a block.
    private static async Task<IReadOnlyList<string>> KillAsync(string path, string run, double share)
    {
        using var child = ChildProcess.Start(path, run, FoldsToKill);
        var lines = new List<string>();
        var since = Stopwatch.StartNew();
        while (await child.StandardOutput.ReadLineAsync(TempStore.Cancellation) is { } line)
        {
            lines.Add(line);
            if (lines.Count == 4)
            {
                await Task.Delay(share * since.Elapsed, TempStore.Cancellation);
                child.Kill();
            }

            since.Restart();
        }

        await child.WaitForExitAsync(TempStore.Cancellation);
        child.ExitCode.ShouldNotBe(0);
        return [.. lines.Skip(1)];
    }
}

public sealed class ConcurrentCommitOnSqliteTests() : ConcurrentCommitTests(StoreKind.Sqlite);

public sealed class ConcurrentCommitOnPostgresTests() : ConcurrentCommitTests(StoreKind.Postgres);
