using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tests.Support;
using Forecast.Tests.Servers;
using Npgsql;

namespace Forecast.Store.Tests;

/// <summary>What only a server has: partitions, passwords, ties between writers, being away. Alone, since one test cuts connections.</summary>
[CollectionDefinition(nameof(PostgresTests), DisableParallelization = true)]
[Collection(nameof(PostgresTests))]
public class PostgresTests
{
    [Fact]
    public async Task Forecasts_are_split_over_sixteen_partitions_by_their_run()
    {
        await using var temp = new TempStore(StoreKind.Postgres);
        var store = await temp.OpenAsync();
        for (var i = 0; i < 12; i++)
        {
            var run = await store.Runs.CreateAsync(Sample.Run(1), TempStore.Cancellation);
            await store.Runs.CommitBlockAsync(run, Sample.Key(0), Sample.Block(0), TempStore.Cancellation);
        }

        (await temp.SqlAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'predictions'::regclass")).ShouldBe(16L);
        ((long)(await temp.SqlAsync("SELECT count(DISTINCT tableoid) FROM predictions"))!).ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task Texts_sort_byte_by_byte_whatever_the_language_of_the_server()
    {
        await using var temp = new TempStore(StoreKind.Postgres);
        await temp.OpenAsync();

        (await temp.SqlAsync(
            """
            SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND l.collname <> 'C' AND c.relname <> 'schema_migrations'
            """)).ShouldBe(0L);
    }

    [Fact]
    public async Task Two_who_lock_each_other_out_both_finish()
    {
        await using var temp = new TempStore(StoreKind.Postgres);
        var store = await temp.OpenAsync();
        foreach (var stream in (string[])["a", "b"]) await store.Events.AppendAsync(stream, "k", "{}", TempStore.Cancellation);
        await using var database = await temp.DatabaseAsync();
        using var both = new Barrier(2);

        await Task.WhenAll(Cross("a", "b"), Cross("b", "a"));

        (await temp.SqlAsync("SELECT sum(last_seq) FROM event_streams WHERE stream IN ('a', 'b')")).ShouldBe(2M + 4);

        Task Cross(string first, string second)
        {
            var met = false;
            return Task.Run(() => database.WriteAsync(
                async session =>
                {
                    await Count(session, first);
                    if (!met) both.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue(); // the second time the other may be through
                    met = true;
                    await Count(session, second);
                },
                TempStore.Cancellation));
        }

        static Task Count(StoreSession session, string stream) =>
            session.ExecuteAsync("UPDATE event_streams SET last_seq = last_seq + 1 WHERE stream = @stream", new { stream });
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_does_not_know_us_is_named_without_the_password()
    {
        var there = new NpgsqlConnectionStringBuilder((await PostgresServer.GetAsync()).ConnectionString()) { Password = "s3cret", Timeout = 5 };
        foreach (var (wrong, code) in ((NpgsqlConnectionStringBuilder, string)[])[
            (new(there.ConnectionString) { Port = 1 }, "store-cannot-open"),
            (new(there.ConnectionString) { Database = "nothing" }, "store-cannot-open"),
            (new(there.ConnectionString) { SearchPath = "nowhere" }, "store-unsuitable")])
        {
            var error = await Should.ThrowAsync<ForecastException>(() => PostgresForecastStore.OpenAsync(wrong.ConnectionString, cancellation: TempStore.Cancellation));

            error.Code.ShouldBe(code, wrong.ConnectionString);
            error.Message.ShouldContain("127.0.0.1");
            error.Message.ShouldNotContain("s3cret");
        }

        (await Should.ThrowAsync<ForecastException>(() => PostgresForecastStore.OpenAsync("Hst=x", cancellation: TempStore.Cancellation))).Code.ShouldBe("store-cannot-open");
    }

    [Fact]
    public async Task Connections_that_the_server_cuts_are_replaced()
    {
        await using var temp = new TempStore(StoreKind.Postgres);
        var store = await temp.OpenAsync();
        await store.Events.AppendAsync("a", "k", "{}", TempStore.Cancellation);

        await temp.SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%event_streams%' AND usename = current_user");
        var error = await Record.ExceptionAsync(() => store.Events.AppendAsync("a", "k", "{}", TempStore.Cancellation));
        if (error is not null) error.ShouldBeOfType<ForecastException>().Code.ShouldBeOneOf("store-busy", "store-cannot-open", "store-failed");

        var last = await store.Events.AppendAsync("a", "k", "{}", TempStore.Cancellation);
        last.ShouldBe(error is null ? 3 : 2);
    }

    [Theory]
    [InlineData("postgres://ana:p%40ss@db.example:6543/forecasts?schema=team&sslmode=verify-full", "Host=db.example;Port=6543;Database=forecasts;Username=ana;Password=p@ss;Search Path=team;SSL Mode=VerifyFull")]
    [InlineData("postgresql://db/forecasts", "Host=db;Database=forecasts")]
    [InlineData("Host=db;Database=forecasts", "Host=db;Database=forecasts")]
    public void An_address_is_read_as_other_tools_write_it(string address, string expected)
    {
        ForecastStores.IsPostgres(address).ShouldBeTrue();
        new NpgsqlConnectionStringBuilder(ForecastStores.ConnectionString(address)).EquivalentTo(new NpgsqlConnectionStringBuilder(expected)).ShouldBeTrue(ForecastStores.ConnectionString(address));
    }

    [Theory]
    [InlineData("postgres://ana:secret@db")]
    [InlineData("postgres:///forecasts")]
    [InlineData("postgres://ana:secret@db/forecasts?shema=x")]
    public async Task An_address_that_is_none_is_refused_without_repeating_it(string address) =>
        (await Should.ThrowAsync<ForecastException>(() => ForecastStores.OpenAsync(address, TempStore.Cancellation))).Message.ShouldNotContain("secret");

    [Fact]
    public void A_path_is_a_file() => ForecastStores.IsPostgres("/var/lib/forecast/forecast.db").ShouldBeFalse();
}
