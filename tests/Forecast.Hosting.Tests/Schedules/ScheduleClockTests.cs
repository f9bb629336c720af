using System.Collections.Concurrent;
using Forecast.Hosting.Schedules;
using Forecast.Hosting.Tests.Data;
using Forecast.Store;
using Forecast.Store.Schedules;
using NodaTime;

namespace Forecast.Hosting.Tests.Schedules;

/// <summary>The clock of one process. That of several servers is tested with processes, in Forecast.Platform.Tests.</summary>
public sealed class ScheduleClockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nobody was there for 25 minutes of a schedule that is due every ten.</summary>
    [Theory]
    [InlineData(MisfirePolicy.Skip, 0)]
    [InlineData(MisfirePolicy.Once, 1)]
    [InlineData(MisfirePolicy.All, 2)]
    public async Task What_was_due_while_no_server_was_there_is_made_up_for_as_the_policy_says(MisfirePolicy policy, int jobs)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "forecast.db");
        var now = SystemClock.Instance.GetCurrentInstant();
        var minute = now.InUtc().Minute;
        var cron = $"{(minute + 5) % 10}/10 * * * *"; // due 5 and 15 minutes ago, and again in 5
        await using (var before = await SqliteForecastStore.OpenAsync(path, new Stopped(now - Duration.FromMinutes(24)), cancellation: Cancel))
            await before.Schedules.CreateAsync(new NewSchedule("s", "scheduled-backtest", cron, "UTC", policy, "{}"), Cancel);

        await using var store = await SqliteForecastStore.OpenAsync(path, cancellation: Cancel);
        await RunAsync(store, path, async () =>
        {
            for (var i = 0; i < 50 && (await store.Schedules.JobsAsync("s", 10, Cancel)).Count < Math.Max(1, jobs); i++) await Task.Delay(100, Cancel);
        });

        var made = await store.Schedules.JobsAsync("s", 10, Cancel);
        made.Count.ShouldBe(jobs);
        made.ShouldAllBe(j => j.ScheduledAt < now && j.ScheduledAt.InUtc().Second == 0 && j.ScheduledAt.InUtc().Minute % 10 == (minute + 5) % 10);
    }

    [Fact]
    public async Task Two_clocks_on_one_file_make_one_job_for_each_second_and_a_paused_schedule_makes_none()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "forecast.db");
        await using var store = await SqliteForecastStore.OpenAsync(path, cancellation: Cancel);
        var schedule = await store.Schedules.CreateAsync(new NewSchedule("s", "scheduled-backtest", "* * * * * ?", "UTC", MisfirePolicy.All, "{}"), Cancel);

        await RunAsync(store, path, () => RunAsync(store, path, () => Task.Delay(4500, Cancel)));

        var times = (await store.Schedules.JobsAsync("s", 100, Cancel)).Select(j => j.ScheduledAt).Reverse().ToArray();
        times.Length.ShouldBeInRange(4, 7);
        times.Zip(times.Skip(1), (a, b) => b - a).ShouldAllBe(d => d == Duration.FromSeconds(1));

        await store.Schedules.SetStateAsync(schedule.Id, ScheduleState.Paused, Cancel);
        await RunAsync(store, path, () => Task.Delay(1500, Cancel));
        (await store.Schedules.JobsAsync("s", 100, Cancel)).Count.ShouldBe(times.Length);
    }

    /// <summary>Quarter hours, of which the one before the last has its job; the youngest is still on its way.</summary>
    [Theory]
    [InlineData(MisfirePolicy.Skip, new int[0])]
    [InlineData(MisfirePolicy.Once, new[] { 45 })]
    [InlineData(MisfirePolicy.All, new[] { 15, 45 })]
    public async Task An_instant_that_has_no_job_although_it_was_due_is_found(MisfirePolicy policy, int[] minutes)
    {
        using var folder = new TemporaryFolder();
        var hour = Instant.FromUtc(2030, 1, 1, 0, 0);
        await using var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), new Stopped(hour), cancellation: Cancel);
        var schedule = await store.Schedules.CreateAsync(new NewSchedule("s", "scheduled-backtest", "*/15 * * * *", "UTC", policy, "{}"), Cancel);
        await store.Schedules.FireAsync(schedule.Id, hour + Duration.FromMinutes(30), Cancel);
        var missed = new MissedFirings(store.Schedules, new Stopped(hour + Duration.FromMinutes(60) + Duration.FromSeconds(20)));

        (await missed.MakeUpAsync(Cancel)).ShouldBe(minutes.Length);

        (await store.Schedules.InstantsAsync(schedule.Id, hour, Cancel)).ShouldBe(minutes.Append(30).Order().Select(m => hour + Duration.FromMinutes(m)));
        (await missed.MakeUpAsync(Cancel)).ShouldBe(0);
    }

    private static async Task RunAsync(SqliteForecastStore store, string path, Func<Task> meanwhile)
    {
        var told = new ConcurrentQueue<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = new ScheduleClock(store.Schedules, path, (what, why) => told.Enqueue($"{what}: {why}")).RunAsync(stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        told.ShouldBeEmpty();
    }

    private sealed class Stopped(Instant at) : IClock
    {
        public Instant GetCurrentInstant() => at;
    }
}
