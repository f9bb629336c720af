using Microsoft.Data.Sqlite;
using NodaTime;

namespace Forecast.Store.Tests.Support;

/// <summary>A store in a real file of its own, deleted at the end.</summary>
public sealed class TempStore : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("forecast-store-").FullName;
    private readonly List<SqliteForecastStore> _open = [];

    public string Path => System.IO.Path.Combine(_folder, "forecast.db");

    public string Folder => _folder;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One more set of connections to the same file.</summary>
    public async Task<SqliteForecastStore> OpenAsync(IClock? clock = null, TimeSpan? busyTimeout = null)
    {
        var store = await SqliteForecastStore.OpenAsync(Path, clock, busyTimeout, Cancellation);
        _open.Add(store);
        return store;
    }

    /// <summary>Speaks to the file past the store.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>A row count past the store.</summary>
    public async Task<long> CountAsync(string table) => (long)(await SqlAsync($"SELECT count(*) FROM {table}"))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open) await store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
