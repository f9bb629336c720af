using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Tests.Data;

/// <summary>Notes of a file come to their series, with their span and the time from which they were known.</summary>
public sealed class NotesReaderTests
{
    private static readonly Instant Start = Instant.FromUtc(2024, 5, 1, 0, 0);

    [Fact]
    public void Every_column_is_read_and_a_bare_date_ends_with_its_day()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "notes.csv");
        File.WriteAllText(path, "from,to,known_from,unique_id,text\n2024-05-03,2024-05-04,2024-05-01,a,\"a strike, half\"\n2024-05-06 12:00,,,,a fair\n");
        var hours = Enumerable.Range(0, 48).Select(h => Start + Duration.FromHours(h)).ToArray();
        var panel = new Panel([.. new[] { "a", "b" }.Select(id => TimeSeries.Univariate(id, Frequency.Hourly, hours, new double[48]))]);

        var read = NotesReader.Add(panel, path);

        var fair = Instant.FromUtc(2024, 5, 6, 12, 0);
        read["b"].Notes.ShouldBe([new Note(fair, fair, fair, "a fair")]);
        read["a"].Notes.ShouldBe([new Note(Start, Instant.FromUtc(2024, 5, 3, 0, 0), Instant.FromUtc(2024, 5, 5, 0, 0) - Duration.FromNanoseconds(1000), "a strike, half"), new Note(fair, fair, fair, "a fair")]);
        NotesReader.Add(panel, path, "Europe/Berlin")["b"].Notes[0].From.ShouldBe(fair - Duration.FromHours(2));
    }
}
