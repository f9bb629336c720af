using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Database;

/// <summary>Instants as whole microseconds since the Unix epoch: what both databases hold without loss.</summary>
internal static class Micros
{
    private const long TicksPerMicro = 10;

    /// <summary>For times of data and cutoffs, where silent rounding could move a value across a cutoff.</summary>
    /// <exception cref="ForecastException">The instant lies between two microseconds.</exception>
    public static long Exact(Instant instant, string field, string? series = null, int? row = null)
    {
        var floor = Floor(instant);
        if (ToInstant(floor) != instant)
            throw new ForecastException("time-too-fine", $"{field}: {instant:uuuu-MM-dd'T'HH:mm:ss.fffffffff'Z'} lies between two microseconds; the store keeps whole microseconds", field, series, row);
        return floor;
    }

    public static long? Exact(Instant? instant, string field) => instant is { } known ? Exact(known, field) : null;

    /// <summary>For readings of a clock, where the part below a microsecond means nothing.</summary>
    public static long Floor(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks(); // itself rounded towards the past
        return (ticks - (((ticks % TicksPerMicro) + TicksPerMicro) % TicksPerMicro)) / TicksPerMicro;
    }

    public static Instant ToInstant(long micros) => Instant.FromUnixTimeTicks(checked(micros * TicksPerMicro));

    public static Instant? ToInstant(long? micros) => micros is { } known ? ToInstant(known) : null;
}
