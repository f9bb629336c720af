using Forecast.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Core.Tests.Time;

public class TradingCalendarTests
{
    [Theory]
    [InlineData("XNYS", "2018-12-05")]  // mourning, G. H. W. Bush
    [InlineData("XNYS", "1980-11-04")]  // election
    [InlineData("XNYS", "2001-09-12")]
    [InlineData("XNYS", "2012-10-29")]  // hurricane
    [InlineData("XNYS", "2025-01-09")]  // mourning, Carter
    [InlineData("XNYS", "2022-06-20")]  // Juneteenth moved from Sunday
    [InlineData("XNYS", "2021-12-24")]  // Christmas moved from Saturday
    [InlineData("XNYS", "2024-03-29")]  // Good Friday
    [InlineData("XLON", "2022-09-19")]  // funeral of Elizabeth II
    [InlineData("XLON", "2011-04-29")]  // wedding
    [InlineData("XLON", "2020-05-08")]  // VE day
    [InlineData("XLON", "2022-01-03")]  // New Year moved
    [InlineData("XLON", "2021-12-28")]  // Boxing Day moved
    [InlineData("XETR", "2018-10-03")]
    [InlineData("XETR", "2017-10-31")]  // 500 years of the Reformation
    [InlineData("XETR", "1994-11-16")]  // prayer day
    [InlineData("XETR", "1998-06-11")]  // Corpus Christi
    [InlineData("XETR", "2024-12-24")]
    [InlineData("TARGET", "2024-05-01")]
    [InlineData("TARGET", "2001-12-31")]
    [InlineData("business", "2024-01-06")]
    public void Closed(string calendar, string day) => TradingCalendar.Get(calendar).IsOpen(Day(day)).ShouldBeFalse();

    [Theory]
    [InlineData("XNYS", "2021-12-31")]  // New Year's Day on a Saturday is not moved
    [InlineData("XNYS", "2021-06-18")]  // before Juneteenth was kept
    [InlineData("XNYS", "1997-01-20")]  // before Martin Luther King day was kept
    [InlineData("XLON", "2022-05-30")]  // late May holiday moved to the jubilee
    [InlineData("XLON", "2020-05-04")]
    [InlineData("XETR", "2024-10-03")]
    [InlineData("XETR", "2024-05-20")]
    [InlineData("XETR", "1995-11-22")]  // prayer day given up
    [InlineData("TARGET", "1999-04-02")]  // Good Friday 1999
    [InlineData("24x7", "2024-12-25")]
    [InlineData("business", "2024-12-25")]
    public void Open(string calendar, string day) => TradingCalendar.Get(calendar).IsOpen(Day(day)).ShouldBeTrue();

    [Fact]
    public void The_rows_of_the_ECB_are_the_open_days_of_TARGET() => Departures("ecb_reference_rates.csv", "TARGET").ShouldBeEmpty();

    [Fact]
    public void The_rows_of_the_NYSE_composite_are_the_open_days_of_XNYS() => Departures("nyse_composite.csv", "XNYS").ShouldBeEmpty();

    [Fact]
    public void The_rows_of_the_VIX_depart_from_XNYS_only_where_Chicago_did() =>
        Departures("vix.csv", "XNYS").Where(d => string.CompareOrdinal(d, "2022") < 0)  // since 2022 the VIX is also computed on holidays
            .ShouldBe(["1991-03-01 no row", "1997-01-31 no row", "1997-11-26 no row", "1999-12-31 no row", "2004-06-11 a row"]);

    [Theory]
    [InlineData(1818, "1818-03-22")]
    [InlineData(1961, "1961-04-02")]
    [InlineData(2000, "2000-04-23")]
    [InlineData(2011, "2011-04-24")]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2038, "2038-04-25")]
    [InlineData(2285, "2285-03-22")]
    public void Easter_is_where_the_church_has_it(int year, string day) => HolidayRules.Easter(year).ShouldBe(Day(day));

    [Fact]
    public void Open_days_are_counted_forth_and_back()
    {
        var calendar = TradingCalendar.Get("xnys");
        var day = Day("2018-11-30");
        for (var n = 0; n < 600; n++)
        {
            var next = calendar.AddOpenDays(day, n);
            (n == 0 || calendar.IsOpen(next)).ShouldBeTrue();
            calendar.AddOpenDays(next, -n).ShouldBe(day);
        }
    }

    [Fact]
    public void An_unknown_calendar_is_refused_with_the_known_ones() =>
        Should.Throw<ForecastException>(() => TradingCalendar.Get("NYSE")).Message.ShouldBe("calendar 'NYSE' is not known; known are 24x7, TARGET, XETR, XLON, XNYS, business");

    /// <summary>Days that are open without a row, or closed with one.</summary>
    private static List<string> Departures(string file, string name)
    {
        var path = Repository.At("datasets", file);
        var days = File.ReadLines(path).Skip(1).Select(l => Day(l.Split(',')[0])).ToHashSet();
        days.Count.ShouldBeGreaterThan(1000);
        var calendar = TradingCalendar.Get(name);
        var departures = new List<string>();
        for (var day = days.Min(); day <= days.Max(); day = day.PlusDays(1))
        {
            if (calendar.IsOpen(day) != days.Contains(day)) departures.Add($"{LocalDatePattern.Iso.Format(day)} {(days.Contains(day) ? "a row" : "no row")}");
        }

        return departures;
    }

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
