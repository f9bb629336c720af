using Forecast.Hosting.Backtests;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store;

namespace Forecast.Hosting;

/// <summary>The platform in one process: SQLite under the home folder, the in-process queue.</summary>
public sealed class EmbeddedPlatform : IAsyncDisposable
{
    private readonly IForecastStore _store;

    private EmbeddedPlatform(IForecastStore store, ModelCatalogue catalogue, int workers, string device)
    {
        _store = store;
        Catalogue = catalogue;
        Device = device;
        Backtests = new BacktestService(store.Datasets, store.Runs, new InProcessQueue(), catalogue, workers);
    }

    public ModelCatalogue Catalogue { get; }

    /// <summary>Where networks run unless a run says otherwise: <c>cpu</c>, <c>cuda:0</c>, ...</summary>
    public string Device { get; }

    public IForecastStore Store => _store;

    public BacktestService Backtests { get; }

    public Forecast.Store.Datasets.IDatasetStore Datasets => _store.Datasets;

    /// <summary>Opens (or creates) the store of <see cref="ForecastHome"/>.</summary>
    public static async Task<EmbeddedPlatform> OpenAsync(ModelCatalogue catalogue, int workers, CancellationToken cancellation, string device = "cpu")
    {
        Directory.CreateDirectory(ForecastHome.Root);
        return new EmbeddedPlatform(await SqliteForecastStore.OpenAsync(ForecastHome.Database, cancellation: cancellation), catalogue, workers, device);
    }

    public async ValueTask DisposeAsync()
    {
        await Backtests.DisposeAsync();
        await _store.DisposeAsync();
    }
}
