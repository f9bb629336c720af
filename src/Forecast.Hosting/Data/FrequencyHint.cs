using NodaTime;
using NodaTime.Text;

namespace Forecast.Hosting.Data;

/// <summary>Proposes the frequency that rows look like. Only ever used in messages: a frequency is stated, not guessed.</summary>
internal static class FrequencyHint
{
    /// <summary>The frequency of most steps, or null when there is no telling.</summary>
    public static string? Of(IReadOnlyList<Instant> times)
    {
        if (times.Count < 2) return null;
        var steps = new List<Period>(Math.Min(times.Count, 10_000));
        for (var t = 1; t < Math.Min(times.Count, 10_000); t++)
        {
            if (times[t] > times[t - 1]) steps.Add(Step(times[t - 1], times[t]));
        }

        if (steps.Count == 0) return null;
        var usual = steps.GroupBy(s => s).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Days).First().Key;
        return usual.Equals(Period.FromDays(1)) && NoWeekends(times) ? "B" : PeriodPattern.NormalizingIso.Format(usual);
    }

    /// <summary>True when there are two weeks of days or more and none is a Saturday or Sunday.</summary>
    public static bool NoWeekends(IReadOnlyList<Instant> times) =>
        times.Count >= 10 && !times.Any(t => t.InUtc().DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday);

    private static Period Step(Instant from, Instant to)
    {
        var (a, b) = (from.InUtc().LocalDateTime, to.InUtc().LocalDateTime);
        var months = ((b.Year - a.Year) * 12) + b.Month - a.Month;
        var sameDay = a.TimeOfDay == b.TimeOfDay && (a.Day == b.Day || (IsMonthEnd(a.Date) && IsMonthEnd(b.Date)));
        if (months > 0 && sameDay) return months % 12 == 0 ? Period.FromYears(months / 12) : Period.FromMonths(months);
        return Period.FromTicks((long)((to - from).TotalSeconds * NodaConstants.TicksPerSecond)).Normalize();
    }

    private static bool IsMonthEnd(LocalDate date) => date.Day == date.Calendar.GetDaysInMonth(date.Year, date.Month);
}
