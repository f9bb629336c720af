using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>The loss by which the report ranks, compares and tests: the sharpest one that every model of the run has.</summary>
/// <param name="Name">Short name, as in the metric table.</param>
/// <param name="FullName">Name in a sentence.</param>
/// <param name="Of">Loss of one forecast; NaN where it has none.</param>
public sealed record Score(string Name, string FullName, Func<PredictionRow, double> Of)
{
    public static Score Absolute { get; } = new("MAE", "absolute error", r => Math.Abs(r.Actual - r.Mean));

    public static Score Squared { get; } = new("MSE", "squared error", r => (r.Actual - r.Mean) * (r.Actual - r.Mean));

    public static Score Crps { get; } = new("CRPS", "continuous ranked probability score", r => double.IsNaN(r.Actual) ? double.NaN : r.Crps);

    /// <summary>CRPS where every scored forecast has one, else the mean pinball loss over the levels, else the absolute error.</summary>
    public static Score For(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var scored = result.Predictions.Where(r => !double.IsNaN(r.Actual)).ToArray();
        if (scored.Length > 0 && Array.TrueForAll(scored, r => !double.IsNaN(r.Crps))) return Crps;
        var levels = result.Spec.Levels;
        return scored.Length > 0 && levels.Count > 0 && Array.TrueForAll(scored, r => r.Quantiles.Length == levels.Count && !Array.Exists(r.Quantiles, double.IsNaN))
            ? Pinball(levels)
            : Absolute;
    }

    private static Score Pinball(IReadOnlyList<double> levels) => new("pinball", "mean pinball loss over the levels", row =>
    {
        double sum = 0;
        for (var k = 0; k < levels.Count; k++) sum += Metrics.QuantileMetrics.Pinball(row.Actual, row.Quantiles[k], levels[k]);
        return sum / levels.Count;
    });
}
