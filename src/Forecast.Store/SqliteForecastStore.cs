using Forecast.Core;
using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store;

/// <summary>The embedded store: one SQLite file, brought to the present schema when it is opened.</summary>
/// <remarks>The driver works on the caller's thread: its tasks are complete when they are returned, unless they wait for their turn to write.</remarks>
public sealed class SqliteForecastStore : DatabaseStore
{
    private readonly SqliteDatabase _sqlite;

    private SqliteForecastStore(SqliteDatabase database, IClock clock)
        : base(database, clock) => _sqlite = database;

    /// <summary>Writes the store as it stands now into a new file, while others go on using it.</summary>
    /// <exception cref="ForecastException"><c>store-failed</c>: the file exists; <c>store-disk</c>.</exception>
    public Task CopyAsync(string path, CancellationToken cancellation = default) => _sqlite.CopyAsync(path, cancellation);

    /// <summary>Opens the file, or makes it with its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Time of the rows; null = the system's.</param>
    /// <param name="busyTimeout">How long to wait while another process writes; null = 30 seconds.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">
    /// <c>store-cannot-open</c>, <c>store-read-only</c>, <c>store-corrupt</c>, <c>store-foreign</c> (someone else's database), <c>store-newer</c>,
    /// <c>migration-changed</c>, <c>migration-missing</c>.
    /// </exception>
    public static async Task<SqliteForecastStore> OpenAsync(string path, IClock? clock = null, TimeSpan? busyTimeout = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var time = clock ?? SystemClock.Instance;
        var database = new SqliteDatabase(path, busyTimeout ?? TimeSpan.FromSeconds(30));
        try
        {
            database.MakeFolder();
            var migrator = new Migrator(database, Migration.All, time);
            var current = await migrator.IsCurrentAsync(cancellation); // before the file is changed in any way: it may be someone else's
            await database.UseWriteAheadLogAsync(cancellation);
            if (!current) await migrator.MigrateAsync(cancellation);
            return new SqliteForecastStore(database, time);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
