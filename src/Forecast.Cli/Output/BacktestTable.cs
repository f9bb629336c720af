using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Backtest.Strategies;
using Forecast.Hosting.Backtests;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>A back-test for people: the metrics of each series, a line a model, the first model as the baseline.</summary>
internal static class BacktestTable
{
    private static readonly string[] Shown = ["MAE", "RMSE", "MASE", "RMSSE", "sMAPE", "WQL", "CRPS"];

    public static void Print(BacktestResult result, RunFiles files)
    {
        foreach (var series in result.Series.Select(s => s.Id))
        {
            var own = result.Metrics.Where(m => string.Equals(m.Series, series, StringComparison.Ordinal)).ToArray();
            var names = Shown.Concat(own.Select(m => m.Name).Where(n => n.StartsWith("coverage@", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)).ToArray();
            var table = Terminal.Table([series, .. names, "forecasts"]);
            foreach (var model in result.Spec.Models)
            {
                var row = own.Where(m => string.Equals(m.Model, model, StringComparison.Ordinal)).ToArray();
                table.AddRow([Markup.Escape(model), .. names.Select(n => Cell(row, n)), row.Length > 0 ? row.Max(m => m.Count).ToString() : "-"]);
            }

            Terminal.Out.Write(table);
        }

        StrategyTable.Print(StrategyRunner.Run(result));
        foreach (var risk in RunRisk.All(result)) RiskTable.Print(risk);
        foreach (var failure in result.Failures.DistinctBy(f => (f.Model, f.Series, f.Message)).Take(20))
            Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failure.Model} on {failure.Series}: {failure.Message}");
        Terminal.Out.WriteLine($"leakage: {result.Certificate.Verdict}, {result.Certificate.Folds.Count} folds certified, {result.Certificate.Violations.Count} violations");
        Terminal.Out.WriteLine($"hash of all predictions: {result.PredictionsHash}");
        Terminal.Out.WriteLine($"predictions: {files.Predictions}");
        Terminal.Out.WriteLine($"report: {files.Report}");
    }

    private static string Cell(MetricValue[] row, string name)
    {
        var metric = Array.Find(row, m => string.Equals(m.Name, name, StringComparison.Ordinal));
        return metric is null || !double.IsFinite(metric.Value) ? "-" : metric.Value.ToString("G4");
    }
}
