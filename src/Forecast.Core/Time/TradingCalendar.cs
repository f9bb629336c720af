using System.Collections.Frozen;
using NodaTime;

namespace Forecast.Core.Time;

/// <summary>
/// Which days are open: weekly rest days, a rule for the recurring holidays, and a table of exceptions. A calendar only dates
/// the future; the past is what was observed.
/// </summary>
/// <remarks>Sources of rules and exceptions: the exchanges' and the ECB's own published holiday lists.</remarks>
public sealed class TradingCalendar
{
    private static readonly FrozenDictionary<string, TradingCalendar> Known = new TradingCalendar[]
    {
        new("24x7", weekends: true, _ => [], [], []),
        new("business", weekends: false, _ => [], [], []),
        new("XNYS", weekends: false, HolidayRules.Nyse, HolidayExceptions.NyseClosed, []),
        new("XLON", weekends: false, HolidayRules.London, HolidayExceptions.LondonClosed, HolidayExceptions.LondonOpen),
        new("XETR", weekends: false, HolidayRules.Xetra, HolidayExceptions.XetraClosed, []),
        new("TARGET", weekends: false, HolidayRules.Target, HolidayExceptions.TargetClosed, []),
    }.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    private readonly bool _weekends;
    private readonly Func<int, IEnumerable<LocalDate>> _holidays;
    private readonly FrozenSet<LocalDate> _closed;
    private readonly FrozenSet<LocalDate> _open;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, ulong[]> _byYear = new();

    private TradingCalendar(string name, bool weekends, Func<int, IEnumerable<LocalDate>> holidays, IEnumerable<LocalDate> closed, IEnumerable<LocalDate> open)
    {
        Name = name;
        _weekends = weekends;
        _holidays = holidays;
        _closed = closed.ToFrozenSet();
        _open = open.ToFrozenSet();
    }

    /// <summary>Every day is open.</summary>
    public static TradingCalendar AlwaysOpen => Known["24x7"];

    /// <summary>Monday to Friday, no holidays.</summary>
    public static TradingCalendar BusinessDays => Known["business"];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    public string Name { get; }

    /// <exception cref="ForecastException">No calendar has that name.</exception>
    public static TradingCalendar Get(string name) => Known.TryGetValue(name, out var calendar)
        ? calendar
        : throw new ForecastException("calendar-unknown", $"calendar '{name}' is not known; known are {string.Join(", ", Names)}", "calendar");

    /// <remarks>Asked for every row that a request leaves undated, so the days of a year are worked out once: a bit a day.</remarks>
    public bool IsOpen(LocalDate date)
    {
        var (bits, day) = (_byYear.GetOrAdd(date.Year, static (year, self) => self.DaysOf(year), this), date.DayOfYear);
        return (bits[day >> 6] >> (day & 63) & 1) != 0;
    }

    private ulong[] DaysOf(int year)
    {
        var bits = new ulong[6];
        var holidays = _holidays(year).ToFrozenSet();
        for (var date = new LocalDate(year, 1, 1); ; date = date.PlusDays(1))
        {
            if (IsOpen(date, holidays)) bits[date.DayOfYear >> 6] |= 1UL << (date.DayOfYear & 63);
            if (date is { Month: 12, Day: 31 }) return bits;
        }
    }

    private bool IsOpen(LocalDate date, FrozenSet<LocalDate> holidays)
    {
        if (_open.Contains(date)) return true;
        if (_closed.Contains(date)) return false;
        if (!_weekends && date.DayOfWeek is (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)) return false;
        return !holidays.Contains(date);
    }

    /// <summary>The <paramref name="count"/>-th open day after (or, negative, before) <paramref name="date"/>.</summary>
    public LocalDate AddOpenDays(LocalDate date, int count)
    {
        var step = Math.Sign(count);
        for (var left = Math.Abs(count); left > 0;)
        {
            date = date.PlusDays(step);
            if (IsOpen(date)) left--;
        }

        return date;
    }
}
