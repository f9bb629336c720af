using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Models.Smetimes;

namespace Forecast.Models.Tests.Smetimes;

/// <summary>What is said about a segment, word for word, and the intervals from held-out errors by hand.</summary>
public sealed class PromptTests
{
    [Fact]
    public void A_prompt_says_what_the_segment_holds()
    {
        var series = Series([1, 2, 1, 4, 1, 2, 1, 4], []);
        new PromptWriter(PromptKind.Full, series, 0, 1, 0).Write(0, series.Target).ShouldBe(
            """
            time range of this sequence is from 2000-01-31 00:00:00 to 2000-01-31 07:00:00
            mean of this time series is 2.0000
            standard deviation of this time series is 1.2247
            changed by 3.0000
            minimum of this time series is 1.0000
            maximum of this time series is 4.0000
            median of this time series is 1.5000
            trend of this time series is up by 0.1905 a step
            lags that repeat are 4 2
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Missing_rows_are_left_out_of_what_is_said()
    {
        var series = Series([1, double.NaN, 3, double.NaN], []);
        new PromptWriter(PromptKind.Published, series, 0, 1, 0).Write(0, series.Target).ShouldContain("mean of this time series is 2.0000\nstandard deviation of this time series is 1.0000\nchanged by 2.0000");
        new PromptWriter(PromptKind.Full, series, 0, 1, 0).Write(1, series.Target.Slice(1, 1)).ShouldEndWith("no value of this sequence was observed");
    }

    [Fact]
    public void Numbers_are_told_in_deviations_of_the_series()
    {
        var series = Series([10, 20, 30], []);
        new PromptWriter(PromptKind.Published, series, 20, 10, 0).Write(0, series.Target).ShouldContain("mean of this time series is 0.0000\nstandard deviation of this time series is 0.8165\nchanged by 2.0000");
    }

    [Fact]
    public void A_note_is_told_before_the_segment_that_it_speaks_of_and_not_before_it_is_known()
    {
        var times = TestPanels.Times(Frequency.Hourly, 12);
        var series = Series(Enumerable.Repeat(1.0, 9).ToArray(), [new Note(times[2], times[6], times[7], "a strike"), new Note(times[3], times[3], times[3], "too late")]);
        var writer = new PromptWriter(PromptKind.Published, series, 0, 1, 3);
        bool Tells(int first, string words) => writer.Write(first, [1, 1, 1]).Contains("\nnote: " + words, StringComparison.Ordinal);
        Tells(3, "a strike").ShouldBeTrue();   // rows 3 to 5; the next segment is 6 to 8
        Tells(0, "a strike").ShouldBeFalse();  // the next segment is 3 to 5
        Tells(6, "a strike").ShouldBeFalse();
        Tells(0, "too late").ShouldBeFalse();  // known at row 3, after row 2
        Tells(9, "a strike").ShouldBeFalse();  // nothing is dated after it
    }

    [Fact]
    public void Intervals_are_order_statistics_of_held_out_errors()
    {
        // Nine errors: 80 % of ten is the eighth, 90 % the ninth, 98 % more than there are.
        var bands = ResidualBands.Of([[5, 1, 9, 2, 8, 3, 7, 4, 6], []], [0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99]);
        bands[0].ShouldBe([-9, -9, -8, 0, 8, 9, 9]);
        bands[1].ShouldBe(bands[0]);
    }

    private static SeriesView Series(double[] values, Note[] notes) =>
        new Panel([TimeSeries.Univariate("s", Frequency.Hourly, TestPanels.Times(Frequency.Hourly, values.Length), values).WithNotes(notes)]).AsOf(NodaTime.Instant.MaxValue).Series[0];
}
