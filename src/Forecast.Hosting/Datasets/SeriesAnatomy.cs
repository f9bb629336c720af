using Forecast.Backtest.Metrics;
using Forecast.Core.Data;
using Forecast.Models.Stl;
using NodaTime;

namespace Forecast.Hosting.Datasets;

/// <summary>A stretch without values.</summary>
/// <param name="From">Time of the first row that is missing.</param>
/// <param name="To">Time of the last one.</param>
/// <param name="Rows">How many.</param>
/// <param name="Absent">True when the rows themselves are not there; false when they stand there without a value.</param>
public sealed record SeriesGap(Instant From, Instant To, int Rows, bool Absent);

/// <summary>A value far from what its neighbours and its season lead one to expect.</summary>
public sealed record SeriesOutlier(Instant Time, double Value, double Expected);

/// <summary>
/// What the last rows of a series are made of: season, trend and remainder (STL), correlation with itself, gaps, outliers. It describes
/// a series to people; no forecast is made of it.
/// </summary>
public sealed record SeriesAnatomy
{
    /// <summary>Rows looked at.</summary>
    public const int MostRows = 5_000;

    private const int FewestRows = 8;

    /// <summary>First row looked at.</summary>
    public required int From { get; init; }

    public required Instant[] Times { get; init; }

    /// <summary>NaN = missing.</summary>
    public required double[] Values { get; init; }

    /// <summary>Rows a season; 1 = none.</summary>
    public required int Period { get; init; }

    /// <summary>Null where there are fewer than two seasons.</summary>
    public StlDecomposition? Parts { get; init; }

    /// <summary>Autocorrelations from lag 1; empty for a constant or a very short series.</summary>
    public double[] Acf { get; init; } = [];

    public double[] Pacf { get; init; } = [];

    /// <summary>1.96 / sqrt(n): 95 % of the correlations of independent values lie within.</summary>
    public double Band { get; init; }

    public IReadOnlyList<SeriesGap> Gaps { get; init; } = [];

    public IReadOnlyList<SeriesOutlier> Outliers { get; init; } = [];

    /// <param name="series">Its first target is looked at.</param>
    /// <param name="period">Rows a season; null = the usual one of the frequency.</param>
    public static SeriesAnatomy Of(TimeSeries series, int? period = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var from = Math.Max(0, series.Length - MostRows);
        var rows = GapFinder.Whole(series, from);
        var (times, values) = (rows.Times, rows.Values);
        var season = period ?? series.Frequency.SeasonalPeriod;
        var bare = new SeriesAnatomy { From = from, Times = times, Values = values, Period = season, Gaps = GapFinder.Find(rows) };
        var whole = Filled(values);
        if (whole.Length < FewestRows) return bare;
        var parts = season >= 2 && whole.Length > 2 * season ? StlDecomposition.Of(whole, new StlSettings { Period = season, Robust = true }, series.Id) : null;
        var lags = Math.Min(whole.Length / 2, Math.Clamp((5 * season) / 2, 24, 60));
        var varies = whole.Any(v => v != whole[0]);
        return bare with
        {
            Parts = parts,
            Acf = varies ? ResidualDiagnostics.Autocorrelations(whole, lags) : [],
            Pacf = varies ? ResidualDiagnostics.PartialAutocorrelations(whole, lags) : [],
            Band = 1.96 / Math.Sqrt(whole.Length),
            Outliers = OutliersOf(times, values, whole, parts, season),
        };
    }

    /// <summary>Gaps bridged by straight lines, ends by their neighbour: for the description only. Empty when nothing is there.</summary>
    private static double[] Filled(double[] values)
    {
        var known = Enumerable.Range(0, values.Length).Where(t => !double.IsNaN(values[t])).ToArray();
        if (known.Length == 0) return [];
        var filled = (double[])values.Clone();
        for (var k = 0; k <= known.Length; k++)
        {
            var (left, right) = (k == 0 ? -1 : known[k - 1], k == known.Length ? values.Length : known[k]);
            for (var t = left + 1; t < right; t++)
            {
                filled[t] = left < 0 ? values[right] : right == values.Length ? values[left]
                    : values[left] + ((values[right] - values[left]) * (t - left) / (right - left));
            }
        }

        return filled;
    }

    /// <summary>Median of seven neighbours: what a series without a season is expected to be.</summary>
    private static double[] RunningMedian(double[] values)
    {
        const int half = 3;
        var medians = new double[values.Length];
        for (var t = 0; t < values.Length; t++)
        {
            var near = values[Math.Max(0, t - half)..Math.Min(values.Length, t + half + 1)];
            Array.Sort(near);
            medians[t] = near[near.Length / 2];
        }

        return medians;
    }

    /// <summary>
    /// Remainders more than three interquartile ranges beyond the quartiles, Tukey's outer fences (1977). Logarithms are judged where trend
    /// and season explain more of them: of a season that grows with the level, the peaks are no outliers.
    /// </summary>
    private static SeriesOutlier[] OutliersOf(Instant[] times, double[] values, double[] whole, StlDecomposition? parts, int period)
    {
        const double fences = 3;
        var (judged, expected, logs) = Judged(whole, parts, period);
        var present = Enumerable.Range(0, values.Length).Where(t => !double.IsNaN(values[t])).ToArray();
        var sorted = Array.ConvertAll(present, t => judged[t] - expected[t]);
        Array.Sort(sorted);
        var (low, high) = (sorted[sorted.Length / 4], sorted[3 * (sorted.Length - 1) / 4]);
        var reach = fences * (high - low);
        // What is no more than rounding is no spread.
        if (reach <= 1e-9 * judged.Max(Math.Abs)) return [];
        return [.. present.Where(t => judged[t] - expected[t] < low - reach || judged[t] - expected[t] > high + reach).Select(t => new SeriesOutlier(times[t], values[t], logs ? Math.Exp(expected[t]) : expected[t]))];
    }

    private static (double[] Judged, double[] Expected, bool Logs) Judged(double[] whole, StlDecomposition? parts, int period)
    {
        if (parts is null) return (whole, RunningMedian(whole), false);
        if (!Array.TrueForAll(whole, v => v > 0)) return (whole, Fitted(parts), false);
        var logs = Array.ConvertAll(whole, Math.Log);
        var other = StlDecomposition.Of(logs, new StlSettings { Period = period, Robust = true });
        return Unexplained(other, logs) < Unexplained(parts, whole) ? (logs, Fitted(other), true) : (whole, Fitted(parts), false);
    }

    private static double[] Fitted(StlDecomposition parts) => [.. parts.Trend.Select((trend, t) => trend + parts.Seasonal[t])];

    /// <summary>Share of the spread about the mean that is left, by absolute values, which a spike does not govern.</summary>
    private static double Unexplained(StlDecomposition parts, double[] values)
    {
        var mean = values.Average();
        return parts.Remainder.Sum(Math.Abs) / values.Sum(v => Math.Abs(v - mean));
    }
}
