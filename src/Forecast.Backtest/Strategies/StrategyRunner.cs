using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Time;

namespace Forecast.Backtest.Strategies;

/// <summary>Trades on the forecasts of a finished back-test: each model, the rules beside them, and buy and hold, asset by asset and together.</summary>
/// <remarks>
/// A decision is made at each cutoff of the walk-forward plan and uses that fold's forecast of the rows up to the next cutoff. What a
/// decision knew is what the run's certificate says the fold could read. In the portfolio every asset has an equal part.
/// </remarks>
public static class StrategyRunner
{
    /// <summary>Name of the asset that stands for all series in equal parts.</summary>
    public const string Portfolio = "portfolio";

    /// <summary>Refuses before any work what could not be traded after it.</summary>
    /// <exception cref="Core.ForecastException">Options out of order, or a series that is neither positive prices nor returns.</exception>
    public static void Require(Panel panel, RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Strategy is not { } options) return;
        options.Validated(spec.Plan);
        ValueKinds.RequireTradable(panel);
    }

    /// <returns>Outcomes by asset (each series, then the portfolio if there are several), buy and hold first.</returns>
    /// <exception cref="Core.ForecastException">Options out of order, or a series that is neither positive prices nor returns.</exception>
    public static IReadOnlyList<StrategyOutcome> Run(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Spec.Strategy is not { } asked) return [];
        var options = asked.Validated(result.Spec.Plan);
        var rows = result.Predictions.ToLookup(p => p.Series, StringComparer.Ordinal);
        SeriesInfo[] traded = [.. result.Series.Where(s => rows.Contains(s.Id))];
        var outcomes = traded.SelectMany(s => Scope(result, rows, options, [s], s.Id)).ToList();
        if (traded.Length > 1) outcomes.AddRange(Scope(result, rows, options, traded, Portfolio));
        return outcomes;
    }

    private static IEnumerable<StrategyOutcome> Scope(BacktestResult result, ILookup<string, PredictionRow> rows, StrategyOptions options, SeriesInfo[] series, string name)
    {
        var prices = PriceTable.From(series);
        var signals = new SignalBook(result, rows, options, series, prices);
        var until = signals.LastTarget;
        var perYear = StrategyMeasures.PeriodsIn(Frequency.Parse(series[0].Frequency));
        foreach (var (signal, kind, decisions) in signals.All())
        {
            var days = Ledger.Keep(prices, decisions, options, until);
            yield return new StrategyOutcome
            {
                Name = signal,
                Kind = kind,
                Asset = name,
                Days = days,
                Measures = StrategyMeasures.Of(days, perYear),
                Certificate = StrategyCertificate.Check(prices, decisions, days, perYear),
            };
        }
    }
}
