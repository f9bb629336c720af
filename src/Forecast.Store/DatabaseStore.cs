using Forecast.Store.Database;
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
using Forecast.Store.Tenants;
using Forecast.Store.Webhooks;
using NodaTime;

namespace Forecast.Store;

/// <summary>The stores on one database: written once, whichever it is.</summary>
public abstract class DatabaseStore : IForecastStore
{
    private readonly StoreDatabase _database;
    private readonly IClock _clock;

    private protected DatabaseStore(StoreDatabase database, IClock clock)
    {
        _database = database;
        Datasets = new DatasetStore(database, clock);
        Runs = new RunStore(database, clock);
        Jobs = new JobStore(database, clock);
        Events = new EventStore(database, clock);
        Lineage = new LineageStore(database, clock);
        Outbox = new OutboxStore(database, clock);
        Registry = new RegistryStore(database, clock);
        Keys = new ApiKeyStore(database, clock);
        Schedules = new ScheduleStore(database, clock);
        Webhooks = new WebhookStore(database, clock);
        Retrainings = new RetrainingStore(database, clock);
        _clock = clock;
    }

    public string Location => _database.Location;

    public IDatasetStore Datasets { get; }

    public IRunStore Runs { get; }

    public IJobStore Jobs { get; }

    public IEventStore Events { get; }

    public ILineageStore Lineage { get; }

    public IOutboxStore Outbox { get; }

    public IRegistryStore Registry { get; }

    public IApiKeyStore Keys { get; }

    public IScheduleStore Schedules { get; }

    public IWebhookStore Webhooks { get; }

    public IRetrainingStore Retrainings { get; }

    public IForecastStore ForTenant(string name) => new TenantView(_database, _clock, Tenant.Checked(name));

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
