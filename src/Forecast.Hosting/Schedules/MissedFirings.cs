using Forecast.Store.Schedules;
using NodaTime;

namespace Forecast.Hosting.Schedules;

/// <summary>
/// Looks for instants that were due and have no job, whatever the reason, and makes up for them as their schedule's policy says. The clock
/// should leave none: this is the second look that finds out.
/// </summary>
internal sealed class MissedFirings(IScheduleStore schedules, IClock clock)
{
    /// <summary>A firing that is younger may still be on its way: from a dead server to another, or behind a store that rests.</summary>
    private static readonly Duration Grace = Duration.FromSeconds(90);

    private static readonly Duration LookBack = Duration.FromHours(1);

    /// <returns>Jobs that were made now.</returns>
    public async Task<int> MakeUpAsync(CancellationToken cancellation)
    {
        var made = 0;
        foreach (var schedule in await schedules.ListAsync(cancellation))
        {
            if (schedule.State is not ScheduleState.Active || schedule.Misfire is MisfirePolicy.Skip) continue;
            foreach (var at in await OwedAsync(schedule, cancellation)) made += await schedules.FireAsync(schedule.Id, at, cancellation) ? 1 : 0;
        }

        return made;
    }

    private async Task<IReadOnlyList<Instant>> OwedAsync(StoredSchedule schedule, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        var from = Instant.Max(schedule.Since, now - LookBack);
        Instant[] due = [.. CronRule.Parse(schedule.Cron, schedule.TimeZone).Next(from, int.MaxValue).TakeWhile(at => at <= now - Grace)];
        if (due.Length == 0) return [];
        if (schedule.Misfire is MisfirePolicy.Once) return schedule.LastAt >= due[^1] ? [] : [due[^1]];
        var there = (await schedules.InstantsAsync(schedule.Id, from, cancellation)).ToHashSet();
        return [.. due.Where(at => !there.Contains(at))];
    }
}
