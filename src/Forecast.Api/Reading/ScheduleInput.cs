using Forecast.Hosting.Retraining;
using Forecast.Hosting.Schedules;
using Forecast.Models.Catalogue;
using Forecast.Store.Schedules;

namespace Forecast.Api.Reading;

/// <summary>A request for a schedule whose members are each in order.</summary>
internal sealed record ScheduleInput(string Name, string Cron, string TimeZone, MisfirePolicy Misfire, BacktestInput? Backtest, RetrainingJob? Retraining)
{
    private const int LongestCron = 200;

    /// <summary>Reads the body of <c>POST /v1/schedules</c>.</summary>
    public static ScheduleInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits)
    {
        var name = body.Text("name", limits.TextLength, required: true);
        if (name is not null && !ScheduleBook.IsName(name)) body.Fault("name", "schedule-name-invalid", ScheduleBook.NameRule);
        var cron = body.Text("cron", LongestCron, required: true);
        var zone = body.Text("timeZone", 100) ?? "UTC";
        var rule = cron is null ? null : Rule(body, cron, zone);
        var misfire = ScheduleBook.Policy(body.Word("misfire", "once", "skip", "once", "all"));
        var retraining = body.Member("retraining") is { } anew ? RetrainingInput.Read(anew, $"POST /v1/schedules {name}", catalogue, limits) : null;
        var backtest = body.Member("backtest", required: !body.Has("retraining")) is { } inner ? BacktestInput.Read(inner, catalogue, limits) : null;
        if (body.Has("retraining") && body.Has("backtest")) body.Fault("retraining", "members-exclude", "a schedule makes a back-test or a retraining, not both");
        body.Close();
        return body.Faults.Count > 0 || rule is null ? null : new ScheduleInput(name!, cron!, zone, misfire, backtest, retraining);
    }

    /// <summary>A zone that is not known is a fault of its own member.</summary>
    private static CronRule? Rule(ObjectReader body, string cron, string zone)
    {
        var inUtc = body.Try("cron", () => CronRule.Parse(cron, "UTC"));
        return inUtc is null ? null : body.Try("timeZone", () => CronRule.Parse(cron, zone));
    }
}
