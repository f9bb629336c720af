using Forecast.Store.Datasets;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Forecast.Store.Lineage;
using Forecast.Store.Outbox;
using Forecast.Store.Runs;

namespace Forecast.Store;

/// <summary>All that is remembered: one door to each kind of thing. Safe to share between threads.</summary>
public interface IForecastStore : IAsyncDisposable
{
    /// <summary>The file or database, for people.</summary>
    string Location { get; }

    IDatasetStore Datasets { get; }

    IRunStore Runs { get; }

    IJobStore Jobs { get; }

    IEventStore Events { get; }

    ILineageStore Lineage { get; }

    IOutboxStore Outbox { get; }
}
