using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Retraining;
using Forecast.Hosting.Serialization;
using Forecast.Store.Schedules;

namespace Forecast.Hosting.Schedules;

/// <summary>Accepts schedules: what they will do is checked at once, on the data of today.</summary>
/// <param name="schedules">Where they are kept.</param>
/// <param name="backtests">Knows which back-tests can be done.</param>
public sealed class ScheduleBook(IScheduleStore schedules, BacktestJobs backtests)
{
    /// <summary>What a name may be.</summary>
    public const string NameRule = "a schedule's name is 1 to 100 letters, digits, '-', '_' or '.'";

    private const int LongestName = 100;

    /// <summary>Whether a schedule may be called so.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= LongestName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The request of a schedule's jobs.</summary>
    public static string CommandOf(StoredSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return HostingJson.Read<Asked>(schedule.SpecJson).Command;
    }

    /// <param name="name">Its name.</param>
    /// <param name="cron">When: see <see cref="CronRule"/>.</param>
    /// <param name="timeZone">Time zone of <paramref name="cron"/>.</param>
    /// <param name="misfire">What becomes of missed instants.</param>
    /// <param name="panel">The data as they are now.</param>
    /// <param name="work">What its jobs do.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>schedule-name-invalid</c>, <c>schedule-exists</c>, what <see cref="CronRule.Parse"/> and a back-test refuse.</exception>
    public async Task<StoredSchedule> AddAsync(string name, string cron, string timeZone, MisfirePolicy misfire, Panel panel, ScheduledBacktest work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        return await AddAsync(name, cron, timeZone, misfire, ScheduledBacktest.Kind, HostingJson.Write(work with { Run = backtests.Checked(panel, work.Run) }), cancellation);
    }

    /// <param name="name">Its name.</param>
    /// <param name="cron">When: see <see cref="CronRule"/>.</param>
    /// <param name="timeZone">Time zone of <paramref name="cron"/>.</param>
    /// <param name="misfire">What becomes of missed instants.</param>
    /// <param name="work">What its jobs do, as <see cref="RetrainingJobs.CheckedAsync"/> gave it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>schedule-name-invalid</c>, <c>schedule-exists</c>, what <see cref="CronRule.Parse"/> refuses.</exception>
    public Task<StoredSchedule> AddAsync(string name, string cron, string timeZone, MisfirePolicy misfire, RetrainingJob work, CancellationToken cancellation) =>
        AddAsync(name, cron, timeZone, misfire, RetrainingJob.Kind, HostingJson.Write(work), cancellation);

    private async Task<StoredSchedule> AddAsync(string name, string cron, string timeZone, MisfirePolicy misfire, string kind, string specJson, CancellationToken cancellation)
    {
        if (!IsName(name)) throw new ForecastException("schedule-name-invalid", NameRule, "name");
        CronRule.Parse(cron, timeZone);
        return await schedules.CreateAsync(new NewSchedule(name, kind, cron, timeZone, misfire, specJson), cancellation);
    }

    /// <summary>The misfire policy of a word.</summary>
    /// <exception cref="ForecastException"><c>misfire-unknown</c>.</exception>
    public static MisfirePolicy Policy(string word) => word switch
    {
        "skip" => MisfirePolicy.Skip,
        "once" => MisfirePolicy.Once,
        "all" => MisfirePolicy.All,
        _ => throw new ForecastException("misfire-unknown", $"misfire is '{word}'; it must be one of skip, once, all", "misfire"),
    };

    /// <summary>What the specifications of all kinds have.</summary>
    private sealed record Asked(string Command);
}
