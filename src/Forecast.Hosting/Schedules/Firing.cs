using System.Globalization;
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
    private static readonly TimeSpan MisfireThreshold = TimeSpan.FromMinutes(1);

    public async Task Execute(IJobExecutionContext context)
    {
        var id = context.JobDetail.Key.Name;
        try
        {
            var patience = new StorePatience(complain);
            if (await patience.AskAsync($"schedule '{id}'", () => schedules.FindAsync(id, context.CancellationToken), context.CancellationToken) is not { } schedule) return;
            var told = context.Recovering ? context.MergedJobDataMap.GetString(SchedulerConstants.FailedJobOriginalTriggerScheduledFiretime) : null;
            var at = Due(CronRule.Parse(schedule.Cron, schedule.TimeZone), schedule.Misfire, told, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, context.FireTimeUtc);
            await patience.AskAsync($"schedule '{schedule.Name}'", () => schedules.FireAsync(id, at, context.CancellationToken), context.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Quartz would only write it down where nobody looks; what is missing is found by MissedFirings.
            complain($"schedule '{id}' fired and made no job", e);
        }
    }

    /// <summary>
    /// The instant that a firing stands for. A firing that a dead server left behind has an instant of its own, at which that server had
    /// begun it: as much as two milliseconds before the scheduled instant, or any time after it. Only the instant that the dead
    /// server's trigger was scheduled for, which Quartz hands on as text, names the job that is owed. A firing that makes up for several
    /// missed instants at once is scheduled for the first of them and stands for the last.
    /// </summary>
    /// <param name="rule">When the schedule is due.</param>
    /// <param name="policy">What becomes of missed instants.</param>
    /// <param name="recovered">What a repeated firing was scheduled for, as Quartz writes it; null = this is a firing of its own.</param>
    /// <param name="scheduled">What this firing is scheduled for.</param>
    /// <param name="fired">When it fires.</param>
    public static Instant Due(CronRule rule, MisfirePolicy policy, string? recovered, DateTimeOffset scheduled, DateTimeOffset fired)
    {
        var missed = policy is MisfirePolicy.Once && fired - scheduled > MisfireThreshold;
        var at = recovered is not null ? DateTimeOffset.Parse(recovered, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : missed ? fired : scheduled;
        return rule.LatestDue(Instant.FromDateTimeOffset(at));
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
