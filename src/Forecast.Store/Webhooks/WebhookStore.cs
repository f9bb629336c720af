using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Webhooks;

internal sealed class WebhookStore(StoreDatabase database, IClock clock, string? tenant = null) : IWebhookStore
{
    private const string Select = "SELECT id AS Id, tenant AS Tenant, url AS Url, secret AS Secret, created_at AS CreatedAt FROM webhooks";

    private string Own => tenant is null ? "" : "AND tenant = @tenant";

    public Task<StoredWebhook> AddAsync(string url, string secret, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var id = NewId.Next();
            await session.ExecuteAsync(
                "INSERT INTO webhooks (id, tenant, url, secret, created_at) VALUES (@id, @owner, @url, @secret, @now)",
                new { id, owner = tenant ?? Tenant.Default, url = StoredText.Named(url, "url"), secret = StoredText.Named(secret, "secret"), now = Micros.Floor(clock.GetCurrentInstant()) });
            return await RequireAsync(session, id);
        },
        cancellation);

    public Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellation = default) => database.ReadAsync(session => FindAsync(session, id), cancellation);

    public Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StoredWebhook>>(
        async session => [.. (await session.QueryAsync<Row>($"{Select} WHERE 1 = 1 {Own} ORDER BY created_at, id", new { tenant })).Select(r => r.ToWebhook())],
        cancellation);

    public Task DeleteAsync(string id, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            await RequireAsync(session, id);
            await session.ExecuteAsync("DELETE FROM webhook_deliveries WHERE webhook_id = @id", new { id });
            await session.ExecuteAsync("DELETE FROM webhooks WHERE id = @id", new { id });
        },
        cancellation);

    public Task<IReadOnlyList<StoredDelivery>> DeliveriesAsync(string id, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<IReadOnlyList<StoredDelivery>>(
            async session =>
            {
                await RequireAsync(session, id);
                var rows = await session.QueryAsync<DeliveryRow>(
                    """
                    SELECT id AS Id, job_id AS JobId, state AS State, attempts AS Attempts, status AS Status, error AS Error, next_at AS NextAt, created_at AS CreatedAt, ended_at AS EndedAt
                    FROM webhook_deliveries WHERE webhook_id = @id ORDER BY created_at DESC, id LIMIT @limit
                    """,
                    new { id, limit });
                return [.. rows.Select(r => r.ToDelivery())];
            },
            cancellation);
    }

    public Task<IReadOnlyList<DueDelivery>> TakeAsync(int limit, Duration lease, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.WriteAsync<IReadOnlyList<DueDelivery>>(
            async session =>
            {
                var at = clock.GetCurrentInstant();
                var (now, until) = (Micros.Floor(at), Micros.Floor(at + lease));
                var ids = await session.QueryAsync<string>("SELECT id FROM webhook_deliveries WHERE state = 'waiting' AND next_at <= @now ORDER BY next_at, id LIMIT @limit", new { now, limit });
                var taken = new List<DueDelivery>(ids.Count);
                foreach (var id in ids)
                {
                    // Where senders run side by side, another may have taken it since.
                    if (await session.ExecuteAsync("UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = @until WHERE id = @id AND state = 'waiting' AND next_at <= @now", new { id, now, until }) == 0) continue;
                    var (url, secret, body, attempts) = await session.FirstAsync<(string Url, string Secret, string Body, long Attempts)>(
                        "SELECT w.url, w.secret, d.body, d.attempts FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = @id", new { id });
                    taken.Add(new DueDelivery(id, url, secret, body, (int)attempts));
                }

                return taken;
            },
            cancellation);
    }

    public Task SettleAsync(DueDelivery due, int? status, string? error, Instant? next, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(due);
        var state = error is null ? DeliveryState.Delivered : next is null ? DeliveryState.Failed : DeliveryState.Waiting;
        return database.WriteAsync(
            async session =>
            {
                var now = Micros.Floor(clock.GetCurrentInstant());
                await session.ExecuteAsync(
                    """
                    UPDATE webhook_deliveries SET state = @word, status = @status, error = @error, next_at = @nextAt, ended_at = @endedAt
                    WHERE id = @Id AND state = 'waiting' AND attempts = @attempts
                    """,
                    new
                    {
                        due.Id,
                        attempts = (long)due.Attempt,
                        word = StoredText.Word(state),
                        status = (long?)status,
                        error = StoredText.Optional(error, "error"),
                        nextAt = next is { } at ? Micros.Floor(at) : now,
                        endedAt = state is DeliveryState.Waiting ? (long?)null : now,
                    });
            },
            cancellation);
    }

    private async Task<StoredWebhook?> FindAsync(StoreSession session, string id) => (await session.FirstAsync<Row>($"{Select} WHERE id = @id {Own}", new { id, tenant }))?.ToWebhook();

    private async Task<StoredWebhook> RequireAsync(StoreSession session, string id) =>
        await FindAsync(session, id) ?? throw new ForecastException("webhook-unknown", $"there is no webhook '{id}'", "id");

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Tenant { get; init; } = "";

        public string Url { get; init; } = "";

        public string Secret { get; init; } = "";

        public long CreatedAt { get; init; }

        public StoredWebhook ToWebhook() => new(Id, Tenant, Url, Secret, Micros.ToInstant(CreatedAt));
    }

    private sealed class DeliveryRow
    {
        public string Id { get; init; } = "";

        public string JobId { get; init; } = "";

        public string State { get; init; } = "";

        public long Attempts { get; init; }

        public long? Status { get; init; }

        public string? Error { get; init; }

        public long NextAt { get; init; }

        public long CreatedAt { get; init; }

        public long? EndedAt { get; init; }

        public StoredDelivery ToDelivery()
        {
            var state = StoredText.Parse<DeliveryState>(State);
            return new StoredDelivery(Id, JobId, state, (int)Attempts, (int?)Status, Error, state is DeliveryState.Waiting ? Micros.ToInstant(NextAt) : null, Micros.ToInstant(CreatedAt), Micros.ToInstant(EndedAt));
        }
    }
}
