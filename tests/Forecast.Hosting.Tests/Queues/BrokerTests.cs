using System.Collections.Concurrent;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Queues;
using Forecast.Hosting.Tests.Data;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Runs;
using Forecast.Tests.Servers;
using NodaTime;

namespace Forecast.Hosting.Tests.Queues;

/// <summary>Back-tests through a real broker: the numbers of an undisturbed run in one process, whatever happens to the broker.</summary>
public sealed class BrokerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_is_killed_in_the_middle_costs_time_and_no_prediction()
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), cancellation: Cancel);
        var expected = await InOneProcessAsync();
        await using var broker = await RabbitServer.StartNewAsync(Cancel);
        var (told, settled) = (new ConcurrentQueue<string>(), 0);
        await using var queue = new RabbitQueue(broker.Address, (what, _) => told.Enqueue(what));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var relay = new OutboxRelay(store.Outbox, queue, Complain).RunAsync(stop.Token);
        var workers = new QueueWorkers(store, queue, ModelCatalogue.Default, Complain);
        Task[] working = [workers.RunAsync(["cpu"], 1, Settled, stop.Token), workers.RunAsync(["gpu", "cpu"], 1, Settled, stop.Token)];

        await using var service = new BacktestService(store.Datasets, store.Runs, queue, ModelCatalogue.Default, workers: 1, new StorePatience(Complain)) { Quiet = TimeSpan.FromSeconds(2) };
        var id = await service.CreateAsync(Data(), Spec(), null, "a test", Cancel);
        (await store.Outbox.TakeAsync(1, Duration.Zero, Cancel)).Count.ShouldBe(1, "the messages stand with the run before anything is sent");
        var running = service.RunAsync(id, new Progress<Forecast.Hosting.Backtests.RunProgress>(), Cancel);
        await UntilAsync(() => Volatile.Read(ref settled) >= 5);
        await broker.KillAsync(Cancel);
        await Task.Delay(500, Cancel);
        await broker.StartAsync(Cancel);

        var result = await running.WaitAsync(TimeSpan.FromSeconds(180), Cancel);
        result.PredictionsHash.ShouldBe(expected);
        (await store.Runs.ItemsAsync(id, Cancel)).ShouldAllBe(i => i.State == WorkItemState.Done && i.Attempts <= 3);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', told));
        (await store.Outbox.TakeAsync(10, Duration.Zero, Cancel)).ShouldBeEmpty();
        told.ShouldContain(t => t.Contains("broker", StringComparison.Ordinal));
        await stop.CancelAsync();
        await Task.WhenAll([relay, .. working]).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        void Settled(WorkMessage message) => Interlocked.Increment(ref settled);

        void Complain(string what, Exception why) => told.Enqueue(what);
    }

    [Fact]
    public async Task A_cancelled_run_stops_within_seconds_and_goes_on_when_it_is_started_again()
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), cancellation: Cancel);
        var expected = await InOneProcessAsync();
        await using var broker = await RabbitServer.StartNewAsync(Cancel);
        await using var queue = new RabbitQueue(broker.Address, Ignore);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var settled = 0;
        var relay = new OutboxRelay(store.Outbox, queue, Ignore).RunAsync(stop.Token);
        await using var service = new BacktestService(store.Datasets, store.Runs, queue, ModelCatalogue.Default, workers: 1, new StorePatience(Ignore));
        var id = await service.CreateAsync(Data(), Spec(), null, "a test", Cancel);
        await store.Runs.StartAsync(id, Cancel);
        await store.Runs.CancelAsync(id, Cancel);

        // Nobody has worked yet: the workers that come find every message unwanted, and drop it.
        var working = new QueueWorkers(store, queue, ModelCatalogue.Default, Ignore).RunAsync(["cpu"], 2, _ => Interlocked.Increment(ref settled), stop.Token);
        var items = (await store.Runs.ItemsAsync(id, Cancel)).Count;
        await UntilAsync(() => Volatile.Read(ref settled) == items);
        (await store.Runs.ItemsAsync(id, Cancel)).ShouldAllBe(i => i.State == WorkItemState.Pending && i.Attempts == 0);

        var result = await service.RunAsync(id, new Progress<Forecast.Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(120), Cancel);

        result.PredictionsHash.ShouldBe(expected);
        await stop.CancelAsync();
        await Task.WhenAll(relay, working).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        static void Ignore(string what, Exception why) => TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {why.Message}");
    }

    [Theory]
    [InlineData("localhost:5672")]
    [InlineData("http://user:secret@localhost")]
    [InlineData("amqp://user:secret@localhost?heartbeat=soon")]
    [InlineData("amqp://user:secret@localhost?timeout=3")]
    public void An_address_that_is_none_is_refused_without_its_password(string address)
    {
        var error = Should.Throw<Core.ForecastException>(() => new RabbitQueue(address, (_, _) => { }));

        error.Code.ShouldBe("broker-address");
        error.Message.ShouldNotContain("secret");
    }

    private static async Task<string> InOneProcessAsync()
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), cancellation: Cancel);
        await using var service = new BacktestService(store.Datasets, store.Runs, new InProcessQueue(), ModelCatalogue.Default, workers: 2, new StorePatience((_, _) => { }));
        var id = await service.CreateAsync(Data(), Spec(), null, "a test", Cancel);
        return (await service.RunAsync(id, new Progress<Forecast.Hosting.Backtests.RunProgress>(), Cancel)).PredictionsHash;
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !happened(); await Task.Delay(20, Cancel))
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(120), "it never happened");
    }

    private static Panel Data()
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 260).Select(t => (t % 7) + random.NextDouble())];
        Instant[] times = [.. values.Select((_, t) => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(t))];
        return new Panel([TimeSeries.Univariate("y", Frequency.Daily, times, values)]);
    }

    private static RunSpec Spec() => new()
    {
        Data = "test",
        Models = ["naive", "seasonal-naive", "arima(1,0,1)"],
        Plan = new WalkForwardPlan { Horizon = 1, RefitEvery = 4, InitialRows = 100 },
        Levels = [0.1, 0.5, 0.9],
    };
}
