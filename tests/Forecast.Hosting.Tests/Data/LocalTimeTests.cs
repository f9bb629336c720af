using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Tests.Data;

public sealed class LocalTimeTests : IDisposable
{
    private static readonly DataOptions Berlin = new() { Frequency = "PT1H", Zone = "Europe/Berlin" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_zone_times_are_universal() =>
        (await Times("2024-07-01 00:00,2024-07-01 01:00", Berlin with { Zone = null }))[0].ShouldBe(Instant.FromUtc(2024, 7, 1, 0, 0));

    [Fact]
    public async Task A_local_day_of_25_hours_has_25_rows_an_hour_apart()
    {
        var times = await Times("2024-10-27 00:00,2024-10-27 01:00,2024-10-27 02:00,2024-10-27 02:00,2024-10-27 03:00", Berlin);
        times.ShouldBe([.. Enumerable.Range(-2, 5).Select(h => Instant.FromUtc(2024, 10, 27, 0, 0) + Duration.FromHours(h))]);
    }

    [Fact]
    public async Task Half_hours_of_the_repeated_hour_keep_their_order()
    {
        var times = await Times("2024-10-27 02:00,2024-10-27 02:30,2024-10-27 02:00,2024-10-27 02:30", Berlin with { Frequency = "PT30M" });
        times.ShouldBe([.. Enumerable.Range(0, 4).Select(h => Instant.FromUtc(2024, 10, 27, 0, 0) + Duration.FromMinutes(30 * h))]);
    }

    [Fact]
    public async Task A_local_day_of_23_hours_has_no_gap()
    {
        var times = await Times("2024-03-31 00:00,2024-03-31 01:00,2024-03-31 03:00", Berlin);
        times.ShouldBe([.. Enumerable.Range(-1, 3).Select(h => Instant.FromUtc(2024, 3, 31, 0, 0) + Duration.FromHours(h))]);
    }

    [Fact]
    public async Task A_written_offset_wins_over_the_zone() =>
        (await Times("2024-10-27T02:00+01:00,2024-10-27T03:00+01:00", Berlin))[0].ShouldBe(Instant.FromUtc(2024, 10, 27, 1, 0));

    [Fact]
    public async Task Dates_stay_the_dates_of_their_zone()
    {
        var daily = Berlin with { Frequency = "P1D" };
        var expected = new[] { Instant.FromUtc(2024, 3, 30, 0, 0), Instant.FromUtc(2024, 3, 31, 0, 0), Instant.FromUtc(2024, 4, 1, 0, 0) };
        (await Times("2024-03-30,2024-03-31,2024-04-01", daily)).ShouldBe(expected);
        (await Times("2024-03-29T23:00Z,2024-03-30T23:00Z,2024-03-31T22:00Z", daily)).ShouldBe(expected);
        (await Times("2024-03-30T00:00+01:00,2024-03-31T00:00+01:00,2024-04-01T00:00+02:00", daily with { Zone = null })).ShouldBe(expected);
    }

    private async Task<Instant[]> Times(string times, DataOptions options)
    {
        var csv = "date,y\n" + string.Concat(times.Split(',').Select(t => $"{t},1\n"));
        var panel = await new DataSource(_folder.Path).ReadAsync(_folder.Write("f.csv", csv), options, TestContext.Current.CancellationToken);
        return panel["f"].Times.ToArray();
    }
}
