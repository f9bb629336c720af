using System.Globalization;
using System.Text;
using Forecast.Api.Contracts;
using Forecast.Backtest.Results;
using Forecast.Core.Time;
using Forecast.Hosting.Backtests;
using Forecast.Store.Lineage;
using Forecast.Store.Runs;

namespace Forecast.Api.Answers;

/// <summary>Runs and predictions as the contract writes them.</summary>
internal static class RunAnswers
{
    /// <summary>Failures told one by one.</summary>
    private const int MostFailures = 100;

    public static RunBody Of(StoredRun run, RunItems? items = null, RunFailures? failures = null)
    {
        var spec = RunSpecs.Of(run);
        var plan = spec.Plan;
        return new RunBody
        {
            Id = run.Id,
            Kind = run.Kind,
            Status = Numbers.Word(run.Status),
            Data = run.DataName,
            DataHash = run.DataHash,
            DatasetId = run.DatasetId,
            Models = spec.Models,
            Levels = spec.Levels,
            Risk = spec.Risk,
            Plan = new PlanBody(
                plan.Horizon,
                plan.EffectiveStep,
                plan.RollingRows is { } rows ? $"rolling:{rows}" : "expanding",
                plan.RefitEvery is { } folds ? $"every:{folds}" : "never",
                plan.Gap,
                Numbers.Text(plan.From),
                Numbers.Text(plan.To),
                plan.InitialRows),
            Seed = run.Seed,
            Device = run.Device,
            Engine = run.Engine,
            Threads = run.Threads,
            Command = run.Command,
            CreatedAt = Numbers.Text(run.CreatedAt),
            StartedAt = Numbers.Text(run.StartedAt),
            FinishedAt = Numbers.Text(run.FinishedAt),
            PredictionsHash = run.PredictionsHash,
            Items = items,
            Error = JobAnswers.Error(run.ErrorCode, run.ErrorMessage),
            JobId = run.JobId,
            Certificate = CertificateSummary.Of(run) is { } c ? new CertificateBody(c.Verdict, c.Exposure, c.Violations, c.ViolationCount, c.Folds, Numbers.Text(c.LatestAvailableAt)) : null,
            Failures = failures,
        };
    }

    public static RunFailures Of(IReadOnlyList<StoredFailure> failures) =>
        new(failures.Count, [.. failures.Take(MostFailures).Select(f => new RunFailure(f.Model, f.Series, Numbers.Text(f.Cutoff), f.Code, f.Message))]);

    /// <summary>A key is the model, the shard and the block, divided by bars; a model string may hold bars, too.</summary>
    public static WorkItemBody Of(StoredWorkItem item)
    {
        var block = item.Key.LastIndexOf('|');
        var shard = item.Key.LastIndexOf('|', block - 1);
        return new WorkItemBody(
            item.Key[..shard], int.Parse(item.Key.AsSpan(block + 1), NumberStyles.None, CultureInfo.InvariantCulture), Numbers.Word(item.State), item.Attempts, item.Worker, item.Device,
            Numbers.Text(item.StartedAt), Numbers.Text(item.FinishedAt), item.FitSeconds, item.PredictSeconds);
    }

    public static PredictionBody Of(string runId, StoredPrediction p, RunSpec spec, Frequency frequency) => new()
    {
        ForecastId = new PredictionId(runId, p.Model, p.Series, p.Fold).ToString(),
        Model = p.Model,
        Series = p.Series,
        Fold = p.Fold,
        Cutoff = frequency.Format(p.Cutoff),
        H = p.Steps,
        Timestamps = [.. p.ObservedAt.Select(frequency.Format)],
        Actual = Numbers.Finite(p.Actuals),
        Mean = Numbers.Finite(p.Means),
        Quantiles = ByLevel(p.Quantiles, spec.Levels, p.Steps.Length),
        Shortfalls = spec.Risk is { } tails ? ByLevel(p.Shortfalls, tails, p.Steps.Length) : null,
        Crps = Numbers.Finite(p.Crps),
        Pit = Numbers.Finite(p.Pit),
    };

    /// <summary>A line a step, with the columns of a run's <c>predictions.csv</c>.</summary>
    public static async Task WriteCsvAsync(Stream output, IEnumerable<StoredPrediction> predictions, RunSpec spec, Frequency frequency, CancellationToken cancellation)
    {
        var (levels, tails) = (spec.Levels, spec.Risk ?? []);
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync($"model,series,cutoff,timestamp,h,actual,mean,{string.Join(',', levels.Select(Numbers.Level))},observed_at,crps,pit{string.Concat(tails.Select(t => $",es@{Numbers.Level(t)}"))}\n".AsMemory(), cancellation);
        var line = new StringBuilder();
        foreach (var p in predictions)
        {
            for (var i = 0; i < p.Steps.Length; i++)
            {
                line.Clear().Append(Quote(p.Model)).Append(',').Append(Quote(p.Series)).Append(',').Append(frequency.Format(p.Cutoff)).Append(',').Append(frequency.Format(p.Timestamps[i]))
                    .Append(',').Append(p.Steps[i]).Append(',').Append(Number(p.Actuals[i])).Append(',').Append(Number(p.Means[i]));
                for (var l = 0; l < levels.Count; l++) line.Append(',').Append(Number(p.Quantiles[(i * levels.Count) + l]));
                line.Append(',').Append(frequency.Format(p.ObservedAt[i])).Append(',').Append(Number(p.Crps[i])).Append(',').Append(Number(p.Pit[i]));
                for (var k = 0; k < tails.Count; k++) line.Append(',').Append(Number(p.Shortfalls[(i * tails.Count) + k]));
                line.Append('\n');
                await writer.WriteAsync(line, cancellation);
            }
        }
    }

    private static Dictionary<string, IReadOnlyList<double?>> ByLevel(double[] values, IReadOnlyList<double> levels, int steps) => levels.Select((level, l) => (level, l)).ToDictionary(
        x => Numbers.Level(x.level),
        x => Numbers.Finite(Enumerable.Range(0, steps).Select(i => values[(i * levels.Count) + x.l])),
        StringComparer.Ordinal);

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
