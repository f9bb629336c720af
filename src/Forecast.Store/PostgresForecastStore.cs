using Forecast.Core;
using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store;

/// <summary>The store of a team: a Postgres database, brought to the present schema when it is opened.</summary>
/// <remarks>
/// Processes that open it at once take turns at the schema by an advisory lock. The tables stand in the schema that the connection's
/// search path names first (<c>public</c> unless stated).
/// </remarks>
public sealed class PostgresForecastStore : DatabaseStore
{
    private PostgresForecastStore(PostgresDatabase database, IClock clock)
        : base(database, clock)
    {
    }

    /// <param name="connectionString"><c>Host=...;Database=...;Username=...;Password=...</c>, and whatever else Npgsql knows.</param>
    /// <param name="clock">Time of the rows; null = the system's.</param>
    /// <param name="statementTimeout">How long one statement may take; null = 60 seconds.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">
    /// <c>store-cannot-open</c>, <c>store-unsuitable</c> (encoding, missing schema), <c>store-foreign</c>, <c>store-newer</c>,
    /// <c>migration-changed</c>, <c>migration-missing</c>.
    /// </exception>
    public static async Task<PostgresForecastStore> OpenAsync(string connectionString, IClock? clock = null, TimeSpan? statementTimeout = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var time = clock ?? SystemClock.Instance;
        var database = new PostgresDatabase(connectionString, statementTimeout ?? TimeSpan.FromSeconds(60));
        try
        {
            await database.CheckAsync(cancellation);
            var migrator = new Migrator(database, Migration.All, time);
            if (!await migrator.IsCurrentAsync(cancellation)) await migrator.MigrateAsync(cancellation);
            return new PostgresForecastStore(database, time);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
