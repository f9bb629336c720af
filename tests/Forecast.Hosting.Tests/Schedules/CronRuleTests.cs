using Forecast.Core;
using Forecast.Hosting.Schedules;
using Forecast.Store.Schedules;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Hosting.Tests.Schedules;

/// <summary>Instants worked out by hand, with the zone's offsets.</summary>
public sealed class CronRuleTests
{
    [Theory]
    [InlineData("0 6 * * 1-5", "Europe/Berlin", "2030-01-04T05:00:00Z", "2030-01-07T05:00:00Z")] // from a Friday, 06:00 in winter, to the Monday after
    [InlineData("30 2 * * *", "UTC", "2030-06-01T00:00:00Z", "2030-06-01T02:30:00Z")]
    [InlineData("0 12 * * 0", "UTC", "2030-01-01T00:00:00Z", "2030-01-06T12:00:00Z")] // Sunday as in a crontab
    [InlineData("0 12 * * 7", "UTC", "2030-01-01T00:00:00Z", "2030-01-06T12:00:00Z")]
    [InlineData("0 12 * * SUN", "UTC", "2030-01-01T00:00:00Z", "2030-01-06T12:00:00Z")]
    [InlineData("0 0 1 * *", "America/New_York", "2030-06-02T00:00:00Z", "2030-07-01T04:00:00Z")] // midnight in summer time
    [InlineData("0 8 * * *", "Europe/Berlin", "2030-03-30T08:00:00Z", "2030-03-31T06:00:00Z")] // the morning after the clocks went forward
    [InlineData("*/15 * * * *", "UTC", "2030-01-01T00:07:00Z", "2030-01-01T00:15:00Z")]
    [InlineData("10 0 0 ? * MON", "UTC", "2030-01-01T00:00:00Z", "2030-01-07T00:00:10Z")] // six fields have seconds in front
    public void The_next_instant(string cron, string zone, string after, string next) =>
        CronRule.Parse(cron, zone).Next(At(after)).ShouldBe(At(next));

    [Theory]
    [InlineData("0 6 * *", "UTC", "cron-invalid")]
    [InlineData("0 25 * * *", "UTC", "cron-invalid")]
    [InlineData("0 6 1 * 1", "UTC", "cron-invalid")]
    [InlineData("every day", "UTC", "cron-invalid")]
    [InlineData("0 0 0 1 1 ? 2020", "UTC", "cron-never")]
    [InlineData("0 6 * * *", "Mars/Olympus", "time-zone-unknown")]
    public void What_is_no_schedule_is_refused(string cron, string zone, string code) => Should.Throw<ForecastException>(() => CronRule.Parse(cron, zone)).Code.ShouldBe(code);

    [Theory]
    [InlineData("0 6 * * *", "2030-01-02T05:59:59Z", "2030-01-01T06:00:00Z")]
    [InlineData("0 6 * * *", "2030-01-02T06:00:00.4Z", "2030-01-02T06:00:00Z")]
    [InlineData("0 0 1 1 *", "2030-11-22T11:00:00Z", "2030-01-01T00:00:00Z")]
    [InlineData("* * * * * ?", "2030-01-01T00:00:07Z", "2030-01-01T00:00:07Z")]
    public void A_late_firing_stands_for_the_last_instant_that_was_due(string cron, string late, string due) => CronRule.Parse(cron, "UTC").LatestDue(At(late)).ShouldBe(At(due));

    /// <summary>A firing that makes up for a night stands for its last instant.</summary>
    [Theory]
    [InlineData(MisfirePolicy.Once, "2030-01-01T00:00:07Z", "2030-01-01T00:00:09.5Z", "2030-01-01T00:00:07Z")]
    [InlineData(MisfirePolicy.Once, "2030-01-01T00:00:07Z", "2030-01-01T08:00:09.5Z", "2030-01-01T08:00:09Z")]
    [InlineData(MisfirePolicy.All, "2030-01-01T00:00:07Z", "2030-01-01T08:00:09.5Z", "2030-01-01T00:00:07Z")]
    public void A_firing_stands_for_the_instant_that_it_owes(MisfirePolicy policy, string scheduled, string fired, string due) =>
        Firing.Due(CronRule.Parse("* * * * * ?", "UTC"), policy, At(scheduled), At(fired)).ShouldBe(At(due));

    /// <summary>A server that began a firing a millisecond early and died left a time before the instant that it owes a job.</summary>
    [Theory]
    [InlineData("0 * * * *", "2030-01-01T05:59:59.999Z", "2029-12-31T00:00:00Z", new[] { "2030-01-01T06:00:00Z" })]
    [InlineData("0 * * * *", "2030-01-01T06:00:12Z", "2029-12-31T00:00:00Z", new[] { "2030-01-01T06:00:00Z" })]
    [InlineData("*/30 * * * * ?", "2030-01-01T06:00:29.998Z", "2030-01-01T05:59:40Z", new[] { "2030-01-01T06:00:00Z", "2030-01-01T06:00:30Z" })]
    public void A_repeated_firing_owes_every_instant_that_the_dead_server_can_have_begun(string cron, string began, string since, string[] due) =>
        Firing.Left(CronRule.Parse(cron, "UTC"), At(since), At(began)).ShouldBe(due.Select(At));

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;
}
