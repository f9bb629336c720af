using System.Data.Common;
using Forecast.Store.Database;
using Forecast.Tests.Servers;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;

namespace Forecast.Store.Tests.Support;

/// <summary>Which database a test runs against.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>A store of its own, in a file or in a schema of the tests' Postgres, gone at the end.</summary>
public sealed class TempStore(StoreKind kind = StoreKind.Sqlite) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("forecast-store-").FullName;
    private readonly List<IForecastStore> _open = [];
    private readonly SemaphoreSlim _making = new(1, 1);
    private string? _schema;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The file of a SQLite store.</summary>
    public string Path => System.IO.Path.Combine(_folder, "forecast.db");

    public string Folder => _folder;

    /// <summary>What a process is told to open the same store.</summary>
    public async Task<string> AddressAsync()
    {
        if (kind == StoreKind.Sqlite) return Path;
        await _making.WaitAsync(Cancellation);
        try
        {
            return _schema ??= await (await PostgresServer.GetAsync()).NewSchemaAsync(Cancellation);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>What messages call it.</summary>
    public async Task<string> LocationAsync() => kind == StoreKind.Sqlite ? Path : $"?schema={new NpgsqlConnectionStringBuilder(await AddressAsync()).SearchPath}";

    /// <summary>One more set of connections to the same store.</summary>
    public async Task<IForecastStore> OpenAsync(IClock? clock = null)
    {
        var store = await OpenAsync(await AddressAsync(), clock);
        _open.Add(store);
        return store;
    }

    /// <summary>A store by its address: a path, or a connection to Postgres.</summary>
    public static async Task<IForecastStore> OpenAsync(string address, IClock? clock = null) => address.Contains("Host=", StringComparison.Ordinal)
        ? await PostgresForecastStore.OpenAsync(address, clock, cancellation: Cancellation)
        : await SqliteForecastStore.OpenAsync(address, clock, cancellation: Cancellation);

    /// <summary>The database below the stores.</summary>
    internal async Task<StoreDatabase> DatabaseAsync() => kind == StoreKind.Sqlite
        ? new SqliteDatabase(Path, TimeSpan.FromSeconds(5))
        : new PostgresDatabase(await AddressAsync(), TimeSpan.FromSeconds(60));

    /// <summary>Speaks to the database past the store.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using DbConnection connection = kind == StoreKind.Sqlite
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString())
            : new NpgsqlConnection(await AddressAsync());
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>A row count past the store.</summary>
    public async Task<long> CountAsync(string table) => (long)(await SqlAsync($"SELECT count(*) FROM {table}"))!;

    /// <summary>An SQL literal of that many zero bytes.</summary>
    public string Zeros(int count) => kind == StoreKind.Sqlite ? $"zeroblob({count})" : $"decode(repeat('00', {count}), 'hex')";

    /// <summary>Asks the database whether it is whole, where it can tell.</summary>
    public async Task CheckAsync()
    {
        if (kind == StoreKind.Sqlite) ((string)(await SqlAsync("PRAGMA integrity_check"))!).ShouldBe("ok");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open) await store.DisposeAsync();
        _making.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
