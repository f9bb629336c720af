using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Keys;

/// <summary>A key to be made.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it opens.</param>
/// <param name="RequestsPerMinute">How many requests it may make in a minute; 0 = any number.</param>
/// <param name="ExpiresAt">When it ends; null = never.</param>
public sealed record NewApiKey(string Tenant, string Name, IReadOnlyList<string> Scopes, int RequestsPerMinute, Instant? ExpiresAt);

/// <summary>A key without its secret, of which the store holds the SHA-256 only.</summary>
/// <param name="Id">The part of the key that is no secret.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">What people call it.</param>
/// <param name="SecretHash">SHA-256 of the secret, lower-case hex.</param>
/// <param name="Scopes">What it opens.</param>
/// <param name="RequestsPerMinute">How many requests it may make in a minute; 0 = any number.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="RevokedAt">When it was taken back.</param>
public sealed record StoredApiKey(
    string Id, string Tenant, string Name, string SecretHash, IReadOnlyList<string> Scopes, int RequestsPerMinute, Instant CreatedAt, Instant? ExpiresAt, Instant? RevokedAt);

/// <summary>Keys of the API.</summary>
public interface IApiKeyStore
{
    /// <summary>Keeps a key under an id that its maker chose.</summary>
    /// <exception cref="ForecastException"><c>tenant-invalid</c>, <c>name-missing</c>.</exception>
    Task<StoredApiKey> AddAsync(string id, string secretHash, NewApiKey key, CancellationToken cancellation = default);

    /// <summary>The key, ended or not; null if there is none.</summary>
    Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellation = default);

    /// <summary>Keys, oldest first.</summary>
    /// <param name="tenant">Of one tenant; null = all.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<StoredApiKey>> ListAsync(string? tenant = null, CancellationToken cancellation = default);

    /// <summary>True when there is a key that was not taken back.</summary>
    Task<bool> AnyAsync(CancellationToken cancellation = default);

    /// <summary>Takes a key back, for good; one that was taken back before stays as it is.</summary>
    /// <exception cref="ForecastException"><c>key-unknown</c>.</exception>
    Task<StoredApiKey> RevokeAsync(string id, CancellationToken cancellation = default);
}
