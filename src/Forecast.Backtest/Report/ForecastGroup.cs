using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>All forecasts of one model for one series.</summary>
public sealed class ForecastGroup
{
    internal ForecastGroup(IReadOnlyList<PredictionRow> rows)
    {
        Rows = rows;
        Folds = [.. rows.GroupBy(r => r.Fold).OrderBy(g => g.Key).Select(g => (IReadOnlyList<PredictionRow>)[.. g.OrderBy(r => r.H)])];
    }

    public static ForecastGroup Empty { get; } = new([]);

    public IReadOnlyList<PredictionRow> Rows { get; }

    /// <summary>Rows by fold, in time.</summary>
    public IReadOnlyList<IReadOnlyList<PredictionRow>> Folds { get; }

    /// <summary>The forecasts of one step, fold by fold.</summary>
    public IReadOnlyList<PredictionRow> AtStep(int h) => [.. Folds.SelectMany(f => f.Where(r => r.H == h))];
}
