using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Models.Smetimes;

/// <summary>What is said in words about a segment: its time span and three statistics, in the authors' wording.</summary>
/// <param name="From">Time of its first row.</param>
/// <param name="To">Time of its last row, by the nominal step.</param>
/// <param name="Mean">Of the rows that are there.</param>
/// <param name="Deviation">Population standard deviation of those rows.</param>
/// <param name="Change">Last minus first of those rows.</param>
internal sealed record SegmentPrompt(LocalDateTime From, LocalDateTime To, double Mean, double Deviation, double Change)
{
    private static readonly LocalDateTimePattern Stamp = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"time range of this sequence is from {Stamp.Format(From)} to {Stamp.Format(To)}\nmean of this time series is {Mean:F4}\nstandard deviation of this time series is {Deviation:F4}\nchanged by {Change:F4}");

    /// <param name="start">Time of the first row.</param>
    /// <param name="step">Between rows.</param>
    /// <param name="length">Rows of a full segment; the end time is that of its last row even where the series ends sooner.</param>
    /// <param name="values">The rows that are there, at least one, all observed.</param>
    public static SegmentPrompt Of(LocalDateTime start, Period step, int length, ReadOnlySpan<double> values)
    {
        var end = start;
        for (var i = 1; i < length; i++) end += step;
        return Of(start, end, values);
    }

    /// <param name="start">Time of the first row.</param>
    /// <param name="end">Time of the last row.</param>
    /// <param name="values">The rows that are there, at least one, all observed.</param>
    public static SegmentPrompt Of(LocalDateTime start, LocalDateTime end, ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (var v in values) sum += v;
        var mean = sum / values.Length;
        foreach (var v in values) squares += (v - mean) * (v - mean);
        return new SegmentPrompt(start, end, mean, Math.Sqrt(squares / values.Length), values[^1] - values[0]);
    }
}
