using System.Globalization;
using Forecast.Platform.Tests.Support;
using Forecast.Tests.Servers;
using Npgsql;

namespace Forecast.Platform.Tests.Schedules;

/// <summary>Two servers on one Postgres share one clock, and one of them dies in the middle of firings.</summary>
public sealed class TwoClocksTests
{
    /// <summary>Schedules that are due each second.</summary>
    private const int Schedules = 20;

    private const string Now = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two hundred firings and more.</summary>
    [Fact]
    public Task Every_scheduled_instant_has_exactly_one_job_although_a_server_dies_in_mid_firing() => SurviveAsync(kills: 1, seconds: 10);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Every_scheduled_instant_has_exactly_one_job_although_servers_die_again_and_again() => SurviveAsync(kills: 8, seconds: 20);

    private static async Task SurviveAsync(int kills, int seconds)
    {
        await using var postgres = await PostgresServer.StartNewAsync(durable: true);
        var home = Directory.CreateTempSubdirectory("forecast-clocks-");
        await using var staying = Serve(home.FullName, postgres);
        await staying.FirstOut;
        await using var sql = await NpgsqlDataSource.Create(postgres.ConnectionString()).OpenConnectionAsync(Cancel);

        // A kind that no server does, so that the jobs stay as they were made.
        await DoAsync(sql, $"INSERT INTO schedules (id, tenant, name, kind, cron, time_zone, misfire, spec, state, version, created_at, since) SELECT 's' || i, 'default', 's' || i, 'nothing', '* * * * * ?', 'UTC', 'all', '{{\"Command\":\"\"}}', 'active', 1, {Now}, {Now} FROM generate_series(1, {Schedules}) i");
        await UntilAsync(async () => await CountAsync(sql, "SELECT count(*) FROM jobs") > 0, "they fire");
        for (var kill = 0; kill < kills; kill++) await KillInMidFiringAsync(sql, home.FullName, postgres, seconds);
        var until = await CountAsync(sql, $"SELECT {Now}");
        var last = until / 1_000_000 * 1_000_000;
        await UntilAsync(async () => await CountAsync(sql, $"SELECT count(*) FROM (SELECT schedule_id FROM jobs GROUP BY schedule_id HAVING max(scheduled_at) >= {last}) s") == Schedules, "all were due again");
        await UntilAsync(async () => await CountAsync(sql, $"SELECT count(*) FROM qrtz_fired_triggers WHERE state = 'EXECUTING' AND sched_time <= {Ticks(last)}") == 0, "no firing is on its way");
        await DoAsync(sql, "UPDATE schedules SET state = 'paused', version = version + 1");
        await UntilAsync(async () => await CountAsync(sql, "SELECT count(*) FROM qrtz_triggers") == 0, "the clock stands still");
        (await staying.TerminateAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, staying.Said);

        var (made, distinct, due) = (
            await CountAsync(sql, $"SELECT count(*) FROM jobs WHERE scheduled_at <= {last}"),
            await CountAsync(sql, $"SELECT count(*) FROM (SELECT DISTINCT schedule_id, scheduled_at FROM jobs WHERE scheduled_at <= {last}) j"),
            await CountAsync(sql, $"SELECT sum(({last} - first) / 1000000 + 1)::bigint FROM (SELECT min(scheduled_at) AS first FROM jobs GROUP BY schedule_id) j"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{made} jobs for {distinct} instants, of {due} that were due; {kills} servers killed in mid-firing");
        staying.Said.Contains("made no job", StringComparison.Ordinal).ShouldBeFalse(staying.Said);
        made.ShouldBe(distinct, "no instant has two");
        distinct.ShouldBe(due, "no instant is left out");
        made.ShouldBeGreaterThanOrEqualTo((long)Schedules * seconds * kills);
        home.Delete(recursive: true);
    }

    /// <summary>Starts a second server, kills it with firings in hand, and waits until the first has gone on for some seconds.</summary>
    private static async Task KillInMidFiringAsync(NpgsqlConnection sql, string home, PostgresServer postgres, int seconds)
    {
        await using var dying = Serve(home, postgres);
        await dying.FirstOut;
        await UntilAsync(async () => await CountAsync(sql, "SELECT count(DISTINCT instance_name) FROM qrtz_scheduler_state") == 2, "both clocks are there");

        // The jobs' table is held, so that firings stand between the clock and their row: then the server is killed.
        await using (var other = await NpgsqlDataSource.Create(postgres.ConnectionString()).OpenConnectionAsync(Cancel))
        {
            await using var holding = await other.BeginTransactionAsync(Cancel);
            await DoAsync(other, "LOCK TABLE jobs IN EXCLUSIVE MODE");
            var own = string.Create(CultureInfo.InvariantCulture, $"%/{dying.Id}/%");
            await UntilAsync(async () => await CountAsync(sql, "SELECT count(*) FROM qrtz_fired_triggers WHERE state = 'EXECUTING' AND instance_name LIKE @own", own) > 0, "the server that will die is in mid-firing");
            await dying.KillAsync();
            await holding.RollbackAsync(Cancel);
        }

        var killed = await CountAsync(sql, "SELECT coalesce(max(scheduled_at), 0) FROM jobs");
        await UntilAsync(async () => await CountAsync(sql, "SELECT count(*) FROM qrtz_scheduler_state") == 1, "the dead clock is noticed");
        const string Recovering = "WHERE trigger_group = 'RECOVERING_JOBS'";
        await UntilAsync(async () => await CountAsync(sql, $"SELECT (SELECT count(*) FROM qrtz_triggers {Recovering}) + (SELECT count(*) FROM qrtz_fired_triggers {Recovering})") == 0, "what the dead server had begun is repeated");
        await UntilAsync(async () => await CountAsync(sql, $"SELECT count(*) FROM (SELECT schedule_id FROM jobs WHERE scheduled_at > {killed} GROUP BY schedule_id HAVING count(*) >= {seconds}) s") == Schedules, "the other goes on");
    }

    /// <summary>Microseconds since 1970 as the clock keeps times: ticks since the year 1.</summary>
    private static long Ticks(long micros) => DateTime.UnixEpoch.Ticks + (micros * 10);

    private static ForecastProcess Serve(string home, PostgresServer postgres) =>
        ForecastProcess.Start(home, new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_STORE"] = postgres.Address }, "serve", "--port", "0", "--workers", "1");

    private static async Task UntilAsync(Func<Task<bool>> so, string what)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await so(); await Task.Delay(50, Cancel)) TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(120), what);
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, string? own = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        if (own is not null) command.Parameters.AddWithValue("own", own);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
