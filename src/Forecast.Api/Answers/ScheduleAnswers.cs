using Forecast.Api.Contracts;
using Forecast.Hosting.Schedules;
using Forecast.Store.Schedules;
using NodaTime;

namespace Forecast.Api.Answers;

/// <summary>Schedules as the contract writes them.</summary>
internal static class ScheduleAnswers
{
    private const int NextTold = 3;

    public static ScheduleBody Of(StoredSchedule schedule, IReadOnlyList<ScheduledJob>? jobs = null) => new()
    {
        Id = schedule.Id,
        Name = schedule.Name,
        Kind = schedule.Kind,
        Cron = schedule.Cron,
        TimeZone = schedule.TimeZone,
        Misfire = Numbers.Word(schedule.Misfire),
        State = Numbers.Word(schedule.State),
        Command = ScheduleBook.CommandOf(schedule),
        CreatedAt = Numbers.Text(schedule.CreatedAt),
        LastAt = Numbers.Text(schedule.LastAt),
        NextAt = schedule.State is ScheduleState.Active
            ? [.. CronRule.Parse(schedule.Cron, schedule.TimeZone).Next(SystemClock.Instance.GetCurrentInstant(), NextTold).Select(i => Numbers.Text(i))]
            : [],
        Jobs = jobs is null ? null : [.. jobs.Select(j => new ScheduledJobBody(Numbers.Text(j.ScheduledAt), JobAnswers.Of(j.Job)))],
    };
}
