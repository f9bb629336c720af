using Forecast.Store.Datasets;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Forecast.Store.Keys;
using Forecast.Store.Lineage;
using Forecast.Store.Outbox;
using Forecast.Store.Registry;
using Forecast.Store.Retrainings;
using Forecast.Store.Runs;
using Forecast.Store.Schedules;
using Forecast.Store.Webhooks;

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

    IRegistryStore Registry { get; }

    IApiKeyStore Keys { get; }

    IScheduleStore Schedules { get; }

    IWebhookStore Webhooks { get; }

    IRetrainingStore Retrainings { get; }

    /// <summary>The same store as a tenant may see it: what is another's is not there, and what is made there is the tenant's.</summary>
    /// <exception cref="Core.ForecastException"><c>tenant-invalid</c>.</exception>
    IForecastStore ForTenant(string name);
}
