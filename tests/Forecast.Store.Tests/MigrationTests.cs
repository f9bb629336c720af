using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public class MigrationTests
{
    [Fact]
    public async Task Opening_again_applies_nothing_and_keeps_everything()
    {
        await using var temp = new TempStore();
        await (await temp.OpenAsync()).Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation);
        var applied = await temp.SqlAsync("SELECT group_concat(version || name || checksum || applied_at) FROM schema_migrations");

        (await (await temp.OpenAsync()).Datasets.FindAsync("a", cancellation: TempStore.Cancellation)).ShouldNotBeNull();

        (await temp.SqlAsync("SELECT group_concat(version || name || checksum || applied_at) FROM schema_migrations")).ShouldBe(applied);
        (await temp.CountAsync("schema_migrations")).ShouldBe(Migration.All.Count);
        ((string)(await temp.SqlAsync("PRAGMA journal_mode"))!).ShouldBe("wal");
        ((string)(await temp.SqlAsync("PRAGMA integrity_check"))!).ShouldBe("ok");
    }

    [Fact]
    public async Task Many_who_open_a_new_file_at_once_make_one_schema()
    {
        await using var temp = new TempStore();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var store = await SqliteForecastStore.OpenAsync(temp.Path, cancellation: TempStore.Cancellation);
            await store.Events.AppendAsync("run/a", "k", "{}", TempStore.Cancellation);
        })));

        (await temp.CountAsync("schema_migrations")).ShouldBe(Migration.All.Count);
        (await temp.CountAsync("events")).ShouldBe(6);
    }

    [Fact]
    public async Task A_store_of_yesterday_gets_only_what_is_new()
    {
        await using var temp = new TempStore();
        await using var database = new SqliteDatabase(temp.Path, TimeSpan.FromSeconds(5));
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
        await using var temp = new TempStore();
        await using var database = new SqliteDatabase(temp.Path, TimeSpan.FromSeconds(5));
        Migration[] broken = [.. Migration.All, new(Migration.All.Count + 1, "broken", "CREATE TABLE half (id text NOT NULL); CREATE TABLE half (id text NOT NULL);")];

        (await Should.ThrowAsync<ForecastException>(() => new Migrator(database, broken, SystemClock.Instance).MigrateAsync(TempStore.Cancellation))).Message.ShouldContain("half");

        (await temp.SqlAsync("SELECT count(*) FROM sqlite_master WHERE name = 'half'")).ShouldBe(0L);
        (await new Migrator(database, Migration.All, SystemClock.Instance).IsCurrentAsync(TempStore.Cancellation)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("UPDATE schema_migrations SET checksum = 'ff' WHERE version = 2", "migration-changed", "runs")]
    [InlineData("DELETE FROM schema_migrations WHERE version = 1", "migration-missing", "1")]
    [InlineData("INSERT INTO schema_migrations SELECT max(version) + 1, 'from_tomorrow', 'ff', 0 FROM schema_migrations", "store-newer", "from_tomorrow")]
    [InlineData("DROP TABLE schema_migrations", "store-foreign", "schema_migrations")]
    public async Task A_schema_that_is_not_ours_is_refused(string tampering, string code, string named)
    {
        await using var temp = new TempStore();
        await temp.OpenAsync();
        await temp.SqlAsync(tampering);

        var error = await Should.ThrowAsync<ForecastException>(() => temp.OpenAsync());

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
        error.Message.ShouldContain(temp.Path);
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum()
    {
        new Migration(1, "a", "x;\r\ny;\r\n").Checksum.ShouldBe(new Migration(1, "a", "x;\ny;\n").Checksum);
        new Migration(1, "a", "x;\ny;\n").Checksum.ShouldNotBe(new Migration(1, "a", "x;\ny; \n").Checksum);
    }
}
