using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Serialization;
using Forecast.Hosting.Telemetry;
using Forecast.Store;
using Forecast.Store.Jobs;
using NodaTime;

namespace Forecast.Hosting.Jobs;

/// <summary>
/// Does the jobs of the store, one at a time. A job is held under a lease: one whose server died is taken over when the lease has
/// run out, and its run goes on where it stopped; a server that is stopped hands its job back at once.
/// </summary>
/// <param name="store">Where jobs and runs are kept.</param>
/// <param name="backtests">Does the runs.</param>
/// <param name="complain">Told of defects; they also end the job.</param>
public sealed class JobRunner(IForecastStore store, BacktestService backtests, Action<string, Exception> complain)
{
    /// <summary>How long a silent server keeps a job.</summary>
    private static readonly Duration Lease = Duration.FromSeconds(10);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(2);

    /// <summary>A job that was begun so often takes its server down each time.</summary>
    private const int MaxAttempts = 25;

    private readonly SemaphoreSlim _wake = new(0);
    private readonly string _worker = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    /// <summary>A job was added: look at once.</summary>
    public void Wake() => _wake.Release();

    /// <summary>Works until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await store.Jobs.ClaimAsync(_worker, Lease, [BacktestJob.Kind], stop) is { } job) await WorkAsync(job, stop);
                else await _wake.WaitAsync(Idle, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The store failed: the job's lease runs out, and whoever looks next goes on with it.
                complain("the store did not answer", e);
                await Task.Delay(AfterError, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WorkAsync(StoredJob job, CancellationToken stop)
    {
        var claim = job.Claim ?? throw new InvalidOperationException($"job '{job.Id}' was claimed, but has no claim");
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var ended = new CancellationTokenSource();
        var progress = new JobProgress(store.Jobs, claim, Lease, attempt, complain);
        var reporting = Task.Run(() => progress.ReportAsync(ended.Token), CancellationToken.None);
        try
        {
            if (job.Attempts > MaxAttempts) throw new ForecastException("attempts-exhausted", $"job '{job.Id}' was begun {job.Attempts - 1} times and never ended", "job");
            var result = await BacktestAsync(job, claim, progress, attempt.Token);
            await StopAsync();
            ForecastTelemetry.CountJob(job.Kind, "succeeded");
            await new StorePatience(complain).AskAsync($"job '{job.Id}'", () => store.Jobs.SucceedAsync(claim, HostingJson.Write(result), CancellationToken.None), stop);
        }
        catch (OperationCanceledException) when (attempt.IsCancellationRequested)
        {
            await StopAsync();
            await EndEarlyAsync(job.Id, claim, progress);
        }
        catch (Exception e) when (StorePatience.MayPass(e))
        {
            // No fault of the job: it is handed back, and goes on where its run stands once the store answers.
            complain($"job '{job.Id}': the store does not answer", e);
            await StopAsync();
            await EndEarlyAsync(job.Id, claim, progress);
        }
        catch (Exception e)
        {
            await StopAsync();
            var fault = e as ForecastException;
            if (fault is null) complain($"job '{job.Id}' failed", e);
            await FailRunAsync(job.Id, fault?.Code ?? "defect", e.Message);
            ForecastTelemetry.CountJob(job.Kind, "failed");
            await store.Jobs.FailAsync(claim, fault?.Code ?? "defect", e.Message, CancellationToken.None);
        }

        async Task StopAsync()
        {
            await ended.CancelAsync();
            await reporting;
        }
    }

    /// <summary>The run has the job's id: a job that is begun again finds the run of its first attempt.</summary>
    private async Task<BacktestJobResult> BacktestAsync(StoredJob job, JobClaim claim, JobProgress progress, CancellationToken cancellation)
    {
        var spec = HostingJson.Read<BacktestJob>(job.SpecJson);
        var panel = await store.Datasets.ReadPanelAsync(spec.DatasetId, null, cancellation);
        var runId = await backtests.CreateAsync(panel, spec.Run, job.Id, spec.Command, cancellation, new RunOwner(job.Tenant, spec.DatasetId));
        await store.Jobs.AttachRunAsync(claim, runId, cancellation);
        var result = await backtests.RunAsync(runId, progress, cancellation);
        await RunFiles.WriteAsync(new RunFindings(result), report: null, cancellation);
        return new BacktestJobResult(runId, result.PredictionsHash, result.Predictions.Count, result.Failures.Count, result.Certificate.Verdict);
    }

    private async Task EndEarlyAsync(string runId, JobClaim claim, JobProgress progress)
    {
        switch (progress.Order)
        {
            case JobOrder.Stop:
                if (await store.Runs.FindAsync(runId, CancellationToken.None) is not null) await store.Runs.CancelAsync(runId, CancellationToken.None);
                await store.Jobs.ConfirmCancelAsync(claim, CancellationToken.None);
                break;
            case JobOrder.GoOn:
                // A lease that ends now hands the job back: whoever looks next may take it.
                await store.Jobs.ProgressAsync(claim, progress.Current.Share, "handed back", Duration.Zero, CancellationToken.None);
                break;
            default:
                break;  // another server has it
        }
    }

    private async Task FailRunAsync(string runId, string code, string message)
    {
        if (await store.Runs.FindAsync(runId, CancellationToken.None) is not null) await store.Runs.FailAsync(runId, code, message, CancellationToken.None);
    }
}
