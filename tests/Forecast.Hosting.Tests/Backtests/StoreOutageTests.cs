using System.Collections.Concurrent;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Queues;
using Forecast.Hosting.Tests.Data;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Hosting.Tests.Backtests;

/// <summary>A store that goes away for a while costs time, never results.</summary>
public sealed class StoreOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store is shut three times for a quarter of a second, in the middle of claims, commits and polls.</summary>
    [Fact]
    public async Task A_back_test_outlives_a_store_that_fails_for_a_while_and_has_the_same_predictions()
    {
        var undisturbed = await RunAsync(_ => false, new ConcurrentQueue<string>());
        var (calls, shut, gate) = (0, 0L, new Lock());
        var told = new ConcurrentQueue<string>();
        var disturbed = await RunAsync(
            method =>
            {
                lock (gate)
                {
                    if (++calls is 12 or 25 or 40) shut = TimeProvider.System.GetTimestamp();
                    return shut != 0 && TimeProvider.System.GetElapsedTime(shut) < TimeSpan.FromMilliseconds(250);
                }
            },
            told);
        disturbed.Result.PredictionsHash.ShouldBe(undisturbed.Result.PredictionsHash);
        disturbed.Result.Predictions.Count.ShouldBe(undisturbed.Result.Predictions.Count);
        disturbed.Items.ShouldAllBe(i => i.State == WorkItemState.Done && i.Attempts == 1);
        told.ShouldContain(t => t.Contains("the store does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Computed_blocks_are_committed_once_the_store_takes_them()
    {
        var refusals = 0;
        var told = new ConcurrentQueue<string>();
        var run = await RunAsync(method => method == nameof(IRunStore.CommitBlockAsync) && Interlocked.Increment(ref refusals) <= 5, told);
        run.Items.ShouldAllBe(i => i.State == WorkItemState.Done && i.Attempts == 1, "a store that refuses is no fault of the block, which is not computed again");
        told.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_store_that_stays_away_ends_the_run_with_its_own_error()
    {
        var failure = await Should.ThrowAsync<ForecastException>(() => RunAsync(method => method == nameof(IRunStore.CommitBlockAsync), new ConcurrentQueue<string>()));
        failure.Code.ShouldBe("store-busy");
    }

    private static async Task<(BacktestResult Result, IReadOnlyList<StoredWorkItem> Items)> RunAsync(Func<string, bool> fails, ConcurrentQueue<string> told)
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), cancellation: Cancel);
        var patience = new StorePatience((what, _) => told.Enqueue(what), limit: TimeSpan.FromSeconds(2), first: TimeSpan.FromMilliseconds(20));
        var open = false;
        var runs = FailingStore<IRunStore>.Around(store.Runs, method => Volatile.Read(ref open) && fails(method));
        try
        {
            await using var service = new BacktestService(store.Datasets, runs, new InProcessQueue(), ModelCatalogue.Default, workers: 2, patience);
            var id = await service.CreateAsync(Data(), Spec(), null, "a test", Cancel);
            Volatile.Write(ref open, value: true);
            var result = await service.RunAsync(id, new Progress<Forecast.Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
            Volatile.Write(ref open, value: false);
            return (result, await store.Runs.ItemsAsync(id, Cancel));
        }
        finally
        {
            Volatile.Write(ref open, value: false);
        }
    }

    private static Panel Data()
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 160).Select(t => (t % 7) + random.NextDouble())];
        Instant[] times = [.. values.Select((_, t) => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(t))];
        return new Panel([TimeSeries.Univariate("y", Frequency.Daily, times, values)]);
    }

    private static RunSpec Spec() => new()
    {
        Data = "test",
        Models = ["naive", "seasonal-naive"],
        Plan = new WalkForwardPlan { Horizon = 1, RefitEvery = 6 },
        Levels = [0.1, 0.5, 0.9],
    };
}
