using NodaTime;

namespace Forecast.Core.Time;

/// <summary>Recurring holidays by year, as each market's rule book states them.</summary>
internal static class HolidayRules
{
    /// <summary>New York Stock Exchange, rule 7.2: a Saturday holiday moves to Friday (but New Year's Day), a Sunday one to Monday.</summary>
    public static IEnumerable<LocalDate> Nyse(int year)
    {
        var easter = Easter(year);
        var newYear = new LocalDate(year, 1, 1);
        if (newYear.DayOfWeek != IsoDayOfWeek.Saturday) yield return SundayToMonday(newYear);
        if (year >= 1998) yield return Nth(year, 1, IsoDayOfWeek.Monday, 3);
        yield return year >= 1971 ? Nth(year, 2, IsoDayOfWeek.Monday, 3) : Observed(new LocalDate(year, 2, 22));
        yield return easter.PlusDays(-2);
        yield return year >= 1971 ? Last(year, 5, IsoDayOfWeek.Monday) : Observed(new LocalDate(year, 5, 30));
        if (year >= 2022) yield return Observed(new LocalDate(year, 6, 19));
        yield return Observed(new LocalDate(year, 7, 4));
        yield return Nth(year, 9, IsoDayOfWeek.Monday, 1);
        yield return Nth(year, 11, IsoDayOfWeek.Thursday, 4);
        yield return Observed(new LocalDate(year, 12, 25));
    }

    /// <summary>London Stock Exchange: the bank holidays of England and Wales; a weekend holiday moves to the next free weekday.</summary>
    public static IEnumerable<LocalDate> London(int year)
    {
        var easter = Easter(year);
        yield return NextWeekday(new LocalDate(year, 1, 1));
        yield return easter.PlusDays(-2);
        yield return easter.PlusDays(1);
        yield return Nth(year, 5, IsoDayOfWeek.Monday, 1);
        yield return Last(year, 5, IsoDayOfWeek.Monday);
        yield return Last(year, 8, IsoDayOfWeek.Monday);
        var christmas = new LocalDate(year, 12, 25);
        yield return christmas;
        yield return christmas.PlusDays(1);
        if (christmas.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) yield return new LocalDate(year, 12, 27);
        if (christmas.DayOfWeek is IsoDayOfWeek.Friday or IsoDayOfWeek.Saturday) yield return new LocalDate(year, 12, 28);
    }

    /// <summary>
    /// Deutsche Boerse (the Frankfurt floor, later Xetra): fixed dates are not moved when they fall on a weekend. Up to 1999 the
    /// public holidays of Hesse were kept; since 2000 only those of TARGET and the two eves.
    /// </summary>
    public static IEnumerable<LocalDate> Xetra(int year)
    {
        var easter = Easter(year);
        yield return new LocalDate(year, 1, 1);
        yield return easter.PlusDays(-2);
        yield return easter.PlusDays(1);
        yield return new LocalDate(year, 5, 1);
        yield return new LocalDate(year, 12, 24);
        yield return new LocalDate(year, 12, 25);
        yield return new LocalDate(year, 12, 26);
        yield return new LocalDate(year, 12, 31);
        if (year >= 2000) yield break;
        yield return easter.PlusDays(39);  // Ascension
        yield return easter.PlusDays(50);  // Whit Monday
        yield return easter.PlusDays(60);  // Corpus Christi
        yield return year >= 1990 ? new LocalDate(year, 10, 3) : new LocalDate(year, 6, 17);  // national day
        if (year <= 1994) yield return PrayerDay(year);
    }

    /// <summary>TARGET (ECB press releases of 3 September 1998, 31 March 1999 and 14 December 2000): two days in 1999, six since 2000.</summary>
    public static IEnumerable<LocalDate> Target(int year)
    {
        yield return new LocalDate(year, 1, 1);
        yield return new LocalDate(year, 12, 25);
        if (year < 2000) yield break;
        var easter = Easter(year);
        yield return easter.PlusDays(-2);
        yield return easter.PlusDays(1);
        yield return new LocalDate(year, 5, 1);
        yield return new LocalDate(year, 12, 26);
    }

    /// <summary>Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876).</summary>
    internal static LocalDate Easter(int year)
    {
        var a = year % 19;
        var (b, c) = (year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var sum = h + l - (7 * m) + 114;
        return new LocalDate(year, sum / 31, (sum % 31) + 1);
    }

    /// <summary>The Day of Repentance and Prayer: the Wednesday between 16 and 22 November.</summary>
    private static LocalDate PrayerDay(int year)
    {
        var first = new LocalDate(year, 11, 16);
        return first.PlusDays((7 + (int)IsoDayOfWeek.Wednesday - (int)first.DayOfWeek) % 7);
    }

    private static LocalDate Nth(int year, int month, IsoDayOfWeek day, int n)
    {
        var first = new LocalDate(year, month, 1);
        return first.PlusDays(((7 + (int)day - (int)first.DayOfWeek) % 7) + (7 * (n - 1)));
    }

    private static LocalDate Last(int year, int month, IsoDayOfWeek day)
    {
        var last = new LocalDate(year, month, 1).With(DateAdjusters.EndOfMonth);
        return last.PlusDays(-((7 + (int)last.DayOfWeek - (int)day) % 7));
    }

    private static LocalDate Observed(LocalDate date) =>
        date.DayOfWeek == IsoDayOfWeek.Saturday ? date.PlusDays(-1) : SundayToMonday(date);

    private static LocalDate SundayToMonday(LocalDate date) =>
        date.DayOfWeek == IsoDayOfWeek.Sunday ? date.PlusDays(1) : date;

    private static LocalDate NextWeekday(LocalDate date) => date.DayOfWeek switch
    {
        IsoDayOfWeek.Saturday => date.PlusDays(2),
        IsoDayOfWeek.Sunday => date.PlusDays(1),
        _ => date,
    };
}
