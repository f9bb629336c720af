using Forecast.Hosting.Backtests;
using Forecast.Store.Schedules;
using NodaTime;
using Quartz;
using Quartz.Spi;

namespace Forecast.Hosting.Schedules;

/// <summary>
/// A schedule fires: one job row, under the unique key of schedule and scheduled instant. Nothing else happens here, so that a firing that
/// is repeated (its server died in the middle of it) changes nothing.
/// </summary>
internal sealed class Firing(IScheduleStore schedules, Action<string, Exception> complain) : IJob
{
    /// <summary>Quartz's own: a firing that is later than this was missed.</summary>
    private static readonly Duration MisfireThreshold = Duration.FromMinutes(1);

    /// <summary>Quartz begins a firing as much as two milliseconds before its instant, and tells when in whole ones.</summary>
    private static readonly Duration Early = Duration.FromMilliseconds(5);

    public async Task Execute(IJobExecutionContext context)
    {
        var id = context.JobDetail.Key.Name;
        try
        {
            var patience = new StorePatience(complain);
            if (await patience.AskAsync($"schedule '{id}'", () => schedules.FindAsync(id, context.CancellationToken), context.CancellationToken) is not { } schedule) return;
            var rule = CronRule.Parse(schedule.Cron, schedule.TimeZone);
            var scheduled = Instant.FromDateTimeOffset(context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
            var due = context.Recovering ? Left(rule, schedule.Since, scheduled) : [Due(rule, schedule.Misfire, scheduled, Instant.FromDateTimeOffset(context.FireTimeUtc))];
            foreach (var at in due) await patience.AskAsync($"schedule '{schedule.Name}'", () => schedules.FireAsync(id, at, context.CancellationToken), context.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Quartz would only write it down where nobody looks; what is missing is found by MissedFirings.
            complain($"schedule '{id}' fired and made no job", e);
        }
    }

    /// <summary>The instant that a firing stands for. One that makes up for several missed instants at once is scheduled for the first of them and stands for the last.</summary>
    /// <param name="rule">When the schedule is due.</param>
    /// <param name="policy">What becomes of missed instants.</param>
    /// <param name="scheduled">What the firing is scheduled for.</param>
    /// <param name="fired">When it fires.</param>
    public static Instant Due(CronRule rule, MisfirePolicy policy, Instant scheduled, Instant fired) =>
        rule.LatestDue(policy is MisfirePolicy.Once && fired - scheduled > MisfireThreshold ? fired : scheduled);

    /// <summary>
    /// The instants that a firing of a dead server can have stood for. Quartz repeats it as scheduled for when that server began it, which may be
    /// a little before its instant or up to the misfire threshold after it (what was later had been made up for otherwise). Those that
    /// have their job keep it, and every other one of them was due and is owed.
    /// </summary>
    /// <param name="rule">When the schedule is due.</param>
    /// <param name="since">Nothing before this is anybody's business.</param>
    /// <param name="began">When the dead server began the firing.</param>
    public static IReadOnlyList<Instant> Left(CronRule rule, Instant since, Instant began)
    {
        var latest = rule.LatestDue(began + Early);
        return [.. rule.Next(Instant.Max(since, latest - MisfireThreshold), int.MaxValue).TakeWhile(at => at < latest), latest];
    }

    /// <summary>Hands firings what they need.</summary>
    public sealed class Factory(IScheduleStore schedules, Action<string, Exception> complain) : IJobFactory
    {
        public IJob NewJob(TriggerFiredBundle bundle, IScheduler scheduler) => new Firing(schedules, complain);

        public void ReturnJob(IJob job)
        {
            // It holds nothing.
        }
    }
}
