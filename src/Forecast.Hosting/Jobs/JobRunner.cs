using Forecast.Core;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Telemetry;
using Forecast.Store.Jobs;
using NodaTime;

namespace Forecast.Hosting.Jobs;

/// <summary>
/// Does the jobs of the store, one of each kind at a time: a pull does not wait for a long back-test. A job is held under a lease: one
/// whose server died is taken over when the lease has run out, and goes on where it stopped; a server that is stopped hands its job back
/// at once.
/// </summary>
/// <param name="jobs">Where jobs are kept.</param>
/// <param name="works">The kinds that are done.</param>
/// <param name="complain">Told of defects; they also end the job.</param>
public sealed class JobRunner(IJobStore jobs, IReadOnlyList<IJobWork> works, Action<string, Exception> complain)
{
    /// <summary>How long a silent server keeps a job.</summary>
    private static readonly Duration Lease = Duration.FromSeconds(10);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(2);

    /// <summary>A job that was begun so often takes its server down each time.</summary>
    private const int MaxAttempts = 25;

    private readonly Dictionary<string, SemaphoreSlim> _wake = works.ToDictionary(w => w.Kind, _ => new SemaphoreSlim(0), StringComparer.Ordinal);
    private readonly string _worker = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    /// <summary>A job of this kind was added: look at once.</summary>
    public void Wake(string kind) => _wake[kind].Release();

    /// <summary>Works until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(works.Select(work => RunAsync(work, stop)));

    private async Task RunAsync(IJobWork work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await jobs.ClaimAsync(_worker, Lease, [work.Kind], stop) is { } job) await WorkAsync(work, job, stop);
                else await _wake[work.Kind].WaitAsync(Idle, stop);
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

    private async Task WorkAsync(IJobWork work, StoredJob job, CancellationToken stop)
    {
        var claim = job.Claim ?? throw new InvalidOperationException($"job '{job.Id}' was claimed, but has no claim");
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var ended = new CancellationTokenSource();
        var progress = new JobProgress(jobs, claim, Lease, attempt, complain);
        var reporting = Task.Run(() => progress.ReportAsync(ended.Token), CancellationToken.None);
        try
        {
            if (job.Attempts > MaxAttempts) throw new ForecastException("attempts-exhausted", $"job '{job.Id}' was begun {job.Attempts - 1} times and never ended", "job");
            var result = await work.RunAsync(job, claim, progress, attempt.Token);
            await StopAsync();
            ForecastTelemetry.CountJob(job.Kind, "succeeded");
            await new StorePatience(complain).AskAsync($"job '{job.Id}'", () => jobs.SucceedAsync(claim, result, CancellationToken.None), stop);
        }
        catch (OperationCanceledException) when (attempt.IsCancellationRequested)
        {
            await StopAsync();
            await EndEarlyAsync(work, job.Id, claim, progress);
        }
        catch (Exception e) when (StorePatience.MayPass(e))
        {
            // No fault of the job: it is handed back, and goes on where its run stands once the store answers.
            complain($"job '{job.Id}': the store does not answer", e);
            await StopAsync();
            await EndEarlyAsync(work, job.Id, claim, progress);
        }
        catch (Exception e)
        {
            await StopAsync();
            var fault = e as ForecastException;
            if (fault is null) complain($"job '{job.Id}' failed", e);
            await work.FailedAsync(job.Id, fault?.Code ?? "defect", e.Message);
            ForecastTelemetry.CountJob(job.Kind, "failed");
            await jobs.FailAsync(claim, fault?.Code ?? "defect", e.Message, CancellationToken.None);
        }

        async Task StopAsync()
        {
            await ended.CancelAsync();
            await reporting;
        }
    }

    private async Task EndEarlyAsync(IJobWork work, string jobId, JobClaim claim, JobProgress progress)
    {
        switch (progress.Order)
        {
            case JobOrder.Stop:
                await work.StoppedAsync(jobId);
                await jobs.ConfirmCancelAsync(claim, CancellationToken.None);
                break;
            case JobOrder.GoOn:
                // A lease that ends now hands the job back: whoever looks next may take it.
                await jobs.ProgressAsync(claim, progress.Current.Share, "handed back", Duration.Zero, CancellationToken.None);
                break;
            default:
                break;  // another server has it
        }
    }
}
