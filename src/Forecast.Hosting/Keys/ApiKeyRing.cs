using System.Collections.Concurrent;
using Forecast.Store.Keys;
using NodaTime;

namespace Forecast.Hosting.Keys;

/// <summary>What became of a key that was shown.</summary>
public enum KeyState
{
    Good,

    /// <summary>Nobody has made it, or its secret is another.</summary>
    Unknown,

    Expired,

    Revoked,
}

/// <summary>
/// Looks keys up, and remembers what it found for <see cref="Memory"/>, so that a request costs no read of the store; a key that is
/// taken back is refused after that time at the latest.
/// </summary>
public sealed class ApiKeyRing(IApiKeyStore keys, IClock clock)
{
    /// <summary>How long what was read counts.</summary>
    public static readonly Duration Memory = Duration.FromSeconds(2);

    /// <summary>Ids that are remembered; beyond that all are forgotten, so that made-up ids cannot fill the memory.</summary>
    private const int MostIds = 10_000;

    private readonly ConcurrentDictionary<string, (StoredApiKey? Key, Instant At)> _seen = new(StringComparer.Ordinal);
    private volatile Presence? _any;

    /// <summary>The key, if the text is one, and what became of it.</summary>
    public async Task<(KeyState State, StoredApiKey? Key)> CheckAsync(string? text, CancellationToken cancellation)
    {
        if (ApiKey.TryParse(text) is not { } shown) return (KeyState.Unknown, null);
        var now = clock.GetCurrentInstant();
        if (await FindAsync(shown.Id, now, cancellation) is not { } stored || !shown.Proves(stored)) return (KeyState.Unknown, null);
        if (stored.RevokedAt is not null) return (KeyState.Revoked, null);
        return stored.ExpiresAt <= now ? (KeyState.Expired, null) : (KeyState.Good, stored);
    }

    /// <summary>Whether there is any key that was not taken back.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        if (_any is { } known && now - known.At < Memory) return known.Any;
        var any = await keys.AnyAsync(cancellation);
        _any = new Presence(any, now);
        return any;
    }

    private async Task<StoredApiKey?> FindAsync(string id, Instant now, CancellationToken cancellation)
    {
        if (_seen.TryGetValue(id, out var seen) && now - seen.At < Memory) return seen.Key;
        var key = await keys.FindAsync(id, cancellation);
        if (_seen.Count >= MostIds) _seen.Clear();
        _seen[id] = (key, now);
        return key;
    }

    private sealed record Presence(bool Any, Instant At);
}
