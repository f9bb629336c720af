using Forecast.Backtest.Results;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Presets;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>The outcome of a model over all cells.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Days">Days.</param>
/// <param name="Exceedances">Days with a loss above the VaR.</param>
/// <param name="Expected">Days times tail.</param>
/// <param name="TickLoss">Mean quantile loss over the days.</param>
internal sealed record VarPaperTotal(string Model, int Days, int Exceedances, double Expected, double TickLoss);

/// <summary>The preset's outcome for people: a table a cell, then all cells together.</summary>
internal static class VarPaperTable
{
    public static void Print(List<VarPaperRow> rows, List<BacktestResult> results, List<RunFiles> files, TimeSpan elapsed)
    {
        foreach (var cell in rows.GroupBy(r => (r.Index, r.Period)))
        {
            var table = Terminal.Table([$"{cell.Key.Index} {cell.Key.Period.Replace('_', '-')}", "days", "exceedances", "published", "tick, bp", "published", "VaR within 0.5 %", "largest difference"]);
            foreach (var row in cell)
            {
                table.AddRow(
                    Markup.Escape(row.Model), $"{row.Days}", $"{row.Exceedances}", row.PublishedExceedances?.ToString() ?? "-", Points(row.TickLoss), row.PublishedTickLoss is { } tick ? Points(tick) : "-",
                    row.WithinHalfPercent is { } share ? $"{share:P1} of days" : "-", row.LargestDifference is { } off ? (off < 1e-6 ? $"{off:E0}" : $"{off:P2}") : "-");
            }

            Terminal.Out.Write(table);
        }

        var all = Terminal.Table(["all cells", "days", "exceedances", "expected", "tick, bp"]);
        foreach (var total in Pooled(rows)) all.AddRow(Markup.Escape(total.Model), $"{total.Days}", $"{total.Exceedances}", $"{total.Expected:F1}", Points(total.TickLoss));
        Terminal.Out.Write(all);
        foreach (var (model, fits, seconds) in Timings(results)) Terminal.Out.WriteLine($"{model}: {fits} fits of {seconds:G3} s");
        Terminal.Out.WriteLine($"the whole: {elapsed.TotalSeconds:F0} s; a second or later fit of one cell is the same one, by another worker");
        foreach (var failure in results.SelectMany(r => r.Failures).DistinctBy(f => (f.Model, f.Message)).Take(20))
            Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failure.Model} on {failure.Series}: {failure.Message}");
        foreach (var file in files)
        {
            Terminal.Out.WriteLine($"predictions: {file.Predictions}");
            Terminal.Out.WriteLine($"report: {file.Report}");
        }
    }

    public static IReadOnlyList<VarPaperTotal> Pooled(IReadOnlyList<VarPaperRow> rows) =>
    [
        .. rows.GroupBy(r => r.Model, StringComparer.Ordinal).Select(g =>
        {
            var days = g.Sum(r => r.Days);
            return new VarPaperTotal(g.Key, days, g.Sum(r => r.Exceedances), VarPaper.Alpha * days, g.Sum(r => r.TickLoss * r.Days) / days);
        }),
    ];

    public static IEnumerable<(string Model, int Fits, double Seconds)> Timings(IEnumerable<BacktestResult> results) =>
        results.SelectMany(r => r.Timings).GroupBy(t => t.Model, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(t => t.Fits), g.Sum(t => t.FitSeconds) / Math.Max(1, g.Sum(t => t.Fits))));

    private static string Points(double loss) => $"{loss * 1e4:F2}";
}
