using System.Data.Common;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class MigrationTests(StoreKind kind)
{
    private string Applied => kind == StoreKind.Sqlite
        ? "SELECT group_concat(version || name || checksum || applied_at) FROM schema_migrations"
        : "SELECT string_agg(version || name || checksum || applied_at, ',' ORDER BY version) FROM schema_migrations";

    [Fact]
    public async Task Opening_again_applies_nothing_and_keeps_everything()
    {
        await using var temp = new TempStore(kind);
        await (await temp.OpenAsync()).Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation);
        var applied = await temp.SqlAsync(Applied);

        (await (await temp.OpenAsync()).Datasets.FindAsync("a", cancellation: TempStore.Cancellation)).ShouldNotBeNull();

        (await temp.SqlAsync(Applied)).ShouldBe(applied);
        (await temp.CountAsync("schema_migrations")).ShouldBe(Migration.All.Count);
        await temp.CheckAsync();
    }

    [Fact]
    public async Task Many_who_open_a_new_file_at_once_make_one_schema()
    {
        await using var temp = new TempStore(kind);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var store = await TempStore.OpenAsync(await temp.AddressAsync());
            await store.Events.AppendAsync("run/a", "k", "{}", TempStore.Cancellation);
        })));

        (await temp.CountAsync("schema_migrations")).ShouldBe(Migration.All.Count);
        (await temp.CountAsync("events")).ShouldBe(6);
    }

    [Fact]
    public async Task A_store_of_yesterday_gets_only_what_is_new()
    {
        await using var temp = new TempStore(kind);
        await using var database = await temp.DatabaseAsync();
        var clock = SystemClock.Instance;
        (await new Migrator(database, [.. Migration.All.Take(1)], clock).MigrateAsync(TempStore.Cancellation)).ShouldBe(1);
        await temp.SqlAsync("INSERT INTO datasets VALUES ('a', 'b', 'c', 'P1D', NULL, 0, 0, 0)");

        (await new Migrator(database, Migration.All, clock).MigrateAsync(TempStore.Cancellation)).ShouldBe(Migration.All.Count - 1);

        (await temp.CountAsync("datasets")).ShouldBe(1);
        (await new Migrator(database, Migration.All, clock).IsCurrentAsync(TempStore.Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_schema_as_it_was()
    {
        await using var temp = new TempStore(kind);
        await using var database = await temp.DatabaseAsync();
        Migration[] broken = [.. Migration.All, new(Migration.All.Count + 1, "broken", "CREATE TABLE half (id text NOT NULL); CREATE TABLE half (id text NOT NULL);")];

        (await Should.ThrowAsync<ForecastException>(() => new Migrator(database, broken, SystemClock.Instance).MigrateAsync(TempStore.Cancellation))).Message.ShouldContain("half");

        (await Should.ThrowAsync<DbException>(() => temp.CountAsync("half"))).Message.ShouldContain("half");
        (await new Migrator(database, Migration.All, SystemClock.Instance).IsCurrentAsync(TempStore.Cancellation)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("UPDATE schema_migrations SET checksum = 'ff' WHERE version = 2", "migration-changed", "runs")]
    [InlineData("DELETE FROM schema_migrations WHERE version = 1", "migration-missing", "1")]
    [InlineData("INSERT INTO schema_migrations SELECT max(version) + 1, 'from_tomorrow', 'ff', 0 FROM schema_migrations", "store-newer", "from_tomorrow")]
    [InlineData("DROP TABLE schema_migrations", "store-foreign", "schema_migrations")]
    public async Task A_schema_that_is_not_ours_is_refused(string tampering, string code, string named)
    {
        await using var temp = new TempStore(kind);
        await temp.OpenAsync();
        await temp.SqlAsync(tampering);

        var error = await Should.ThrowAsync<ForecastException>(() => temp.OpenAsync());

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
        error.Message.ShouldContain(await temp.LocationAsync());
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum()
    {
        new Migration(1, "a", "x;\r\ny;\r\n").Checksum.ShouldBe(new Migration(1, "a", "x;\ny;\n").Checksum);
        new Migration(1, "a", "x;\ny;\n").Checksum.ShouldNotBe(new Migration(1, "a", "x;\ny; \n").Checksum);
    }
}

public sealed class MigrationOnSqliteTests() : MigrationTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task The_file_keeps_a_write_ahead_log()
    {
        await using var temp = new TempStore();
        await temp.OpenAsync();

        ((string)(await temp.SqlAsync("PRAGMA journal_mode"))!).ShouldBe("wal");
    }
}

public sealed class MigrationOnPostgresTests() : MigrationTests(StoreKind.Postgres);
