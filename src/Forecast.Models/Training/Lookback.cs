using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Models.Training;

/// <summary>The rule by which models that read a fixed window choose its length, and how a window is read.</summary>
public static class Lookback
{
    private const int Seasons = 7;
    private const int LeastSeason = 5;

    /// <summary>A window whose standard deviation is below this share of its series' own counts as constant: it has no scale.</summary>
    public const double Flat = 1e-4;

    /// <summary>
    /// Seven seasons (a week of hours or days), at least 35 rows, but no more than a third of the longest series' rows less the
    /// horizon, so that there are windows to learn from; at least one season where that leaves it.
    /// </summary>
    /// <exception cref="ForecastException">No series is long enough for any window.</exception>
    public static int Choose(IReadOnlyList<SeriesView> series, int horizon)
    {
        ArgumentNullException.ThrowIfNull(series);
        var season = series[0].Frequency.SeasonalPeriod;
        var longest = series.Max(s => s.Length);
        var wanted = Seasons * Math.Max(LeastSeason, season);
        var room = Math.Max((longest - horizon) / 3, Math.Min(season, longest - horizon - 1));
        return room >= 1 ? Math.Min(wanted, room) : throw TooShort(series.MaxBy(s => s.Length)!, 1, horizon);
    }

    /// <summary>
    /// The values with gaps closed by the last value before them (the first value, at the start), so that a window can be read;
    /// targets are never filled.
    /// </summary>
    /// <exception cref="ForecastException">Nothing is observed.</exception>
    public static double[] Filled(ReadOnlySpan<double> values, string series)
    {
        var filled = values.ToArray();
        var first = Array.FindIndex(filled, v => !double.IsNaN(v));
        if (first < 0) throw new ForecastException("series-empty", $"series '{series}' has no observation: all {filled.Length} values are missing", "data", series);
        var last = filled[first];
        for (var t = 0; t < filled.Length; t++)
        {
            if (double.IsNaN(filled[t])) filled[t] = last;
            else last = filled[t];
        }

        return filled;
    }

    /// <summary>Whether no value differs from another: rounding in a mean must not make such a window move.</summary>
    public static bool IsConstant(ReadOnlySpan<double> window) => window.Length > 0 && window.IndexOfAnyExcept(window[0]) < 0;

    /// <summary>A model that was fitted on constants has learned nothing that it could say of a series that moves.</summary>
    public static ForecastException NeverMoved(string series) =>
        new("no-window", $"series '{series}' moves, but the model was fitted on rows that never did and has learned nothing from them; fit it again", "lookback", series);

    public static ForecastException TooShort(SeriesView series, int lookback, int horizon) =>
        new("series-too-short", $"series '{series.Id}' has {series.Length} rows; a look-back of {lookback} and a horizon of {horizon} need {lookback + horizon}; give more data or a shorter lookback", "lookback", series.Id);
}
