namespace Forecast.Backtest.Report.Charts;

/// <summary>Chooses which points of a long series a chart keeps.</summary>
public static class Thinning
{
    /// <summary>
    /// Ascending indices, at most <paramref name="limit"/>: of each bucket the places of the smallest and the largest value of every
    /// list, so that no extreme is lost; a place that is missing (NaN) is kept too, so that no gap closes.
    /// </summary>
    /// <param name="lists">Curves of equal length that are drawn over the same x.</param>
    /// <param name="limit">Most points to keep.</param>
    public static int[] Keep(IReadOnlyList<double[]> lists, int limit)
    {
        ArgumentNullException.ThrowIfNull(lists);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        var length = lists.Count == 0 ? 0 : lists[0].Length;
        if (length <= limit) return [.. Enumerable.Range(0, length)];
        var perBucket = (2 * lists.Count) + 1;
        var buckets = Math.Max(1, limit / perBucket);
        var kept = new SortedSet<int>();
        for (var b = 0; b < buckets; b++)
        {
            var from = (int)((long)b * length / buckets);
            var to = (int)((long)(b + 1) * length / buckets);
            foreach (var list in lists) AddExtremes(kept, list, from, to);
        }

        return [.. kept];
    }

    private static void AddExtremes(SortedSet<int> kept, double[] list, int from, int to)
    {
        int low = -1, high = -1, missing = -1;
        for (var i = from; i < to; i++)
        {
            if (double.IsNaN(list[i]))
            {
                missing = i;
                continue;
            }

            if (low < 0 || list[i] < list[low]) low = i;
            if (high < 0 || list[i] > list[high]) high = i;
        }

        if (low >= 0) kept.Add(low);
        if (high >= 0) kept.Add(high);
        if (missing >= 0) kept.Add(missing);
    }
}
