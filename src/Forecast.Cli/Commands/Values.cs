using System.Globalization;
using Forecast.Core;
using Forecast.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Cli.Commands;

/// <summary>Reads the small languages of option values.</summary>
internal static class Values
{
    /// <summary>Numbers split at commas; levels of quantiles may be <c>none</c>.</summary>
    public static IReadOnlyList<double> Levels(string text, string field = "levels")
    {
        if (field is "levels" && text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        var levels = new List<double>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var level))
                throw new ForecastException("level-invalid", $"--{field} '{text}': '{part}' is no number", field, index: levels.Count);
            levels.Add(level);
        }

        return levels;
    }

    /// <summary><c>expanding</c> or <c>rolling:N</c>.</summary>
    public static int? Window(string text) => text.Equals("expanding", StringComparison.OrdinalIgnoreCase)
        ? null
        : Count(text, "rolling:", "window", "expanding or rolling:N");

    /// <summary><c>never</c> or <c>every:K</c>.</summary>
    public static int? Refit(string text) => text.Equals("never", StringComparison.OrdinalIgnoreCase)
        ? null
        : Count(text, "every:", "refit", "never or every:K");

    /// <summary>A date, a date with time (UTC), or a row number for data without dates.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="frequency">Of the data.</param>
    /// <param name="field">Option name for the error.</param>
    /// <param name="endOfDay">A bare date means the end of its day, so that intraday rows of the last day belong to the span.</param>
    public static Instant When(string text, Frequency frequency, string field, bool endOfDay)
    {
        if (frequency.IsIndex)
        {
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var row)
                ? Instant.FromUnixTimeSeconds(row)
                : throw new ForecastException("date-invalid", $"--{field} '{text}': the data have row numbers, not dates; give a row number", field);
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date })
            return (endOfDay ? date.PlusDays(1) : date).AtMidnight().InUtc().ToInstant() - (endOfDay ? Duration.FromNanoseconds(1000) : Duration.Zero);
        if (InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var instant }) return instant;
        if (LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss").Parse(text) is { Success: true, Value: var local }) return local.InUtc().ToInstant();
        throw new ForecastException("date-invalid", $"--{field} '{text}' is no date; write 2018-12-31 or 2018-12-31T14:00:00Z", field);
    }

    private static int Count(string text, string prefix, string field, string forms) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && int.TryParse(text[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
            ? n
            : throw new ForecastException($"{field}-invalid", $"--{field} '{text}' is neither {forms.Replace(" or ", " nor ", StringComparison.Ordinal)} with a whole number of at least 1", field);
}
