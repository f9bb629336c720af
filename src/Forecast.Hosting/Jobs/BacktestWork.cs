using Forecast.Backtest.Results;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Serialization;
using Forecast.Store;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Back-tests as jobs. The run has the job's id: a job that is begun again finds the run of its first attempt.</summary>
public class BacktestWork(IForecastStore store, BacktestService backtests) : IJobWork
{
    public virtual string Kind => BacktestJob.Kind;

    /// <summary>The platform's store.</summary>
    protected IForecastStore Store => store;

    /// <summary>Does the runs.</summary>
    protected BacktestService Backtests => backtests;

    public async Task<string> RunAsync(StoredJob job, JobClaim claim, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        var runId = await CreateRunAsync(job, cancellation);
        await store.Jobs.AttachRunAsync(claim, runId, cancellation);
        var result = await backtests.RunAsync(runId, new Folds(progress), cancellation);
        await RunFiles.WriteAsync(new RunFindings(result), report: null, cancellation);
        return HostingJson.Write(new BacktestJobResult(runId, result.PredictionsHash, result.Predictions.Count, result.Failures.Count, result.Certificate.Verdict));
    }

    public async Task StoppedAsync(string jobId)
    {
        if (await store.Runs.FindAsync(jobId, CancellationToken.None) is not null) await store.Runs.CancelAsync(jobId, CancellationToken.None);
    }

    public async Task FailedAsync(string jobId, string code, string message)
    {
        if (await store.Runs.FindAsync(jobId, CancellationToken.None) is not null) await store.Runs.FailAsync(jobId, code, message, CancellationToken.None);
    }

    /// <summary>Makes the run of a job, or finds it.</summary>
    protected virtual async Task<string> CreateRunAsync(StoredJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        var spec = HostingJson.Read<BacktestJob>(job.SpecJson);
        var panel = await store.Datasets.ReadPanelAsync(spec.DatasetId, null, cancellation);
        return await backtests.CreateAsync(panel, spec.Run, job.Id, spec.Command, cancellation, new RunOwner(job.Tenant, spec.DatasetId));
    }

    private sealed class Folds(IProgress<JobShare> progress) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Folds > 0) progress.Report(new JobShare(Math.Clamp((double)value.FoldsDone / value.Folds, 0, 1), $"{value.FoldsDone} of {value.Folds} folds"));
        }
    }
}
