using Forecast.Core;

namespace Forecast.Models.Stl;

/// <summary>
/// Several seasons taken out in turn by STL, shortest first: each pass decomposes the series less the other seasons
/// (Bandara, Hyndman and Bergmeir 2021). y = trend + sum of seasons + remainder.
/// </summary>
/// <param name="Periods">Observations a season, ascending.</param>
/// <param name="Seasonals">One component a period.</param>
/// <param name="Trend">The trend of the last pass.</param>
/// <param name="Remainder">What is left.</param>
public sealed record MstlDecomposition(IReadOnlyList<int> Periods, IReadOnlyList<double[]> Seasonals, double[] Trend, double[] Remainder)
{
    /// <summary>Decomposes a series without gaps with the windows of R's <c>mstl</c>.</summary>
    /// <param name="y">Observations; periods of half their number and more are left out.</param>
    /// <param name="periods">Observations a season, in any order.</param>
    /// <param name="robust">Whether outliers are weighted down.</param>
    /// <param name="iterations">Rounds over all periods when there are several. Default 2, as R's <c>mstl</c>.</param>
    /// <param name="series">Id for errors.</param>
    /// <exception cref="ForecastException">No period fits the length, or an observation is missing or infinite.</exception>
    public static MstlDecomposition Of(ReadOnlySpan<double> y, IEnumerable<int> periods, bool robust = false, int iterations = 2, string series = "")
    {
        var n = y.Length;
        int[] usable = [.. periods.Where(p => 2 * p < n).Distinct().Order()];
        return usable.Length == 0
            ? throw new ForecastException("series-too-short", $"series '{series}' has {n} observations; no period has two whole seasons and one value more", "data", series)
            : Of(y, usable.Length, i => new StlSettings { Period = usable[i], SeasonalWindow = SeasonalWindow(i), Robust = robust }, iterations, series);
    }

    /// <summary>Decomposes a series without gaps, the i-th of several periods with its own settings.</summary>
    internal static MstlDecomposition Of(ReadOnlySpan<double> y, int count, Func<int, StlSettings> settings, int iterations = 2, string series = "")
    {
        var seasonals = new double[count][];
        for (var i = 0; i < count; i++)
            seasonals[i] = new double[y.Length];
        var rest = y.ToArray();
        double[] trend = [];
        for (var round = 0; round < (count == 1 ? 1 : iterations); round++)
        {
            for (var i = 0; i < count; i++)
            {
                Add(rest, seasonals[i], 1);
                var stl = StlDecomposition.Of(rest, settings(i), series);
                seasonals[i] = stl.Seasonal;
                trend = stl.Trend;
                Add(rest, seasonals[i], -1);
            }
        }

        Add(rest, trend, -1);
        return new MstlDecomposition([.. Enumerable.Range(0, count).Select(i => settings(i).Period)], seasonals, trend, rest);
    }

    /// <summary>7 + 4 i for the i-th season, i from 1 (R's <c>mstl</c>): longer seasons are held more rigid.</summary>
    internal static int SeasonalWindow(int index) => 11 + (4 * index);

    private static void Add(double[] to, double[] what, int sign)
    {
        for (var t = 0; t < to.Length; t++)
            to[t] += sign * what[t];
    }
}
