using Forecast.Backtest.Results;
using Forecast.Core.Time;
using Forecast.Hosting.Backtests;
using NodaTime;

namespace Forecast.Cli.Output;

/// <summary>A back-test for programs.</summary>
internal static class BacktestJson
{
    public static object From(RunFindings findings, RunFiles files)
    {
        var result = findings.Result;
        var frequency = Frequency.Parse(result.Series[0].Frequency);
        return new
        {
            runId = result.Lineage.RunId,
            dataHash = result.Certificate.DataHash,
            predictionsHash = result.PredictionsHash,
            report = files.Report,
            predictions = files.Predictions,
            models = result.Spec.Models,
            levels = result.Spec.Levels,
            metrics = result.Metrics.Select(m => new { m.Model, m.Series, m.Name, m.Value, m.Count, note = m.Note.Length > 0 ? m.Note : null }),
            risk = findings.Risk(),
            certificate = new
            {
                result.Certificate.Verdict,
                result.Certificate.Exposure,
                result.Certificate.Violations,
                folds = result.Certificate.Folds.Select(f => new
                {
                    f.Model,
                    f.Fold.Series,
                    f.Fold.Fold,
                    cutoff = Text(f.Fold.Cutoff),
                    fitCutoff = Text(f.Fold.FitCutoff),
                    fitFrom = Text(f.Fold.FitFrom),
                    latestAvailableAt = Text(f.Fold.LatestAvailableAt),
                    firstTarget = Text(f.Fold.FirstTarget),
                }),
            },
            strategies = findings.Strategies.Select(o => new
            {
                o.Name,
                kind = o.Kind.ToString(),
                o.Asset,
                o.Measures,
                equity = o.Days.Count > 0 ? o.Days[^1].Equity : 1,
                o.Certificate,
            }),
            failures = result.Failures.Select(f => new { f.Model, f.Series, cutoff = Text(f.Cutoff), f.Code, f.Message }),
            timings = result.Timings,
            lineage = new
            {
                result.Lineage.RunId,
                createdAt = result.Lineage.CreatedAt.ToString(),
                result.Lineage.Engine,
                result.Lineage.Device,
                result.Lineage.Threads,
                result.Lineage.Seed,
                result.Lineage.Command,
            },
        };

        string Text(Instant instant) => frequency.Format(instant);
    }
}
