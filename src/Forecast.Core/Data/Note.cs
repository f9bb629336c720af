using NodaTime;

namespace Forecast.Core.Data;

/// <summary>What somebody knew in words about a span of time, as <c>holiday on Monday, demand halves</c>.</summary>
/// <param name="KnownFrom">When it became known: nothing that stands at an earlier time may read it.</param>
/// <param name="From">Start of the span it speaks of; may lie after every observation.</param>
/// <param name="To">End of that span, inclusive.</param>
/// <param name="Text">The words, as they were given.</param>
public sealed record Note(Instant KnownFrom, Instant From, Instant To, string Text)
{
    /// <summary>Characters at most.</summary>
    public const int Longest = 2_000;

    /// <summary>Whether it speaks of some time from <paramref name="start"/> to <paramref name="end"/>, both inclusive.</summary>
    public bool Touches(Instant start, Instant end) => From <= end && To >= start;

    /// <exception cref="ForecastException">No words, too many, or a span that ends before it begins.</exception>
    internal void Check(string series)
    {
        if (string.IsNullOrWhiteSpace(Text)) throw new ForecastException("note-empty", $"series '{series}': a note has no words", "note", series);
        if (Text.Length > Longest) throw new ForecastException("note-long", $"series '{series}': a note has {Text.Length} characters; at most {Longest} are read", "note", series);
        if (To < From) throw new ForecastException("note-span", $"series '{series}': the note '{Text}' ends before it begins", "note", series);
    }
}
