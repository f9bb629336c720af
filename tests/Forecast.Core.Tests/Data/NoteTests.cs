using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Core.Tests.Data;

/// <summary>Words about a series are seen from the time on at which they were known, by every way to a view.</summary>
public sealed class NoteTests
{
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);

    [Fact]
    public void A_view_holds_what_was_known_at_its_cutoff()
    {
        var panel = new Panel([Series(new Note(Day(2), Day(8), Day(9), "known on day 2"), new Note(Day(5), Day(8), Day(9), "known on day 5"))]);
        panel.AsOf(Day(1)).Series[0].Notes.ShouldBeEmpty();
        panel.AsOf(Day(4)).Series[0].Notes.Select(n => n.Text).ShouldBe(["known on day 2"]);
        var late = panel.AsOf(Day(5));
        late.Series[0].Notes.Count.ShouldBe(2);
        late.Until(Day(3)).Series[0].Notes.Select(n => n.Text).ShouldBe(["known on day 2"]);
        late.Select(s => s.WithTarget(new double[s.Length])).Series[0].Notes.Count.ShouldBe(2);
        panel.AsOf(Day(5), window: 2).Series[0].Notes.Count.ShouldBe(2);
    }

    [Fact]
    public void Notes_are_part_of_the_data_hash()
    {
        var note = new Note(Day(2), Day(8), Day(9), "a strike");
        string[] hashes = [.. new[] { Series(), Series(note), Series(note with { Text = "no strike" }), Series(note with { KnownFrom = Day(3) }) }.Select(s => new Panel([s]).DataHash)];
        hashes.Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
        new Panel([Series(note)]).DataHash.ShouldBe(hashes[1]);
    }

    [Theory]
    [InlineData(" ", 8, "note-empty")]
    [InlineData("ends before it begins", 1, "note-span")]
    public void A_note_needs_words_and_a_span(string text, int end, string code) =>
        Should.Throw<ForecastException>(() => Series(new Note(Day(1), Day(2), Day(end), text))).Code.ShouldBe(code);

    [Fact]
    public void A_note_has_a_longest_length() =>
        Should.Throw<ForecastException>(() => Series(new Note(Day(1), Day(2), Day(3), new string('a', Note.Longest + 1)))).Code.ShouldBe("note-long");

    private static Instant Day(int day) => Start + Duration.FromDays(day);

    private static TimeSeries Series(params Note[] notes) =>
        TimeSeries.Univariate("s", Frequency.Daily, [.. Enumerable.Range(0, 7).Select(Day)], [1, 2, 3, 4, 5, 6, 7]).WithNotes(notes);
}
