using Forecast.Core;
using Forecast.Store.Jobs;
using Forecast.Store.Schedules;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class ScheduleStoreTests(StoreKind kind)
{
    private static readonly NewSchedule Nightly = new("nightly", "scheduled-backtest", "0 6 * * 1-5", "Europe/Berlin", MisfirePolicy.Once, """{"a":1}""");

    [Fact]
    public async Task A_schedule_is_found_by_id_and_name_and_counts_its_changes()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync(new StepClock(Duration.FromSeconds(1)));

        var made = await store.Schedules.CreateAsync(Nightly, TempStore.Cancellation);

        made.ShouldSatisfyAllConditions(
            s => (s.Name, s.Cron, s.TimeZone, s.Misfire, s.SpecJson, s.State, s.Version).ShouldBe(("nightly", "0 6 * * 1-5", "Europe/Berlin", MisfirePolicy.Once, """{"a":1}""", ScheduleState.Active, 1)),
            s => s.Since.ShouldBe(s.CreatedAt),
            s => s.LastAt.ShouldBeNull());
        (await store.Schedules.FindAsync(made.Id, TempStore.Cancellation)).ShouldBe(made);
        (await store.Schedules.FindAsync("nightly", TempStore.Cancellation)).ShouldBe(made);
        (await Should.ThrowAsync<ForecastException>(() => store.Schedules.CreateAsync(Nightly, TempStore.Cancellation))).Code.ShouldBe("schedule-exists");
        (await store.Schedules.SetStateAsync("nightly", ScheduleState.Paused, TempStore.Cancellation)).ShouldSatisfyAllConditions(s => s.State.ShouldBe(ScheduleState.Paused), s => s.Version.ShouldBe(2), s => s.Since.ShouldBe(made.Since));
        (await store.Schedules.SetStateAsync("nightly", ScheduleState.Paused, TempStore.Cancellation)).Version.ShouldBe(2, "nothing changed");
        (await store.Schedules.SetStateAsync(made.Id, ScheduleState.Active, TempStore.Cancellation)).ShouldSatisfyAllConditions(s => s.Version.ShouldBe(3), s => s.Since.ShouldBeGreaterThan(made.Since));
        await store.Schedules.DeleteAsync("nightly", TempStore.Cancellation);
        (await store.Schedules.ListAsync(TempStore.Cancellation)).ShouldBeEmpty();
        (await Should.ThrowAsync<ForecastException>(() => store.Schedules.DeleteAsync("nightly", TempStore.Cancellation))).Code.ShouldBe("schedule-unknown");
    }

    [Fact]
    public async Task However_often_it_fires_an_instant_has_one_job()
    {
        await using var temp = new TempStore(kind);
        IForecastStore[] stores = [await temp.OpenAsync(), await temp.OpenAsync(), await temp.OpenAsync()];
        var schedule = await stores[0].Schedules.CreateAsync(Nightly, TempStore.Cancellation);
        var other = await stores[0].Schedules.CreateAsync(Nightly with { Name = "other" }, TempStore.Cancellation);
        var instants = Enumerable.Range(0, 10).Select(i => Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromDays(i)).ToArray();

        var made = await Task.WhenAll(stores.Select(s => Task.Run(async () =>
        {
            var count = 0;
            foreach (var at in instants) count += await s.Schedules.FireAsync(schedule.Id, at, TempStore.Cancellation) ? 1 : 0;
            return count;
        })));
        (await stores[0].Schedules.FireAsync(other.Id, instants[0], TempStore.Cancellation)).ShouldBeTrue();

        made.Sum().ShouldBe(instants.Length);
        (await temp.CountAsync("jobs")).ShouldBe(instants.Length + 1);
        var jobs = await stores[1].Schedules.JobsAsync("nightly", 3, TempStore.Cancellation);
        jobs.Select(j => j.ScheduledAt).ShouldBe(instants.Reverse().Take(3));
        jobs.ShouldAllBe(j => j.Job.Kind == Nightly.Kind && j.Job.SpecJson == Nightly.SpecJson && j.Job.State == JobState.Queued);
        (await stores[1].Schedules.FindAsync("nightly", TempStore.Cancellation))!.LastAt.ShouldBe(instants[^1]);
        (await stores[2].Jobs.ClaimAsync("w", Duration.FromSeconds(9), [Nightly.Kind], TempStore.Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_schedule_that_is_paused_or_gone_makes_no_job()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var schedule = await store.Schedules.CreateAsync(Nightly, TempStore.Cancellation);
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        await store.Schedules.SetStateAsync(schedule.Id, ScheduleState.Paused, TempStore.Cancellation);
        (await store.Schedules.FireAsync(schedule.Id, at, TempStore.Cancellation)).ShouldBeFalse();
        await store.Schedules.SetStateAsync(schedule.Id, ScheduleState.Active, TempStore.Cancellation);
        (await store.Schedules.FireAsync(schedule.Id, at, TempStore.Cancellation)).ShouldBeTrue();
        await store.Schedules.DeleteAsync(schedule.Id, TempStore.Cancellation);
        (await store.Schedules.FireAsync(schedule.Id, at + Duration.FromDays(1), TempStore.Cancellation)).ShouldBeFalse();
        (await temp.CountAsync("jobs")).ShouldBe(1, "jobs outlive their schedule");
    }
}

public sealed class ScheduleStoreOnSqliteTests() : ScheduleStoreTests(StoreKind.Sqlite);

public sealed class ScheduleStoreOnPostgresTests() : ScheduleStoreTests(StoreKind.Postgres);
