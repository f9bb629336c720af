using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Hosting.Datasets;

/// <summary>The rows of a series with those that its calendar has and the data have not.</summary>
/// <param name="Times">Times of all of them.</param>
/// <param name="Values">NaN = missing.</param>
/// <param name="Absent">True where the data have no row.</param>
internal sealed record WholeRows(Instant[] Times, double[] Values, bool[] Absent);

/// <summary>Finds where a series has no values: rows without one, and steps of its calendar that have no row.</summary>
internal static class GapFinder
{
    /// <summary>Steps put in at most; holes beyond them are not told, and the season goes on behind them as if nothing were missing.</summary>
    private const int Most = SeriesAnatomy.MostRows;

    /// <summary>The last rows of a series, with the steps between them that are absent.</summary>
    public static WholeRows Whole(TimeSeries series, int from)
    {
        var (times, values, absent) = (new List<Instant>(), new List<double>(), new List<bool>());
        var target = series.Targets[0].Values;
        var left = Most;
        for (var t = from; t < series.Length; t++)
        {
            if (t > from)
            {
                var between = Between(series, series.Times[t - 1], series.Times[t], left);
                left -= between.Count;
                times.AddRange(between);
                values.AddRange(Enumerable.Repeat(double.NaN, between.Count));
                absent.AddRange(Enumerable.Repeat(true, between.Count));
            }

            times.Add(series.Times[t]);
            values.Add(target[t]);
            absent.Add(false);
        }

        return new WholeRows([.. times], [.. values], [.. absent]);
    }

    /// <summary>Runs of missing values, each of one kind.</summary>
    public static IReadOnlyList<SeriesGap> Find(WholeRows rows)
    {
        var gaps = new List<SeriesGap>();
        for (var t = 0; t < rows.Values.Length; t++)
        {
            if (!double.IsNaN(rows.Values[t])) continue;
            var end = t;
            while (end + 1 < rows.Values.Length && double.IsNaN(rows.Values[end + 1]) && rows.Absent[end + 1] == rows.Absent[t]) end++;
            gaps.Add(new SeriesGap(rows.Times[t], rows.Times[end], end - t + 1, rows.Absent[t]));
            t = end;
        }

        return gaps;
    }

    private static List<Instant> Between(TimeSeries series, Instant before, Instant after, int most)
    {
        var steps = new List<Instant>();
        for (var next = series.Frequency.Add(before, 1, series.Calendar); next < after && steps.Count < most; next = series.Frequency.Add(before, steps.Count + 1, series.Calendar)) steps.Add(next);
        return steps;
    }
}
