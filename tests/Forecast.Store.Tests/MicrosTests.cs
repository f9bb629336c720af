using Forecast.Core;
using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store.Tests;

public class MicrosTests
{
    [Fact]
    public void Whole_microseconds_come_back_over_the_whole_range_of_dates()
    {
        Instant[] instants =
        [
            Instant.MinValue, Instant.FromUtc(1, 1, 1, 0, 0), Instant.FromUnixTimeTicks(-10), NodaConstants.UnixEpoch, Instant.FromUnixTimeTicks(10),
            Instant.FromUtc(2018, 12, 5, 21, 0), Instant.FromUtc(9999, 12, 31, 23, 59) + Duration.FromTicks(599_999_990),
        ];
        foreach (var instant in instants) Micros.ToInstant(Micros.Exact(instant, "t")).ShouldBe(instant);
        Micros.Exact(Instant.FromUnixTimeTicks(-10), "t").ShouldBe(-1);
        Micros.Exact(Instant.FromUnixTimeSeconds(1_500_000_000), "t").ShouldBe(1_500_000_000_000_000);
    }

    [Fact]
    public void A_clock_is_read_towards_the_past()
    {
        Micros.Floor(NodaConstants.UnixEpoch + Duration.FromNanoseconds(1_999L)).ShouldBe(1);
        Micros.Floor(NodaConstants.UnixEpoch - Duration.FromNanoseconds(1L)).ShouldBe(-1);
        Micros.Floor(NodaConstants.UnixEpoch - Duration.FromNanoseconds(1_000L)).ShouldBe(-1);
        Micros.Floor(NodaConstants.UnixEpoch - Duration.FromNanoseconds(1_001L)).ShouldBe(-2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(999)]
    [InlineData(-1)]
    public void Anything_finer_is_refused(int nanoseconds)
    {
        var error = Should.Throw<ForecastException>(() => Micros.Exact(NodaConstants.UnixEpoch + Duration.FromNanoseconds((long)nanoseconds), "cutoff", "EUR/USD", 7));
        (error.Code, error.Field, error.Series, error.Index).ShouldBe(("time-too-fine", "cutoff", "EUR/USD", 7));
    }
}
