using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Core.Time;

/// <summary>How often a series is observed. Stated by the owner of the data, never guessed in silence.</summary>
/// <remarks>
/// Written as an ISO 8601 period (<c>P1D</c>, <c>P7D</c>, <c>P1M</c>, <c>P3M</c>, <c>P1Y</c>, <c>PT1H</c>, <c>PT30M</c>), <c>B</c>
/// (the open days of a calendar) or <c>index</c> (rows without dates: row t stands at t seconds of the Unix epoch).
/// </remarks>
public sealed record Frequency
{
    private readonly Period _period;

    private Frequency(string code, Period period, int seasonalPeriod)
    {
        Code = code;
        _period = period;
        SeasonalPeriod = seasonalPeriod;
    }

    /// <summary>Open days of the series' calendar.</summary>
    public static Frequency BusinessDay { get; } = new("B", Period.FromDays(1), 5);

    /// <summary>Rows that are numbered, not dated.</summary>
    public static Frequency Index { get; } = new("index", Period.FromSeconds(1), 1);

    public static Frequency Daily { get; } = Parse("P1D");

    public static Frequency Monthly { get; } = Parse("P1M");

    public static Frequency Hourly { get; } = Parse("PT1H");

    /// <summary>The canonical text, as <see cref="Parse"/> reads it.</summary>
    public string Code { get; }

    /// <summary>Observations in the usual season: 12 a year of months, 4 quarters, 7 days, 5 business days, 24 hours; else 1.</summary>
    public int SeasonalPeriod { get; }

    public bool IsIndex => ReferenceEquals(this, Index);

    public bool IsBusinessDay => ReferenceEquals(this, BusinessDay);

    /// <summary>True when instants carry a time of day that matters.</summary>
    public bool IsIntraday => !IsIndex && !IsBusinessDay && _period.HasTimeComponent;

    /// <exception cref="ForecastException">The text is no frequency, or its step is not positive.</exception>
    public static Frequency Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Equals("B", StringComparison.OrdinalIgnoreCase)) return BusinessDay;
        if (trimmed.Equals("index", StringComparison.OrdinalIgnoreCase)) return Index;
        var parsed = PeriodPattern.NormalizingIso.Parse(trimmed.ToUpperInvariant());
        if (!parsed.Success || !IsPositiveStep(parsed.Value))
            throw new ForecastException("frequency-unknown", $"frequency '{text}' is not known; use an ISO 8601 period such as P1D, P7D, P1M, P3M, P1Y, PT1H, PT30M, or B for business days, or index", "frequency");
        var period = parsed.Value;
        return new Frequency(PeriodPattern.NormalizingIso.Format(period), period, UsualSeason(period));
    }

    /// <summary>The instant <paramref name="steps"/> observations after <paramref name="start"/>.</summary>
    /// <remarks>Months are counted from <paramref name="start"/> in one go, so that the 31st does not drift to the 28th.</remarks>
    public Instant Add(Instant start, int steps, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (steps == 0) return start;
        if (IsIndex) return start + Duration.FromSeconds(steps);
        var local = start.InUtc().LocalDateTime;
        if (IsBusinessDay) return (calendar.AddOpenDays(local.Date, steps) + local.TimeOfDay).InUtc().ToInstant();
        var moved = local + Multiply(_period, steps);
        if (_period is { Months: not 0 } or { Years: not 0 } && IsMonthEnd(local.Date))
            moved = moved.Date.With(DateAdjusters.EndOfMonth) + moved.TimeOfDay;
        return moved.InUtc().ToInstant();
    }

    /// <summary>The text of an instant of this frequency: a row number, a date, or a date with a time (UTC).</summary>
    public string Format(Instant instant)
    {
        if (IsIndex) return instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var local = instant.InUtc().LocalDateTime;
        return local.TimeOfDay == LocalTime.Midnight && !IsIntraday
            ? LocalDatePattern.Iso.Format(local.Date)
            : InstantPattern.ExtendedIso.Format(instant);
    }

    public override string ToString() => Code;

    public bool Equals(Frequency? other) => other is not null && string.Equals(Code, other.Code, StringComparison.Ordinal);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Code);

    private static bool IsMonthEnd(LocalDate date) => date.Day == date.Calendar.GetDaysInMonth(date.Year, date.Month);

    private static bool IsPositiveStep(Period p)
    {
        var reference = new LocalDateTime(2000, 1, 1, 0, 0);
        return reference + p > reference && p is { Years: >= 0, Months: >= 0, Weeks: >= 0, Days: >= 0, Hours: >= 0, Minutes: >= 0, Seconds: >= 0 };
    }

    private static Period Multiply(Period p, int n) => new PeriodBuilder
    {
        Years = p.Years * n,
        Months = p.Months * n,
        Weeks = p.Weeks * n,
        Days = p.Days * n,
        Hours = p.Hours * n,
        Minutes = p.Minutes * n,
        Seconds = p.Seconds * n,
        Milliseconds = p.Milliseconds * n,
    }.Build();

    private static int UsualSeason(Period p)
    {
        if (p.Years > 0) return 1;
        if (p.Months > 0) return 12 % p.Months == 0 ? (int)(12 / p.Months) : 1;
        var seconds = (((((p.Weeks * 7) + p.Days) * 24) + p.Hours) * 3600) + (p.Minutes * 60) + p.Seconds;
        const int day = 86_400;
        if (seconds == day) return 7;
        return seconds is > 0 and < day && day % seconds == 0 && seconds >= 60 ? (int)(day / seconds) : 1;
    }
}
