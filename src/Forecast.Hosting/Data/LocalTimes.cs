using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>
/// Local times of one series to instants, row by row. An hour that clocks skip is an error. Of an hour that happens twice the
/// first mention is the earlier one and the second the later, which is certain only once both have come: a single mention is
/// an error, never a guess.
/// </summary>
internal sealed class LocalTimes(FileRequest request, string column, DateTimeZone zone)
{
    private readonly Dictionary<LocalDateTime, long> _open = [];
    private Instant _previous = Instant.MinValue;

    public Instant Resolve(LocalDateTime local, long line)
    {
        var mapping = zone.MapLocal(local);
        if (mapping.Count == 0) throw DataErrors.LocalTimeSkipped(request.Display, line, column, Text(local), zone.Id);
        var instant = mapping.First().ToInstant();
        if (mapping.Count == 2)
        {
            if (instant > _previous)
            {
                _open[local] = line;
            }
            else
            {
                instant = mapping.Last().ToInstant();
                _open.Remove(local);
            }
        }

        return _previous = instant;
    }

    /// <summary>To be called after the last row.</summary>
    public void Close()
    {
        if (_open.Count == 0) return;
        var (local, line) = _open.MinBy(o => o.Value);
        throw DataErrors.LocalTimeAmbiguous(request.Display, line, column, Text(local), zone.Id);
    }

    private static string Text(LocalDateTime local) => NodaTime.Text.LocalDateTimePattern.ExtendedIso.Format(local);
}
