using Forecast.Store.Database;
using Forecast.Store.Events;

namespace Forecast.Store.Tenants;

/// <summary>Events of a tenant's own jobs and runs; streams of others are empty.</summary>
internal sealed class TenantEvents(StoreDatabase database, IEventStore events, string tenant) : IEventStore
{
    public Task<long> AppendAsync(string stream, string kind, string payloadJson, CancellationToken cancellation = default) =>
        throw new InvalidOperationException("events are written with what they tell of, not by tenants");

    public async Task<IReadOnlyList<StoredEvent>> ReadAfterAsync(string stream, long seq, int limit = 1000, CancellationToken cancellation = default) =>
        await IsOwnAsync(stream, cancellation) ? await events.ReadAfterAsync(stream, seq, limit, cancellation) : [];

    private async Task<bool> IsOwnAsync(string stream, CancellationToken cancellation)
    {
        var parts = stream.Split('/', 2);
        var table = parts is ["job", _] ? "jobs" : parts is ["run", _] ? "runs" : null;
        return table is not null && await database.ReadAsync(
            session => session.FirstAsync<long>($"SELECT count(*) FROM {table} WHERE id = @id AND tenant = @tenant", new { id = parts[1], tenant }), cancellation) == 1;
    }
}
