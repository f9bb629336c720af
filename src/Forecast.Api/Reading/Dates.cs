using System.Globalization;
using Forecast.Core;
using Forecast.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Api.Reading;

/// <summary>Dates of requests: a date, an instant with an offset, or a row number for data without dates.</summary>
internal static class Dates
{
    /// <param name="text">What was written.</param>
    /// <param name="frequency">Of the data.</param>
    /// <param name="field">Member that holds it.</param>
    /// <param name="endOfDay">A bare date means the last microsecond of its day.</param>
    /// <exception cref="ForecastException"><c>date-invalid</c>.</exception>
    public static Instant Read(string text, Frequency frequency, string field, bool endOfDay = false)
    {
        if (frequency.IsIndex)
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var row)
                ? Instant.FromUnixTimeSeconds(row)
                : throw new ForecastException("date-invalid", $"'{text}' is no row number, but frequency index numbers rows", field);
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } && date.Year is >= 1 and <= 9998)
            return endOfDay ? date.PlusDays(1).AtMidnight().InUtc().ToInstant() - Duration.FromNanoseconds(1000) : date.AtMidnight().InUtc().ToInstant();
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time } && time.Year is >= 1 and <= 9998) return Whole(time.ToInstant(), text, field);
        throw new ForecastException("date-invalid", $"'{text}' is no date; write 2024-01-02, or 2024-01-02T14:00:00Z with Z or an offset", field);
    }

    private static Instant Whole(Instant instant, string text, string field) => instant.ToUnixTimeTicks() % (NodaConstants.TicksPerMillisecond / 1000) == 0
        ? instant
        : throw new ForecastException("time-too-fine", $"'{text}' is finer than a microsecond", field);
}
