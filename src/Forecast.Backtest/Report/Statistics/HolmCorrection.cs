namespace Forecast.Backtest.Report.Statistics;

/// <summary>p-values of several tests read together (Holm 1979).</summary>
public static class HolmCorrection
{
    /// <summary>
    /// Step-down adjustment: with p(1) at most p(2) ... of m tests, adjusted p(i) = max over j at most i of min(1, (m - j + 1) p(j)).
    /// NaN (a test that could not be made) stays NaN and does not count.
    /// </summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var order = Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i]).ToArray();
        var adjusted = Enumerable.Repeat(double.NaN, p.Count).ToArray();
        double floor = 0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            floor = Math.Max(floor, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = floor;
        }

        return adjusted;
    }
}
