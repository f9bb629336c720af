using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>Losses of two models on the folds and steps that both have: never means over unequal folds.</summary>
/// <param name="Folds">Numbers of the folds, in time.</param>
/// <param name="First">Mean loss of the first model in each fold.</param>
/// <param name="Second">Mean loss of the second.</param>
public sealed record PairedLosses(int[] Folds, double[] First, double[] Second)
{
    public int Count => Folds.Length;

    /// <summary>Skill of the first model over the second: 1 - sum of losses / sum of losses.</summary>
    public double Skill => Count == 0 ? double.NaN : 1 - (First.Sum() / Second.Sum());

    public static PairedLosses Of(ForecastGroup first, ForecastGroup second, Func<PredictionRow, double> loss)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(loss);
        var others = second.Rows.ToDictionary(r => (r.Fold, r.H), loss);
        var pairs = first.Rows
            .Select(r => (r.Fold, A: loss(r), B: others.GetValueOrDefault((r.Fold, r.H), double.NaN)))
            .Where(p => double.IsFinite(p.A) && double.IsFinite(p.B))
            .GroupBy(p => p.Fold).OrderBy(g => g.Key)
            .Select(g => (Fold: g.Key, A: g.Average(p => p.A), B: g.Average(p => p.B)))
            .ToArray();
        return new([.. pairs.Select(p => p.Fold)], [.. pairs.Select(p => p.A)], [.. pairs.Select(p => p.B)]);
    }
}
