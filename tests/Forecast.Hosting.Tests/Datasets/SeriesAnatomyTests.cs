using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Datasets;
using NodaTime;

namespace Forecast.Hosting.Tests.Datasets;

/// <summary>What a person is told of a series.</summary>
public sealed class SeriesAnatomyTests
{
    private static readonly Instant Start = Instant.FromUtc(2010, 1, 1, 0, 0);

    private static TimeSeries Monthly(double[] values, params int[] left)
    {
        var times = Frequency.Monthly.Grid(Start, values.Length, TradingCalendar.AlwaysOpen);
        var kept = Enumerable.Range(0, values.Length).Except(left).ToArray();
        return TimeSeries.Univariate("s", Frequency.Monthly, [.. kept.Select(t => times[t])], [.. kept.Select(t => values[t])]);
    }

    private static double[] Wave(int rows)
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, rows).Select(t => 100 + t + (20 * Math.Sin(2 * Math.PI * t / 12)) + random.NextDouble())];
    }

    [Fact]
    public void Parts_add_up_and_a_strong_season_is_told()
    {
        var values = Wave(120);
        var anatomy = SeriesAnatomy.Of(Monthly(values));
        var parts = anatomy.Parts.ShouldNotBeNull();
        for (var t = 0; t < values.Length; t++) (parts.Trend[t] + parts.Seasonal[t] + parts.Remainder[t]).ShouldBe(values[t], 1e-9);
        parts.SeasonalStrength.ShouldBeGreaterThan(0.95);
        anatomy.Acf.Length.ShouldBe(30);
        anatomy.Acf[0].ShouldBe(anatomy.Pacf[0], 1e-12);
        anatomy.Band.ShouldBe(1.96 / Math.Sqrt(120), 1e-12);
        anatomy.Gaps.ShouldBeEmpty();
        anatomy.Outliers.ShouldBeEmpty();
    }

    [Fact]
    public void Missing_values_absent_rows_and_a_spike_are_found_where_they_are()
    {
        var values = Wave(120);
        values[30] = values[31] = double.NaN;
        values[60] += 80;
        var series = Monthly(values, 90, 91, 92);
        var anatomy = SeriesAnatomy.Of(series);
        anatomy.Gaps.Select(g => (Frequency.Monthly.Format(g.From), Frequency.Monthly.Format(g.To), g.Rows, g.Absent))
            .ShouldBe([("2012-07-01", "2012-08-01", 2, false), ("2017-07-01", "2017-09-01", 3, true)]);
        var outlier = anatomy.Outliers.ShouldHaveSingleItem();
        outlier.Time.ShouldBe(series.Times[60]);
        outlier.Expected.ShouldBe(values[60] - 80, 5);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3 })]
    [InlineData(new[] { double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN })]
    [InlineData(new double[] { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 })]
    public void A_short_an_empty_and_a_constant_series_have_no_correlations(double[] values)
    {
        var anatomy = SeriesAnatomy.Of(Monthly(values));
        anatomy.Acf.ShouldBeEmpty();
        anatomy.Outliers.ShouldBeEmpty();
        anatomy.Values.Length.ShouldBe(values.Length);
    }
}
