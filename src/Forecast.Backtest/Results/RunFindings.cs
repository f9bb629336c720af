using Forecast.Backtest.Risk;
using Forecast.Backtest.Strategies;

namespace Forecast.Backtest.Results;

/// <summary>
/// What takes time to work out from the forecasts of a finished run, done when first asked for and kept, so that a report and an answer to
/// programs share it. For one thread at a time.
/// </summary>
/// <param name="result">The run.</param>
public sealed class RunFindings(BacktestResult result)
{
    private readonly Dictionary<string, IReadOnlyList<RunRisk>> _risk = new(StringComparer.Ordinal);
    private (int Step, ILookup<string, PredictionRow> Rows)? _first;
    private IReadOnlyList<StrategyOutcome>? _strategies;

    public BacktestResult Result { get; } = result;

    /// <summary>Trading on the forecasts; empty when the run asked for none.</summary>
    public IReadOnlyList<StrategyOutcome> Strategies => _strategies ??= StrategyRunner.Run(Result);

    /// <summary>Risk tests series by series and tail by tail; empty when the run recorded no tails.</summary>
    /// <param name="mostSeries">Series after the first so many are left out.</param>
    public IReadOnlyList<RunRisk> Risk(int mostSeries = int.MaxValue)
    {
        if (Result.Spec.Risk is not { Count: > 0 } || Result.Predictions.Count == 0) return [];
        return [.. Result.Series.Take(mostSeries).SelectMany(s => RiskOf(s.Id))];
    }

    private IReadOnlyList<RunRisk> RiskOf(string series)
    {
        if (_risk.TryGetValue(series, out var known)) return known;
        var (step, rows) = _first ??= FirstSteps(Result.Predictions);
        return _risk[series] = RunRisk.Of(Result, series, step, rows[series]);
    }

    private static (int Step, ILookup<string, PredictionRow> Rows) FirstSteps(IReadOnlyList<PredictionRow> rows)
    {
        var step = rows.Min(r => r.H);
        return (step, rows.Where(r => r.H == step).ToLookup(r => r.Series, StringComparer.Ordinal));
    }
}
