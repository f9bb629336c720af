using Forecast.Core;
using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Models.Training;

/// <summary>What a network reads beside the target's own past.</summary>
/// <param name="Past">Past covariates: known up to the cutoff.</param>
/// <param name="Future">Known-future covariates.</param>
/// <param name="Calendar">Whether time of day (where it matters), day of the week and day of the year are read, each as sine and cosine.</param>
public sealed record PanelFeatures(IReadOnlyList<string> Past, IReadOnlyList<string> Future, bool Calendar)
{
    public static PanelFeatures None { get; } = new([], [], Calendar: false);

    /// <summary>Channels that are known ahead.</summary>
    public int FutureChannels => Future.Count + (Calendar ? 6 : 0);

    /// <summary>Checks that every series has the columns.</summary>
    /// <exception cref="ForecastException">A series lacks one, or the calendar of rows without dates is asked for.</exception>
    public void Check(SeriesView series)
    {
        ArgumentNullException.ThrowIfNull(series);
        Check(Past, ColumnRole.PastCovariate, "past");
        Check(Future, ColumnRole.FutureCovariate, "future");
        if (Calendar && series.Frequency.IsIndex) throw new ForecastException("calendar-undated", "calendar features need dates, but the rows are only numbered", "calendar", series.Id);

        void Check(IReadOnlyList<string> names, ColumnRole role, string option)
        {
            var has = series.ColumnsOf(role).ToHashSet(StringComparer.Ordinal);
            foreach (var name in names)
            {
                if (!has.Contains(name)) throw new ForecastException("column-unknown", $"series '{series.Id}' has no {option} covariate '{name}'; it has {(has.Count == 0 ? "none" : string.Join(", ", has))}", option, series.Id);
            }
        }
    }

    /// <summary>Sine and cosine of the place in the day, the week and the year.</summary>
    internal static void WriteCalendar(Instant time, Span<float> target)
    {
        var local = time.InUtc().LocalDateTime;
        Put(target, 0, local.TimeOfDay.TickOfDay / (double)NodaConstants.TicksPerDay);
        Put(target, 2, ((int)local.DayOfWeek - 1) / 7.0);
        Put(target, 4, (local.DayOfYear - 1) / 365.25);

        static void Put(Span<float> target, int at, double turn)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * turn);
            target[at] = (float)sin;
            target[at + 1] = (float)cos;
        }
    }
}
