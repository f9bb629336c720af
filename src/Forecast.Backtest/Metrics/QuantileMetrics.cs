namespace Forecast.Backtest.Metrics;

/// <summary>Scores of quantile forecasts. Actuals that are NaN are left out; a quantile that is NaN makes the score NaN.</summary>
public static class QuantileMetrics
{
    /// <summary>Pinball loss (y - q)(level - 1[y &lt; q]), in the unit of the data (Koenker and Bassett 1978).</summary>
    public static double Pinball(double actual, double quantile, double level) => (actual - quantile) * (level - (actual < quantile ? 1 : 0));

    /// <summary>Mean pinball loss of one level.</summary>
    public static double MeanPinball(ReadOnlySpan<double> actual, ReadOnlySpan<double> quantile, double level) =>
        PointMetrics.Mean(actual, quantile, (y, q) => Pinball(y, q, level));

    /// <summary>Weighted quantile loss of one level: 2 sum pinball / sum |y|; NaN if every actual is 0.</summary>
    public static double WeightedQuantileLoss(ReadOnlySpan<double> actual, ReadOnlySpan<double> quantile, double level) =>
        PointMetrics.Ratio(2 * MeanPinball(actual, quantile, level), PointMetrics.MeanMagnitude(actual));

    /// <summary>Share of actuals at or below the quantile; near the level when calibrated.</summary>
    public static double LevelCoverage(ReadOnlySpan<double> actual, ReadOnlySpan<double> quantile) =>
        PointMetrics.Mean(actual, quantile, (y, q) => double.IsNaN(q) ? double.NaN : y <= q ? 1 : 0);

    /// <summary>
    /// The quantile loss averaged over levels and doubled: an approximation of the CRPS that becomes exact as the levels fill (0, 1)
    /// evenly (Laio and Tamea 2007).
    /// </summary>
    /// <param name="pinballByLevel">Mean pinball loss of each level.</param>
    public static double CrpsFromQuantiles(ReadOnlySpan<double> pinballByLevel)
    {
        double sum = 0;
        foreach (var loss in pinballByLevel) sum += loss;
        return pinballByLevel.Length == 0 ? double.NaN : 2 * sum / pinballByLevel.Length;
    }
}
