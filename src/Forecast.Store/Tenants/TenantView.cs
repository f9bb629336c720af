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
using Forecast.Store.Webhooks;
using NodaTime;

namespace Forecast.Store.Tenants;

/// <summary>The store as one tenant may see it: what is another's is not there. What belongs to the platform itself cannot be reached.</summary>
internal sealed class TenantView(StoreDatabase database, IClock clock, string tenant) : IForecastStore
{
    public string Location => database.Location;

    public IDatasetStore Datasets { get; } = new DatasetStore(database, clock, tenant);

    public IRunStore Runs { get; } = new TenantRuns(new RunStore(database, clock, tenant), tenant);

    public IJobStore Jobs { get; } = new JobStore(database, clock, tenant);

    public IEventStore Events { get; } = new TenantEvents(database, new EventStore(database, clock), tenant);

    public ILineageStore Lineage { get; } = new LineageStore(database, clock, tenant);

    public IRegistryStore Registry { get; } = new RegistryStore(database, clock, tenant);

    public IScheduleStore Schedules { get; } = new ScheduleStore(database, clock, tenant);

    public IWebhookStore Webhooks { get; } = new WebhookStore(database, clock, tenant);

    public IRetrainingStore Retrainings { get; } = new RetrainingStore(database, clock, tenant);

    public IOutboxStore Outbox => throw Hidden(nameof(Outbox));

    public IApiKeyStore Keys => throw Hidden(nameof(Keys));

    public IForecastStore ForTenant(string name) => throw Hidden("another tenant's part");

    /// <summary>The database stays open: it is the platform's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Hidden(string what) => new($"{what} of the store is not for tenants");
}
