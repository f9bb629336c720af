using Forecast.Hosting.Keys;
using Forecast.Store.Keys;

namespace Forecast.Api.Access;

/// <summary>Who makes a request.</summary>
/// <param name="Tenant">Whose data it may see.</param>
/// <param name="KeyId">Its key; null = somebody on this machine, without one.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="RequestsPerMinute">How often; 0 = any number.</param>
internal sealed record Caller(string Tenant, string? KeyId, IReadOnlyList<string> Scopes, int RequestsPerMinute)
{
    /// <summary>Whoever is on this machine, where that is enough.</summary>
    public static Caller Local { get; } = new(Store.Tenants.Tenant.Default, null, ApiKey.Scopes, 0);

    public static Caller Of(StoredApiKey key) => new(key.Tenant, key.Id, key.Scopes, key.RequestsPerMinute);
}

/// <summary>The caller of the request at hand; what a request is given of the store hangs on it.</summary>
internal sealed class CallerOfRequest
{
    private Caller? _caller;

    /// <exception cref="InvalidOperationException">A route asked before anybody had looked who asks: nothing is given then.</exception>
    public Caller Caller
    {
        get => _caller ?? throw new InvalidOperationException("nobody has looked who makes this request");
        set => _caller = value;
    }

    public bool IsKnown => _caller is not null;
}
