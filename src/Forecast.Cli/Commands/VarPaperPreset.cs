using System.Diagnostics;
using Forecast.Backtest.Results;
using Forecast.Cli.Output;
using Forecast.Hosting;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Presets;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast backtest [FOLDER] --preset var-paper</c>: the cells of the LSTM-MDN paper one after the other, each two runs of the store.</summary>
internal static class VarPaperPreset
{
    /// <param name="platform">Where runs are kept and worked on.</param>
    /// <param name="data">Folder of closes, or null for the one that comes with the sources.</param>
    /// <param name="models">Model strings, or null for those of the paper and ours.</param>
    /// <param name="run">Beginning of the runs' ids, so that they can be gone on with; null = ids of their own.</param>
    /// <param name="seed">Of all runs.</param>
    /// <param name="device">cpu, cuda:0, ...</param>
    /// <param name="command">The command line, for the lineage.</param>
    /// <param name="json">Whether programs read the answer.</param>
    /// <param name="cancellation">Stops; what was committed is kept.</param>
    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(ForecastPlatform platform, string? data, string? models, string? run, ulong seed, string device, string command, bool json, CancellationToken cancellation)
    {
        var folder = VarPaper.Folder(data);
        var watch = Stopwatch.StartNew();
        List<VarPaperRow> rows = [];
        List<BacktestResult> results = [];
        List<RunFiles> files = [];
        foreach (var cell in VarPaper.Cells)
        {
            var panel = await VarPaper.ReadAsync(folder, cell, cancellation);
            var (daily, once) = VarPaper.Specs(cell, VarPaper.Models(models), seed, device);
            foreach (var (spec, kind) in new[] { (daily, "daily"), (once, "once") })
            {
                if (spec is null) continue;
                var id = await platform.Backtests.CreateAsync(panel, spec, run is null ? null : $"{run}-{cell.Index}-{cell.Period}-{kind}", command, cancellation);
                var result = await RunProgressBar.WatchAsync(id, progress => platform.Backtests.RunAsync(id, progress, cancellation));
                files.Add(await RunFiles.WriteAsync(new RunFindings(result), null, cancellation));
                results.Add(result);
                rows.AddRange(VarPaperRow.Of(result, cell, folder));
            }
        }

        if (json) Json.Print(Answer(rows, results, files, watch.Elapsed));
        else VarPaperTable.Print(rows, results, files, watch.Elapsed);
        return results.TrueForAll(r => r.Failures.Count == 0 && r.Certificate.Violations.Count == 0) ? 0 : 1;
    }

    private static object Answer(List<VarPaperRow> rows, List<BacktestResult> results, List<RunFiles> files, TimeSpan elapsed) => new
    {
        preset = VarPaper.Name,
        alpha = VarPaper.Alpha,
        rows,
        pooled = VarPaperTable.Pooled(rows),
        timings = VarPaperTable.Timings(results).Select(t => new { model = t.Model, fits = t.Fits, secondsAFit = t.Seconds }),
        seconds = elapsed.TotalSeconds,
        runs = results.Select(r => r.Lineage.RunId),
        predictions = files.Select(f => f.Predictions),
        reports = files.Select(f => f.Report),
        failures = results.SelectMany(r => r.Failures),
    };
}
