using Forecast.Core;

namespace Forecast.Models.Ets;

/// <summary>
/// The observations of one series, checked, and divided by a power of two near their size: the search then sees numbers around
/// 1 whatever the unit is, and its result is the same to the bit for a series in thousands or in billions.
/// </summary>
internal sealed class EtsSample
{
    private EtsSample(string series, double[] values, double[] filled, double scale, int observed)
    {
        Series = series;
        Values = values;
        Filled = filled;
        Scale = scale;
        Observed = observed;
    }

    public string Series { get; }

    /// <summary>y / <see cref="Scale"/>; NaN = missing.</summary>
    public double[] Values { get; }

    /// <summary><see cref="Values"/> with gaps bridged by straight lines, for starting values only.</summary>
    public double[] Filled { get; }

    public double Scale { get; }

    /// <summary>Rows that are not missing.</summary>
    public int Observed { get; }

    /// <summary>Row of the last observation.</summary>
    public int Last { get; private init; }

    public bool IsPositive { get; private init; }

    public bool IsConstant { get; private init; }

    /// <exception cref="ForecastException">Nothing observed, or an infinite value.</exception>
    public static EtsSample Of(string series, ReadOnlySpan<double> y)
    {
        var infinite = y.IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
        if (infinite >= 0)
            throw new ForecastException("value-infinite", $"series '{series}' row {infinite}: infinite value; leave it empty if it is missing", "data", series, infinite);
        double largest = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        var observed = 0;
        foreach (var v in y)
        {
            if (double.IsNaN(v)) continue;
            observed++;
            largest = Math.Max(largest, Math.Abs(v));
            least = Math.Min(least, v);
            most = Math.Max(most, v);
        }

        if (observed == 0)
            throw new ForecastException("series-empty", $"series '{series}' has no observation: all {y.Length} values are missing", "data", series);
        var scale = largest > 0 ? Math.ScaleB(1, Math.Clamp(Math.ILogB(largest), -1000, 1000)) : 1;
        var values = y.ToArray();
        for (var t = 0; t < values.Length; t++) values[t] /= scale;
        return new EtsSample(series, values, observed == y.Length ? values : Bridge(values), scale, observed)
        {
            IsPositive = least > 0,
            Last = y.LastIndexOfAnyExcept(double.NaN),
            IsConstant = least == most,
        };
    }

    private static double[] Bridge(double[] values)
    {
        var filled = (double[])values.Clone();
        var last = -1;
        for (var t = 0; t < values.Length; t++)
        {
            if (double.IsNaN(values[t])) continue;
            for (var k = last + 1; k < t; k++)
                filled[k] = last < 0 ? values[t] : values[last] + ((values[t] - values[last]) * (k - last) / (t - last));
            last = t;
        }

        filled.AsSpan(last + 1).Fill(values[last]);
        return filled;
    }
}
