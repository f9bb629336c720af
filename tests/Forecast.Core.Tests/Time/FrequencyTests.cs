using Forecast.Core.Time;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Core.Tests.Time;

public class FrequencyTests
{
    [Theory]
    [InlineData("P1D", "P1D", 7, false)]
    [InlineData(" p1d ", "P1D", 7, false)]
    [InlineData("PT24H", "P1D", 7, false)]
    [InlineData("P1W", "P7D", 1, false)]
    [InlineData("P1M", "P1M", 12, false)]
    [InlineData("P3M", "P3M", 4, false)]
    [InlineData("P5M", "P5M", 1, false)]
    [InlineData("P12M", "P1Y", 1, false)]
    [InlineData("P1Y", "P1Y", 1, false)]
    [InlineData("P1Y6M", "P18M", 1, false)]
    [InlineData("PT1H", "PT1H", 24, true)]
    [InlineData("PT60M", "PT1H", 24, true)]
    [InlineData("PT30M", "PT30M", 48, true)]
    [InlineData("PT7M", "PT7M", 1, true)]
    [InlineData("PT36H", "P1DT12H", 1, true)]
    [InlineData("PT0.5S", "PT0.5S", 1, true)]
    [InlineData("b", "B", 5, false)]
    [InlineData("INDEX", "index", 1, false)]
    public void Texts_have_one_canonical_form(string text, string code, int season, bool intraday)
    {
        var frequency = Frequency.Parse(text);
        frequency.Code.ShouldBe(code);
        frequency.SeasonalPeriod.ShouldBe(season);
        frequency.IsIntraday.ShouldBe(intraday);
        frequency.ShouldBe(Frequency.Parse(code));
        frequency.GetHashCode().ShouldBe(Frequency.Parse(code).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("daily")]
    [InlineData("P0D")]
    [InlineData("P-1D")]
    [InlineData("P1M-1D")]
    [InlineData("P1M1D")]
    [InlineData("P1D1H")]
    [InlineData("PT0.0000001S")]
    [InlineData("P99999999Y")]
    [InlineData("P2147483647M")]
    [InlineData("P2147483647W")]
    [InlineData("PT9223372036854775807H")]
    public void What_is_no_step_is_refused(string text) =>
        Should.Throw<ForecastException>(() => Frequency.Parse(text)).Code.ShouldBe("frequency-unknown");

    [Theory]
    [InlineData("P1M", "2024-01-31", 1, "2024-02-29")]
    [InlineData("P1M", "2024-01-31", 2, "2024-03-31")]
    [InlineData("P1M", "2024-01-30", 1, "2024-02-29")]
    [InlineData("P1M", "2024-01-30", 2, "2024-03-30")]
    [InlineData("P1M", "2024-02-29", 1, "2024-03-31")]
    [InlineData("P1M", "2024-01-01", 13, "2025-02-01")]
    [InlineData("P1M", "2024-03-31", -1, "2024-02-29")]
    [InlineData("P3M", "2023-11-30", 1, "2024-02-29")]
    [InlineData("P3M", "2023-11-30", 2, "2024-05-31")]
    [InlineData("P1Y", "2024-02-29", 1, "2025-02-28")]
    [InlineData("P1Y", "2024-02-29", 4, "2028-02-29")]
    [InlineData("P7D", "2024-02-26", 1, "2024-03-04")]
    [InlineData("P1D", "2024-02-28", 2, "2024-03-01")]
    public void Steps_of_months_keep_the_day_or_the_end_of_the_month(string code, string start, int steps, string expected) =>
        Frequency.Parse(code).Add(Day(start), steps, TradingCalendar.AlwaysOpen).ShouldBe(Day(expected));

    [Theory]
    [InlineData("business", "2024-01-05", 1, "2024-01-08")]
    [InlineData("XNYS", "2018-12-04", 1, "2018-12-06")]
    [InlineData("XLON", "2022-09-16", 1, "2022-09-20")]
    [InlineData("XNYS", "2024-01-02", -1, "2023-12-29")]
    [InlineData("TARGET", "2024-03-28", 1, "2024-04-02")]
    public void Business_days_step_over_what_the_calendar_closes(string calendar, string start, int steps, string expected) =>
        Frequency.BusinessDay.Add(Day(start), steps, TradingCalendar.Get(calendar)).ShouldBe(Day(expected));

    [Fact]
    public void A_step_beyond_the_last_year_is_an_error_of_ours()
    {
        Should.Throw<ForecastException>(() => Frequency.Parse("P1Y").Add(Day("2024-01-01"), 9000, TradingCalendar.AlwaysOpen)).Code.ShouldBe("time-out-of-range");
        Should.Throw<ForecastException>(() => Frequency.Parse("P100Y").Add(Day("2024-01-01"), int.MaxValue, TradingCalendar.AlwaysOpen)).Code.ShouldBe("time-out-of-range");
        Should.Throw<ForecastException>(() => Frequency.Daily.Add(Day("2024-01-01"), int.MaxValue, TradingCalendar.AlwaysOpen)).Code.ShouldBe("time-out-of-range");
    }

    [Theory]
    [InlineData("P1M", "2024-01-31", "2024-04-30", 3)]
    [InlineData("P1M", "2024-02-29", "2024-03-29", 1)]
    [InlineData("P1M", "2024-01-15", "2024-02-14", null)]
    [InlineData("P3M", "2024-01-01", "2024-03-01", null)]
    [InlineData("P1D", "1600-01-01", "2024-01-01", 154863)]
    [InlineData("P7D", "2024-01-01", "2024-01-09", null)]
    public void Steps_between_count_only_what_lies_on_the_grid(string code, string start, string end, int? steps) =>
        Frequency.Parse(code).StepsBetween(Day(start), Day(end)).ShouldBe(steps);

    [Fact]
    public void Steps_between_undoes_add()
    {
        var codes = new[] { "P1D", "P7D", "P1M", "P3M", "P1Y", "PT1H", "PT30M", "PT1.5S", "index" };
        Prop.ForAll(Gen.Choose(0, 80_000).ToArbitrary(), Gen.Choose(-400, 400).ToArbitrary(), Gen.Elements(codes).ToArbitrary(), (day, steps, code) =>
        {
            var frequency = Frequency.Parse(code);
            var start = Instant.FromUtc(1850, 1, 1, 0, 0) + Duration.FromDays(day);
            return frequency.StepsBetween(start, frequency.Add(start, steps, TradingCalendar.AlwaysOpen)) == steps;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Instants_are_written_as_their_frequency_needs()
    {
        Frequency.Index.Format(Instant.FromUnixTimeSeconds(1974)).ShouldBe("1974");
        Frequency.Monthly.Format(Day("2024-02-01")).ShouldBe("2024-02-01");
        Frequency.BusinessDay.Format(Day("2024-02-01")).ShouldBe("2024-02-01");
        Frequency.Hourly.Format(Day("2024-02-01")).ShouldBe("2024-02-01T00:00:00Z");
        Frequency.BusinessDay.Format(Day("2024-02-01") + Duration.FromHours(16)).ShouldBe("2024-02-01T16:00:00Z");
    }

    private static Instant Day(string text) => LocalDatePattern.Iso.Parse(text).Value.AtMidnight().InUtc().ToInstant();

    [Theory]
    [InlineData("B", "XNYS", "2023-12-29")]
    [InlineData("B", "business", "2024-02-28")]
    [InlineData("B", "XLON", "2019-12-31")]
    [InlineData("P1M", "24x7", "2024-01-31")]
    [InlineData("PT1H", "24x7", "2024-02-28")]
    public void A_grid_has_what_single_steps_lead_to(string code, string calendar, string start)
    {
        var (frequency, days) = (Frequency.Parse(code), TradingCalendar.Get(calendar));
        frequency.Grid(Day(start), 600, days).ShouldBe(Enumerable.Range(0, 600).Select(t => frequency.Add(Day(start), t, days)));
    }

    [Fact]
    public void A_grid_beyond_the_years_of_a_date_is_refused() =>
        Should.Throw<ForecastException>(() => Frequency.BusinessDay.Grid(Day("9999-12-30"), 10, TradingCalendar.BusinessDays)).Code.ShouldBe("time-out-of-range");
}
