using Forecast.Hosting.Backtests;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store;

namespace Forecast.Hosting;

/// <summary>
/// The platform as one process sees it: the store of <see cref="ForecastHome"/> (SQLite unless a server is named) and its queue. Where a
/// broker is named, work goes to it by way of the outbox, and this process is one worker among others.
/// </summary>
public sealed class ForecastPlatform : IAsyncDisposable
{
    private readonly IForecastStore _store;
    private readonly IWorkQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _background;

    private ForecastPlatform(IForecastStore store, IWorkQueue queue, ModelCatalogue catalogue, int workers, Action<string, Exception> complain, string device)
    {
        _store = store;
        _queue = queue;
        Catalogue = catalogue;
        Device = device;
        Backtests = new BacktestService(store.Datasets, store.Runs, queue, catalogue, workers, new StorePatience(complain));
        Ledger = new ForecastLedger(store.Lineage, complain);
        Complain = complain;
        _background = queue.IsDurable ? Task.WhenAll(Task.Run(RelayAsync), Task.Run(() => WorkAsync(workers))) : Task.CompletedTask;
    }

    public ModelCatalogue Catalogue { get; }

    /// <summary>Where networks run unless a run says otherwise: <c>cpu</c>, <c>cuda:0</c>, ...</summary>
    public string Device { get; }

    public IForecastStore Store => _store;

    public BacktestService Backtests { get; }

    /// <summary>Where forecasts that are given out are recorded; somebody has to run it.</summary>
    public ForecastLedger Ledger { get; }

    /// <summary>Told of trouble that is waited out.</summary>
    public Action<string, Exception> Complain { get; }

    public Forecast.Store.Datasets.IDatasetStore Datasets => _store.Datasets;

    /// <summary>Opens (or creates) the store of <see cref="ForecastHome"/>.</summary>
    /// <param name="catalogue">The models.</param>
    /// <param name="workers">Work items done at once; where a broker hands them out, 0 leaves them to other processes.</param>
    /// <param name="complain">Told of trouble that is waited out: a store that does not answer for a while.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="device">Where networks run unless a run says otherwise.</param>
    public static async Task<ForecastPlatform> OpenAsync(ModelCatalogue catalogue, int workers, Action<string, Exception> complain, CancellationToken cancellation, string device = "cpu")
    {
        Directory.CreateDirectory(ForecastHome.Root);
        IWorkQueue queue = ForecastHome.Broker is { } broker ? new RabbitQueue(broker, complain) : new InProcessQueue();
        return new ForecastPlatform(await ForecastStores.OpenAsync(ForecastHome.Store, cancellation), queue, catalogue, workers, complain, device);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _background;
        await Backtests.DisposeAsync();
        if (_queue is IAsyncDisposable connection) await connection.DisposeAsync();
        _stop.Dispose();
        await _store.DisposeAsync();
    }

    private Task RelayAsync() => new OutboxRelay(_store.Outbox, _queue, Complain).RunAsync(_stop.Token);

    private Task WorkAsync(int workers) => workers == 0
        ? Task.CompletedTask
        : new QueueWorkers(_store, _queue, Catalogue, Complain) { Device = Device }.RunAsync(Device.StartsWith("cuda", StringComparison.Ordinal) ? ["gpu", "cpu"] : ["cpu"], workers, told: null, _stop.Token);
}
