using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Core.Time;

/// <summary>How often a series is observed. Stated by the owner of the data, never guessed in silence.</summary>
/// <remarks>
/// Written as an ISO 8601 period (<c>P1D</c>, <c>P7D</c>, <c>P1M</c>, <c>P3M</c>, <c>P1Y</c>, <c>PT1H</c>, <c>PT30M</c>), <c>B</c>
/// (the open days of a calendar) or <c>index</c> (rows without dates: row t stands at t seconds of the Unix epoch). A step is
/// either a number of months or a fixed length of time, not a mixture of both.
/// </remarks>
public sealed record Frequency
{
    private static readonly Duration LongestStep = Duration.FromDays(36_525);
    private static readonly Duration ShortestStep = Duration.FromMilliseconds(1);

    // Exactly one of the two is positive.
    private readonly int _months;
    private readonly Duration _step;

    private Frequency(string code, int months, Duration step, int seasonalPeriod)
    {
        Code = code;
        _months = months;
        _step = step;
        SeasonalPeriod = seasonalPeriod;
    }

    /// <summary>Open days of the series' calendar.</summary>
    public static Frequency BusinessDay { get; } = new("B", 0, Duration.FromDays(1), 5);

    /// <summary>Rows that are numbered, not dated.</summary>
    public static Frequency Index { get; } = new("index", 0, Duration.FromSeconds(1), 1);

    public static Frequency Daily { get; } = Parse("P1D");

    public static Frequency Monthly { get; } = Parse("P1M");

    public static Frequency Hourly { get; } = Parse("PT1H");

    /// <summary>The canonical text, as <see cref="Parse"/> reads it: <c>P12M</c> is <c>P1Y</c>, <c>PT24H</c> is <c>P1D</c>, <c>P1W</c> is <c>P7D</c>.</summary>
    public string Code { get; }

    /// <summary>Observations in the usual season: 12 a year of months, 4 quarters, 7 days, 5 business days, 24 hours; else 1.</summary>
    public int SeasonalPeriod { get; }

    public bool IsIndex => Equals(Index);

    public bool IsBusinessDay => Equals(BusinessDay);

    /// <summary>True when instants carry a time of day that matters.</summary>
    public bool IsIntraday => !IsIndex && _months == 0 && _step.BclCompatibleTicks % NodaConstants.TicksPerDay != 0;

    /// <exception cref="ForecastException">The text is no frequency, or its step is not positive.</exception>
    public static Frequency Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Equals("B", StringComparison.OrdinalIgnoreCase)) return BusinessDay;
        if (trimmed.Equals("index", StringComparison.OrdinalIgnoreCase)) return Index;
        var parsed = PeriodPattern.NormalizingIso.Parse(trimmed.ToUpperInvariant());
        return parsed.Success && FromPeriod(parsed.Value) is { } frequency
            ? frequency
            : throw new ForecastException("frequency-unknown", $"frequency '{text}' is not known; use an ISO 8601 period such as P1D, P7D, P1M, P3M, P1Y, PT1H, PT30M, or B for business days, or index", "frequency");
    }

    /// <summary>The instant <paramref name="steps"/> observations after <paramref name="start"/>.</summary>
    /// <remarks>Months are counted from <paramref name="start"/> in one go, so that the 31st does not drift to the 28th.</remarks>
    /// <exception cref="ForecastException">The instant lies beyond the years that a date can have.</exception>
    public Instant Add(Instant start, int steps, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (steps == 0) return start;
        try
        {
            if (IsBusinessDay)
            {
                var local = start.InUtc().LocalDateTime;
                return (calendar.AddOpenDays(local.Date, steps) + local.TimeOfDay).InUtc().ToInstant();
            }

            return _months > 0 ? AddMonths(start, checked(_months * steps)) : start + (_step * steps);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ForecastException("time-out-of-range", $"{steps} steps of {Code} from {Format(start)} lead beyond the years that a date can have", "horizon", inner: e);
        }
    }

    /// <summary><paramref name="rows"/> instants from <paramref name="start"/> on, a step apart: what <see cref="Add"/> gives for 0, 1, 2, ... steps.</summary>
    /// <param name="start">The first; for frequency <c>B</c> an open day.</param>
    /// <param name="rows">How many.</param>
    /// <param name="calendar">Of the open days.</param>
    /// <exception cref="ForecastException">They lead beyond the years that a date can have.</exception>
    public Instant[] Grid(Instant start, int rows, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var times = new Instant[rows];

        // Months are counted from the first, so that the 31st does not drift; open days are walked one by one: a day is 24 hours in UTC.
        if (!IsBusinessDay)
        {
            for (var t = 0; t < rows; t++) times[t] = Add(start, t, calendar);
            return times;
        }

        try
        {
            var (date, day) = (start.InUtc().Date, 0);
            for (var t = 0; t < rows; t++)
            {
                if (t > 0) Next();
                times[t] = start + Duration.FromDays(day);
            }

            return times;

            void Next()
            {
                do (date, day) = (date.PlusDays(1), day + 1);
                while (!calendar.IsOpen(date));
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ForecastException("time-out-of-range", $"{rows} steps of {Code} from {Format(start)} lead beyond the years that a date can have", "start", inner: e);
        }
    }

    /// <summary>
    /// Whole steps from <paramref name="start"/> to <paramref name="instant"/>, or null if it is not on the grid that
    /// <paramref name="start"/> begins.
    /// </summary>
    /// <remarks>A grid of months that starts on the last day of one holds last days, or the same day of each month.</remarks>
    /// <exception cref="InvalidOperationException">The frequency is <c>B</c>, whose days depend on a calendar.</exception>
    public long? StepsBetween(Instant start, Instant instant)
    {
        if (IsBusinessDay) throw new InvalidOperationException("business days have no fixed grid");
        if (_months == 0)
        {
            var (elapsed, step) = ((instant - start).BclCompatibleTicks, _step.BclCompatibleTicks);
            return elapsed % step == 0 ? elapsed / step : null;
        }

        var (a, b) = (start.InUtc().LocalDateTime, instant.InUtc().LocalDateTime);
        var months = ((b.Year - a.Year) * 12) + b.Month - a.Month;
        if (months % _months != 0) return null;
        return AddMonths(start, months) == instant || a.PlusMonths(months) == b ? months / _months : null;
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

    private static Frequency? FromPeriod(Period period)
    {
        if (period is not { Years: >= 0, Months: >= 0, Weeks: >= 0, Days: >= 0, Hours: >= 0, Minutes: >= 0, Seconds: >= 0, Milliseconds: >= 0, Ticks: >= 0, Nanoseconds: >= 0 })
            return null;
        var months = (period.Years * 12L) + period.Months;
        if (months > 0)
        {
            var rest = new PeriodBuilder(period) { Years = 0, Months = 0 }.Build();
            if (months > 1200 || !rest.Equals(Period.Zero)) return null;
            return new Frequency(months % 12 == 0 ? $"P{months / 12}Y" : $"P{months}M", (int)months, Duration.Zero, 12 % months == 0 ? (int)(12 / months) : 1);
        }

        if (!TryLength(period, out var step)) return null;
        if (step < ShortestStep || step > LongestStep || period.Nanoseconds % NodaConstants.NanosecondsPerTick != 0) return null;
        return new Frequency(PeriodPattern.NormalizingIso.Format(period.Normalize()), 0, step, UsualSeason(step));
    }

    private static bool TryLength(Period period, out Duration length)
    {
        try
        {
            length = period.ToDuration();
            return true;
        }
        catch (OverflowException)
        {
            length = Duration.Zero;  // longer than any step may be
            return false;
        }
    }

    private static Instant AddMonths(Instant start, int months)
    {
        var local = start.InUtc().LocalDateTime;
        var moved = local.PlusMonths(months);
        if (IsMonthEnd(local.Date)) moved = moved.Date.With(DateAdjusters.EndOfMonth) + moved.TimeOfDay;
        return moved.InUtc().ToInstant();
    }

    private static bool IsMonthEnd(LocalDate date) => date.Day == date.Calendar.GetDaysInMonth(date.Year, date.Month);

    private static int UsualSeason(Duration step)
    {
        const long day = NodaConstants.TicksPerDay;
        var ticks = step.BclCompatibleTicks;
        if (ticks == day) return 7;
        return ticks is >= NodaConstants.TicksPerMinute and < day && day % ticks == 0 ? (int)(day / ticks) : 1;
    }
}
