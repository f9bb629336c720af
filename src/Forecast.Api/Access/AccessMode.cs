using System.Net;
using Forecast.Core;

namespace Forecast.Api.Access;

/// <summary>Who may use the API without a key.</summary>
public enum AccessMode
{
    /// <summary>
    /// Whoever is on this machine, as the default tenant, until the first key is made; nobody when the server listens beyond the loopback.
    /// </summary>
    Auto,

    /// <summary>Nobody.</summary>
    Keys,

    /// <summary>Whoever is on this machine. Refused when the server listens beyond the loopback.</summary>
    Open,
}

/// <summary>What the mode of access means for the address that the server listens on.</summary>
public static class AccessModes
{
    /// <exception cref="ForecastException"><c>access-open</c>: an open server that others can reach.</exception>
    public static AccessMode Checked(AccessMode mode, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (IPAddress.IsLoopback(address)) return mode;
        return mode == AccessMode.Open
            ? throw new ForecastException("access-open", $"a server on {address} can be reached by others, so it needs keys; leave --access open to 127.0.0.1", "access")
            : AccessMode.Keys;
    }
}
