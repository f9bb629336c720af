using System.Diagnostics;
using System.Text.Json;
using Forecast.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Forecast.Cli.Tests.Resume;

/// <summary>A back-test killed with SIGKILL at several points and gone on with equals one that nobody disturbed.</summary>
public sealed class KillTests
{
    private const int Workers = 2;

    private static readonly string[] Plan =
    [
        "ecb_reference_rates:eur_usd", "--returns", "log", "--models", "naive,garch(1,1)-t,arima(1,0,1)", "--horizon", "1", "--refit", "every:21",
        "--from", "2016-01-04", "--to", "2018-12-31", "--levels", "0.01,0.05,0.5,0.95", "--workers", "2", "--json",
    ];

    [Fact]
    public async Task A_killed_run_goes_on_to_the_hash_of_an_undisturbed_one()
    {
        using var calm = new TempHome();
        var undisturbed = await ForecastProcess.RunAsync(calm.Folder, ["backtest", .. Plan, "--run", "calm"]);
        undisturbed.ExitCode.ShouldBe(0, undisturbed.Error);

        using var stormy = new TempHome();
        var kills = 0;
        foreach (var share in new[] { 0.05, 0.3, 0.6, 0.9 })
            kills += await KillAtAsync(stormy, kills == 0 ? ["backtest", .. Plan, "--run", "storm"] : ["backtest", "--run", "storm", "--workers", "2"], share) ? 1 : 0;
        kills.ShouldBe(4);

        var resumed = await ForecastProcess.RunAsync(stormy.Folder, "backtest", "--run", "storm", "--json");
        resumed.ExitCode.ShouldBe(0, resumed.Error);
        Hash(resumed).ShouldBe(Hash(undisturbed));
        var (items, attempts) = Attempts(stormy);
        attempts.ShouldBeGreaterThan(items, "a kill in mid work must show as a repeated item");
        attempts.ShouldBeLessThanOrEqualTo(items + (kills * Workers), "work repeated is bounded by one block a worker and kill");
    }

    private static string Hash(CliResult result) =>
        JsonDocument.Parse(result.Out).RootElement.GetProperty("predictionsHash").GetString().ShouldNotBeNull();

    /// <summary>Starts the run and kills it as soon as the share of its items is committed.</summary>
    private static async Task<bool> KillAtAsync(TempHome home, string[] args, double share)
    {
        using var process = ForecastProcess.Start(ForecastProcess.Executable, home.Folder, null, args);
        var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed < TimeSpan.FromMinutes(3))
        {
            var (items, done) = Progress(home);
            if (items > 0 && done >= share * items) break;
            await Task.Delay(2);
        }

        var killed = !process.HasExited;
        if (killed) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await drained;
        return killed;
    }

    private static (long Items, long Done) Progress(TempHome home) => File.Exists(home.File("forecast.db"))
        ? Query(home, "SELECT COUNT(*), SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) FROM work_items")
        : (0, 0);

    private static (long Items, long Attempts) Attempts(TempHome home) =>
        Query(home, "SELECT COUNT(*), SUM(attempts) FROM work_items");

    private static (long First, long Second) Query(TempHome home, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={home.File("forecast.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'work_items'";
        if ((long)command.ExecuteScalar()! == 0) return (0, 0);
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.IsDBNull(1) ? 0 : reader.GetInt64(1));
    }
}
