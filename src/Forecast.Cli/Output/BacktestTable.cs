using Forecast.Backtest.Results;
using Forecast.Hosting.Backtests;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>A back-test for people: the metrics of each series, or of a large panel as a whole, a line a model, the first model as the baseline.</summary>
internal static class BacktestTable
{
    /// <summary>Panels of more series than this are shown as a whole only; JSON and report have each series.</summary>
    private const int MostTables = 20;

    private const int MostFailures = 20;
    private const string AllSeries = "all";

    private static readonly string[] Shown = ["MAE", "RMSE", "MASE", "RMSSE", "sMAPE", "WQL", "CRPS"];

    public static void Print(RunFindings findings, RunFiles files)
    {
        var result = findings.Result;
        var metrics = result.Metrics.ToLookup(m => m.Series, StringComparer.Ordinal);
        if (result.Series.Count <= MostTables)
        {
            foreach (var series in result.Series) Print(series.Id, result.Spec.Models, [.. metrics[series.Id]]);
        }

        if (result.Series.Count > 1) Print($"all {result.Series.Count} series", result.Spec.Models, [.. metrics[AllSeries]]);
        StrategyTable.Print(findings.Strategies);
        foreach (var risk in findings.Risk()) RiskTable.Print(risk);
        var failures = result.Failures.DistinctBy(f => (f.Model, f.Series, f.Message)).ToArray();
        foreach (var failure in failures.Take(MostFailures))
            Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failure.Model} on {failure.Series}: {failure.Message}");
        if (failures.Length > MostFailures) Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failures.Length - MostFailures} more; --json and the report have them all");
        Terminal.Out.WriteLine($"leakage: {result.Certificate.Verdict}, {result.Certificate.Folds.Count} folds certified, {result.Certificate.Violations.Count} violations");
        Terminal.Out.WriteLine($"hash of all predictions: {result.PredictionsHash}");
        Terminal.Out.WriteLine($"predictions: {files.Predictions}");
        Terminal.Out.WriteLine($"report: {files.Report}");
    }

    private static void Print(string title, IReadOnlyList<string> models, MetricValue[] own)
    {
        var names = Shown.Concat(own.Select(m => m.Name).Where(n => n.StartsWith("coverage@", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)).ToArray();
        var table = Terminal.Table([title, .. names, "forecasts"]);
        foreach (var model in models)
        {
            var row = own.Where(m => string.Equals(m.Model, model, StringComparison.Ordinal)).ToArray();
            table.AddRow([Markup.Escape(model), .. names.Select(n => Cell(row, n)), row.Length > 0 ? row.Max(m => m.Count).ToString() : "-"]);
        }

        Terminal.Out.Write(table);
        foreach (var (model, note) in own.Where(m => m.Note.Length > 0 && double.IsFinite(m.Value)).Select(m => (m.Model, m.Note)).Distinct())
            Terminal.Out.WriteLine($"{model}: {note}");
    }

    private static string Cell(MetricValue[] row, string name)
    {
        var metric = Array.Find(row, m => string.Equals(m.Name, name, StringComparison.Ordinal));
        return metric is null || !double.IsFinite(metric.Value) ? "-" : metric.Value.ToString("G4");
    }
}
