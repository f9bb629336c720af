using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Keys;

internal sealed class ApiKeyStore(StoreDatabase database, IClock clock) : IApiKeyStore
{
    private const string Select = """
        SELECT id AS Id, tenant AS Tenant, name AS Name, secret_hash AS SecretHash, scopes AS Scopes, requests_per_minute AS RequestsPerMinute,
               created_at AS CreatedAt, expires_at AS ExpiresAt, revoked_at AS RevokedAt
        FROM api_keys
        """;

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<StoredApiKey> AddAsync(string id, string secretHash, NewApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO api_keys (id, tenant, name, secret_hash, scopes, requests_per_minute, created_at, expires_at)
                    VALUES (@id, @tenant, @name, @secretHash, @scopes, @perMinute, @now, @expiresAt)
                    """,
                    new
                    {
                        id = StoredText.Named(id, "id"),
                        tenant = Tenant.Checked(key.Tenant),
                        name = StoredText.Named(key.Name, "name"),
                        secretHash,
                        scopes = StoredText.Checked(string.Join(' ', key.Scopes), "scopes"),
                        perMinute = (long)key.RequestsPerMinute,
                        now = Now,
                        expiresAt = key.ExpiresAt is { } end ? Micros.Floor(end) : (long?)null,
                    });
                return await RequireAsync(session, id);
            },
            cancellation);
    }

    public Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellation = default) =>
        database.ReadAsync(async session => (await session.FirstAsync<Row>($"{Select} WHERE id = @id", new { id }))?.ToKey(), cancellation);

    public Task<IReadOnlyList<StoredApiKey>> ListAsync(string? tenant = null, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StoredApiKey>>(
        async session => [.. (await session.QueryAsync<Row>($"{Select} {(tenant is null ? "" : "WHERE tenant = @tenant")} ORDER BY created_at, id", new { tenant })).Select(r => r.ToKey())],
        cancellation);

    public Task<bool> AnyAsync(CancellationToken cancellation = default) =>
        database.ReadAsync(async session => await session.FirstAsync<long>("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL") > 0, cancellation);

    public Task<StoredApiKey> RevokeAsync(string id, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("UPDATE api_keys SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = Now });
            return await RequireAsync(session, id);
        },
        cancellation);

    private static async Task<StoredApiKey> RequireAsync(StoreSession session, string id) =>
        (await session.FirstAsync<Row>($"{Select} WHERE id = @id", new { id }))?.ToKey() ?? throw new ForecastException("key-unknown", $"there is no key '{id}'", "id");

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Tenant { get; init; } = "";

        public string Name { get; init; } = "";

        public string SecretHash { get; init; } = "";

        public string Scopes { get; init; } = "";

        public long RequestsPerMinute { get; init; }

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; init; }

        public StoredApiKey ToKey() => new(
            Id, Tenant, Name, SecretHash, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), (int)RequestsPerMinute, Micros.ToInstant(CreatedAt), Micros.ToInstant(ExpiresAt), Micros.ToInstant(RevokedAt));
    }
}
