using Forecast.Core;
using Npgsql;

namespace Forecast.Store;

/// <summary>Opens a store by its address, whichever database it is.</summary>
public static class ForecastStores
{
    /// <param name="address">A file, <c>postgres://user@host:port/database</c>, or <c>Host=...;Database=...</c> as Npgsql reads it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">As <see cref="SqliteForecastStore.OpenAsync"/> and <see cref="PostgresForecastStore.OpenAsync"/> say.</exception>
    public static async Task<IForecastStore> OpenAsync(string address, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return IsPostgres(address)
            ? await PostgresForecastStore.OpenAsync(ConnectionString(address), cancellation: cancellation)
            : await SqliteForecastStore.OpenAsync(address, cancellation: cancellation);
    }

    /// <summary>True for an address of a server, false for a file.</summary>
    public static bool IsPostgres(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsUri(address) || address.Contains("Host=", StringComparison.OrdinalIgnoreCase) || address.Contains("Server=", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What Npgsql reads, from the URI that other tools use.</summary>
    /// <exception cref="ForecastException">A URI without host or database, or with a part that is not known.</exception>
    public static string ConnectionString(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!IsUri(address)) return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/').Length == 0) throw Malformed("it names no host and database");
        var login = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) };
        if (uri.Port > 0) builder.Port = uri.Port;
        if (login[0].Length > 0) builder.Username = Uri.UnescapeDataString(login[0]);
        if (login.Length > 1) builder.Password = Uri.UnescapeDataString(login[1]);
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            switch (pair)
            {
                case ["schema", var schema]: builder.SearchPath = Uri.UnescapeDataString(schema); break;
                case ["sslmode", var mode] when Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known): builder.SslMode = known; break;
                default: throw Malformed($"'{pair[0]}' is not known there; schema and sslmode are");
            }
        }

        return builder.ToString();
    }

    private static bool IsUri(string address) =>
        address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    // The address itself is not repeated: it may hold a password.
    private static ForecastException Malformed(string what) =>
        new("store-cannot-open", $"the address of the store is not of the form postgres://user@host:port/database?schema=NAME: {what}", "store");
}
