using System.Text;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Queues;
using Forecast.Hosting.Tests.Data;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Runs;
using NodaTime;
using RabbitMQ.Client;

namespace Forecast.Hosting.Tests.Queues;

/// <summary>Items that cannot be done, or that nobody wants any more, on workers of a real broker.</summary>
public sealed class TroubledItemTests(OneBroker broker) : IClassFixture<OneBroker>
{
    private static readonly ModelCatalogue Catalogue = ModelCatalogue.Default.With(
    [
        new ModelDescriptor("breaks", "Has a defect.", "breaks", "breaks", [], _ => new Odd("breaks", _ => throw new InvalidOperationException("a defect of the model"))),
        new ModelDescriptor("waits", "Fits for ever.", "waits", "waits", [], _ => new Odd("waits", cancellation =>
        {
            cancellation.WaitHandle.WaitOne();
            cancellation.ThrowIfCancellationRequested();
        })),
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_with_a_defect_is_tried_three_times_and_ends_the_run_visibly_after_the_others_are_done()
    {
        await using var work = await Work.StartAsync(broker.Server.Address);

        var id = await work.Service.CreateAsync(Data(), Spec("naive", "breaks"), null, "a test", Cancel);
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => work.Service.RunAsync(id, new Progress<Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel));

        failure.Message.ShouldContain("a defect of the model");
        var run = (await work.Store.Runs.FindAsync(id, Cancel))!;
        run.Status.ShouldBe(RunStatus.Failed);
        run.ErrorMessage!.ShouldContain("breaks");
        var items = await work.Store.Runs.ItemsAsync(id, Cancel);
        items.Where(i => i.State == WorkItemState.Failed).ShouldAllBe(i => i.Attempts == 3 && i.ErrorCode == "defect" && i.ErrorMessage!.Contains("a defect of the model"));
        items.Count(i => i.State == WorkItemState.Failed).ShouldBe(items.Count / 2);
        items.Count(i => i.State == WorkItemState.Done).ShouldBe(items.Count / 2, "the other model's items are not held up");
    }

    /// <summary>As an item looks whose worker was taken down by it, each time.</summary>
    [Fact]
    public async Task An_item_that_takes_its_workers_down_is_given_up()
    {
        await using var work = await Work.StartAsync(broker.Server.Address, workers: 0);
        var id = await work.Service.CreateAsync(Data(), Spec("naive"), null, "a test", Cancel);
        var victim = (await work.Store.Runs.ItemsAsync(id, Cancel))[0].Key;
        for (var i = 0; i < 25; i++) await work.Store.Runs.StartItemAsync(id, victim, $"dead {i}", Cancel);

        work.Hire(1);

        await Should.ThrowAsync<InvalidOperationException>(() => work.Service.RunAsync(id, new Progress<Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        (await work.Store.Runs.ItemsAsync(id, Cancel)).Single(i => i.State == WorkItemState.Failed).ShouldSatisfyAllConditions(i => i.Key.ShouldBe(victim), i => i.ErrorCode.ShouldBe("attempts-exhausted"));
    }

    [Fact]
    public async Task Cancelling_reaches_a_fit_that_is_running_within_seconds()
    {
        await using var work = await Work.StartAsync(broker.Server.Address);
        var id = await work.Service.CreateAsync(Data(), Spec("waits"), null, "a test", Cancel);
        await work.Store.Runs.StartAsync(id, Cancel);
        await work.UntilAsync(async () => (await work.Store.Runs.ItemsAsync(id, Cancel)).Any(i => i.Attempts == 1));
        var asked = TimeProvider.System.GetTimestamp();

        await work.Store.Runs.CancelAsync(id, Cancel);

        var other = await work.Service.CreateAsync(Data(), Spec("naive"), null, "a test", Cancel);
        await work.Service.RunAsync(other, new Progress<Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        TimeProvider.System.GetElapsedTime(asked).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await work.Store.Runs.ItemsAsync(id, Cancel)).ShouldAllBe(i => i.State == WorkItemState.Pending);
    }

    [Fact]
    public async Task What_somebody_else_wrote_into_the_queue_is_told_of_and_holds_nobody_up()
    {
        await using var work = await Work.StartAsync(broker.Server.Address);
        await work.Queue.WaitingAsync("cpu", Cancel); // now it is there
        await using (var connection = await new ConnectionFactory { Uri = new Uri(broker.Server.Address) }.CreateConnectionAsync(Cancel))
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
            await channel.BasicPublishAsync("", "cpu", Encoding.UTF8.GetBytes("good morning"), Cancel);
            await channel.BasicPublishAsync("", "cpu", "{}"u8.ToArray(), Cancel);
        }

        var id = await work.Service.CreateAsync(Data(), Spec("naive"), null, "a test", Cancel);
        (await work.Service.RunAsync(id, new Progress<Hosting.Backtests.RunProgress>(), Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel)).Predictions.ShouldNotBeEmpty();
        work.Told.Count(t => t.Contains("is no work item", StringComparison.Ordinal)).ShouldBe(2);
    }

    /// <summary>As a broker without its disk comes back.</summary>
    [Fact]
    public async Task Messages_that_the_broker_lost_come_again_from_the_store()
    {
        await using var work = await Work.StartAsync(broker.Server.Address, workers: 0);
        var id = await work.Service.CreateAsync(Data(), Spec("naive", "seasonal-naive"), null, "a test", Cancel);
        var running = work.Service.RunAsync(id, new Progress<Hosting.Backtests.RunProgress>(), Cancel);
        var items = (await work.Store.Runs.ItemsAsync(id, Cancel)).Count;
        await work.UntilAsync(async () => await work.Queue.WaitingAsync("cpu", Cancel) == items);
        await using (var connection = await new ConnectionFactory { Uri = new Uri(broker.Server.Address) }.CreateConnectionAsync(Cancel))
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
            (await channel.QueueDeleteAsync("cpu", cancellationToken: Cancel)).ShouldBe((uint)items);
        }

        work.Hire(1);

        (await running.WaitAsync(TimeSpan.FromSeconds(60), Cancel)).Predictions.ShouldNotBeEmpty();
        work.Told.ShouldContain(t => t.Contains("sent again", StringComparison.Ordinal));
        (await work.Store.Runs.ItemsAsync(id, Cancel)).ShouldAllBe(i => i.State == WorkItemState.Done && i.Attempts == 1);
    }

    private static Panel Data()
    {
        Instant[] times = [.. Enumerable.Range(0, 40).Select(t => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(t))];
        return new Panel([TimeSeries.Univariate("y", Frequency.Daily, times, [.. times.Select((_, t) => (double)(t % 7))])]);
    }

    private static RunSpec Spec(params string[] models) => new() { Data = "test", Models = models, Plan = new WalkForwardPlan { Horizon = 1, RefitEvery = 4, InitialRows = 28 }, Levels = [0.5] };

    /// <summary>A store, a relay and workers.</summary>
    private sealed class Work : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _running = [];
        
        public RabbitQueue Queue { get; private set; } = null!;

        public IForecastStore Store { get; private set; } = null!;

        public BacktestService Service { get; private set; } = null!;

        public System.Collections.Concurrent.ConcurrentQueue<string> Told { get; } = new();

        public static async Task<Work> StartAsync(string address, int workers = 2)
        {
            var work = new Work();
            work.Store = await SqliteForecastStore.OpenAsync(Path.Combine(work._folder.Path, "forecast.db"), cancellation: Cancel);
            work.Queue = new RabbitQueue(address, work.Tell);
            work.Service = new BacktestService(work.Store.Datasets, work.Store.Runs, work.Queue, Catalogue, workers: 1, new StorePatience(work.Tell)) { Quiet = TimeSpan.FromSeconds(1) };
            work._running.Add(Task.Run(() => new OutboxRelay(work.Store.Outbox, work.Queue, work.Tell).RunAsync(work._stop.Token), Cancel));
            if (workers > 0) work.Hire(workers);
            return work;
        }

        public void Hire(int workers) => _running.Add(Task.Run(() => new QueueWorkers(Store, Queue, Catalogue, Tell).RunAsync(["cpu"], workers, told: null, _stop.Token), Cancel));

        public async Task UntilAsync(Func<Task<bool>> so)
        {
            for (var began = TimeProvider.System.GetTimestamp(); !await so(); await Task.Delay(20, Cancel))
                TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30), string.Join('\n', Told));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            await Service.DisposeAsync();
            await Queue.DisposeAsync();
            await Store.DisposeAsync();
            _stop.Dispose();
            _folder.Dispose();
        }

        private void Tell(string what, Exception why) => Told.Enqueue($"{what}: {why.Message}");
    }

    /// <summary>Does something odd in its fit.</summary>
    private sealed class Odd(string name, Action<CancellationToken> fit) : LocalForecaster<object>
    {
        public override string Name => name;

        protected override object FitSeries(SeriesView history, ForecastTask task, FitContext context)
        {
            fit(context.Cancellation);
            return new object();
        }

        protected override PredictiveDistribution PredictSeries(object parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed) =>
            new(history.FutureTimes(horizon), [LocationScaleMarginal.Normal(0, 1)]);

        protected override FitSummary Summarize(object parameters, SeriesView history) => new() { Observations = history.Length };
    }
}
