using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Database;

/// <summary>Brings a database to the schema of this code: each step in its own transaction, recorded with its checksum.</summary>
internal sealed class Migrator(StoreDatabase database, IReadOnlyList<Migration> migrations, IClock clock)
{
    private const string Table = "schema_migrations";

    /// <summary>Looks without changing anything.</summary>
    /// <returns>True when nothing is left to apply.</returns>
    /// <exception cref="ForecastException">The database is someone else's, newer than this code, or has a step that this code does not have in that form.</exception>
    public Task<bool> IsCurrentAsync(CancellationToken cancellation) =>
        database.ReadAsync(async session => (await AppliedAsync(session))?.Count == migrations.Count, cancellation);

    /// <returns>Steps that were applied now.</returns>
    /// <exception cref="ForecastException">As <see cref="IsCurrentAsync"/>.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellation)
    {
        var applied = 0;
        while (await database.WriteAsync(StepAsync, cancellation)) applied++;
        return applied;
    }

    // What is applied is read anew inside each transaction: another process may be doing the same.
    private async Task<bool> StepAsync(StoreSession session)
    {
        await session.LockAsync(Table);
        var applied = await AppliedAsync(session);
        if (applied is null)
            await session.ExecuteAsync($"CREATE TABLE {Table} (version bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)");
        var done = applied?.Count ?? 0;
        if (done == migrations.Count) return false;
        var next = migrations[done];
        await session.ExecuteAsync(database.Schema(next.Sql));
        await session.ExecuteAsync(
            $"INSERT INTO {Table} (version, name, checksum, applied_at) VALUES (@version, @Name, @Checksum, @at)",
            new { version = (long)next.Version, next.Name, next.Checksum, at = Micros.Floor(clock.GetCurrentInstant()) });
        return true;
    }

    // Null: an empty database.
    private async Task<IReadOnlyList<Applied>?> AppliedAsync(StoreSession session)
    {
        var tables = await database.TablesAsync(session);
        if (tables.Count == 0) return null;
        if (!tables.Contains(Table, StringComparer.Ordinal))
            throw new ForecastException("store-foreign", $"the database at {database.Location} is not a Forecast store: it has tables ({string.Join(", ", tables.Take(3))}) but no {Table}", "store");
        var applied = await session.QueryAsync<Applied>($"SELECT version AS Version, name AS Name, checksum AS Checksum FROM {Table} ORDER BY version");
        Check(applied);
        return applied;
    }

    private void Check(IReadOnlyList<Applied> done)
    {
        for (var i = 0; i < done.Count; i++)
        {
            if (done[i].Version != i + 1)
                throw new ForecastException("migration-missing", $"the store at {database.Location} lacks the record of schema step {i + 1} but has step {done[i].Version} ({done[i].Name}); restore a copy", "store");
            if (i >= migrations.Count)
                throw new ForecastException("store-newer", $"the store at {database.Location} has schema step {done[^1].Version} ({done[^1].Name}), but this program knows {migrations.Count}; use a newer program", "store");
            if (!string.Equals(done[i].Checksum, migrations[i].Checksum, StringComparison.Ordinal))
                throw new ForecastException("migration-changed", $"schema step {done[i].Version} ({done[i].Name}) was applied to the store at {database.Location} in another form than this program's {migrations[i].Name}; the program was changed after the fact", "store");
        }
    }

    private sealed class Applied
    {
        public long Version { get; init; }

        public string Name { get; init; } = "";

        public string Checksum { get; init; } = "";
    }
}
