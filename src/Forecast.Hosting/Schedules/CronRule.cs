using Forecast.Core;
using NodaTime;
using Quartz;

namespace Forecast.Hosting.Schedules;

/// <summary>
/// Instants at which a schedule is due. Five fields are a crontab's (minute, hour, day of month, month, day of week with 0 or 7 = Sunday);
/// six have seconds in front and are otherwise Quartz's own (day of week 1 = Sunday, <c>?</c> in one of the two days).
/// </summary>
public sealed class CronRule
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    private static readonly Duration LongestLookBack = Duration.FromDays(10_000);

    private readonly CronExpression _expression;

    private CronRule(CronExpression expression) => _expression = expression;

    /// <summary>As Quartz reads it.</summary>
    public string Expression => _expression.CronExpressionString;

    public TimeZoneInfo Zone => _expression.TimeZone;

    /// <exception cref="ForecastException"><c>cron-invalid</c>, <c>cron-never</c> (nothing is ever due), <c>time-zone-unknown</c>.</exception>
    public static CronRule Parse(string cron, string timeZone)
    {
        ArgumentNullException.ThrowIfNull(cron);
        ArgumentNullException.ThrowIfNull(timeZone);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
            throw new ForecastException("time-zone-unknown", $"there is no time zone '{timeZone}' on this machine; write UTC or a name as Europe/Berlin (Debian's package tzdata has them)", "timeZone");
        CronRule rule;
        try
        {
            rule = new CronRule(new CronExpression(SixFields(cron)) { TimeZone = zone });
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new ForecastException("cron-invalid", $"cron '{cron}' is neither five fields as in a crontab nor six with seconds in front: {e.Message}", "cron", inner: e);
        }

        return rule.Next(SystemClock.Instance.GetCurrentInstant()) is null ? throw new ForecastException("cron-never", $"cron '{cron}' is never due again", "cron") : rule;
    }

    /// <summary>The first instant after another; null = none.</summary>
    public Instant? Next(Instant after) => _expression.GetTimeAfter(after.ToDateTimeOffset()) is { } next ? Instant.FromDateTimeOffset(next) : null;

    /// <summary>The first few instants after another.</summary>
    public IEnumerable<Instant> Next(Instant after, int count)
    {
        for (var at = Next(after); at is { } now && count > 0; at = Next(now), count--) yield return now;
    }

    /// <summary>The last instant up to another: what a firing that is late stands for, so that late firings of several servers are the same.</summary>
    public Instant LatestDue(Instant at)
    {
        var whole = Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
        for (var back = Duration.FromSeconds(1); back < LongestLookBack; back *= 2)
        {
            if (Next(whole - back) is not { } due || due > whole) continue;
            while (Next(due) is { } next && next <= whole) due = next;
            return due;
        }

        return whole;
    }

    private static string SixFields(string cron)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5) return string.Join(' ', fields);
        var (day, week) = (fields[2], string.Join(',', fields[4].Split(',').Select(Named)));
        if (week == "*") week = "?";
        else if (day == "*") day = "?";
        else throw new FormatException("a day of the month and a day of the week exclude each other; leave one of them '*'");
        return $"0 {fields[0]} {fields[1]} {day} {fields[3]} {week}";
    }

    /// <summary>Days of the week by name, since their numbers mean other days to Quartz; a step keeps its number.</summary>
    private static string Named(string days)
    {
        var parts = days.Split('/', 2);
        parts[0] = string.Join('-', parts[0].Split('-').Select(d => d.Length == 1 && d[0] is >= '0' and <= '7' ? Days[d[0] - '0'] : d));
        return string.Join('/', parts);
    }
}
