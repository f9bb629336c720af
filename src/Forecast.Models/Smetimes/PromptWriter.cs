using System.Text;
using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Models.Smetimes;

/// <summary>
/// Writes the prompts of a series: each segment by its own rows, and by what was known in words, when its last row was, about the segment
/// that follows it, which is the one to be forecast. Numbers are told in deviations of the series from its mean, so that neither its unit
/// nor its level changes a forecast.
/// </summary>
/// <param name="kind">What is said.</param>
/// <param name="series">The series; its notes are those of its cutoff.</param>
/// <param name="mean">Taken off each value.</param>
/// <param name="scale">Each is divided by.</param>
/// <param name="ahead">Rows after the last visible one that prompts may reach into.</param>
internal sealed class PromptWriter(PromptKind kind, SeriesView series, double mean, double scale, int ahead)
{
    private readonly IReadOnlyList<Instant> _later = ahead > 0 ? series.FutureTimes(ahead) : [];

    private int Rows => series.Length + _later.Count;

    /// <summary>The prompt of the rows from <paramref name="first"/> on.</summary>
    /// <param name="first">Row of the series, or beyond its end.</param>
    /// <param name="values">One a row of the segment; NaN where nothing was observed.</param>
    public string Write(int first, ReadOnlySpan<double> values)
    {
        var rows = values.Length;
        var seen = Observed(values);
        var (start, end) = (At(first), At(first + rows - 1));
        var text = new StringBuilder(Head(start, end, seen));
        if (kind == PromptKind.Full && seen.Length > 0) text.Append(SegmentDetails.Of(seen).Text);
        if (first + rows >= Rows || series.Notes.Count == 0) return text.ToString();
        var (nextStart, nextEnd) = (At(first + rows), At(Math.Min(first + (2 * rows), Rows) - 1));
        foreach (var note in series.Notes)
        {
            if (note.KnownFrom <= end && note.Touches(nextStart, nextEnd)) text.Append("\nnote: ").Append(note.Text);
        }

        return text.ToString();
    }

    private Instant At(int row) => row < series.Length ? series.Times[row] : _later[row - series.Length];

    private string Head(Instant start, Instant end, double[] seen)
    {
        if (seen.Length == 0) return $"time range of this sequence is from {series.Frequency.Format(start)} to {series.Frequency.Format(end)}\nno value of this sequence was observed";
        return SegmentPrompt.Of(start.InUtc().LocalDateTime, end.InUtc().LocalDateTime, seen).Text;
    }

    private double[] Observed(ReadOnlySpan<double> values)
    {
        var seen = new double[values.Length];
        var count = 0;
        foreach (var v in values)
        {
            if (!double.IsNaN(v)) seen[count++] = (v - mean) / scale;
        }

        return seen[..count];
    }
}
