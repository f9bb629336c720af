using System.Globalization;

namespace Forecast.Models.Smetimes;

/// <summary>Further statistics of a segment: its range, median, trend, and the lags at which it repeats.</summary>
/// <param name="Least">Least row.</param>
/// <param name="Greatest">Greatest row.</param>
/// <param name="Median">Mean of the two middle rows where their number is even.</param>
/// <param name="Slope">Of the least-squares line, in units a row.</param>
/// <param name="Lags">Up to three lags of the highest autocorrelation, from 2 to half the rows, highest first; those that are positive.</param>
internal sealed record SegmentDetails(double Least, double Greatest, double Median, double Slope, IReadOnlyList<int> Lags)
{
    private const int MostLags = 3;

    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"\nminimum of this time series is {Least:F4}\nmaximum of this time series is {Greatest:F4}\nmedian of this time series is {Median:F4}\ntrend of this time series is {Trend} by {Slope:F4} a step{(Lags.Count > 0 ? $"\nlags that repeat are {string.Join(' ', Lags)}" : "")}");

    private string Trend => Slope > 0 ? "up" : Slope < 0 ? "down" : "flat";

    /// <param name="values">At least one row, all observed.</param>
    public static SegmentDetails Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        double mean = 0, time = (values.Length - 1) / 2.0, cross = 0, spread = 0;
        foreach (var v in values) mean += v / values.Length;
        for (var t = 0; t < values.Length; t++)
        {
            cross += (t - time) * (values[t] - mean);
            spread += (t - time) * (t - time);
        }

        return new SegmentDetails(sorted[0], sorted[^1], median, spread > 0 ? cross / spread : 0, TopLags(values, mean));
    }

    private static List<int> TopLags(ReadOnlySpan<double> values, double mean)
    {
        var found = new List<(int Lag, double Product)>();
        for (var lag = 2; lag <= values.Length / 2; lag++)
        {
            double product = 0;
            for (var t = lag; t < values.Length; t++) product += (values[t] - mean) * (values[t - lag] - mean);
            if (product > 0) found.Add((lag, product));
        }

        return [.. found.OrderByDescending(f => f.Product).ThenBy(f => f.Lag).Take(MostLags).Select(f => f.Lag)];
    }
}
