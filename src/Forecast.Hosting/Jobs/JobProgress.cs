using Forecast.Hosting.Backtests;
using Forecast.Store.Jobs;
using NodaTime;

namespace Forecast.Hosting.Jobs;

/// <summary>
/// Tells the store how far a job is, which also renews its lease, and hears from it when the job is to stop. An event is written
/// when the share has moved, and otherwise only as often as the lease needs it.
/// </summary>
internal sealed class JobProgress(IJobStore jobs, JobClaim claim, Duration lease, CancellationTokenSource attempt, Action<string, Exception> complain) : IProgress<JobShare>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private JobShare? _latest;

    /// <summary>What the store said last.</summary>
    public JobOrder Order { get; private set; } = JobOrder.GoOn;

    public void Report(JobShare value) => Volatile.Write(ref _latest, value);

    /// <summary>Share done, 0..1, and its text.</summary>
    public (double Share, string Message) Current => Volatile.Read(ref _latest) is { } latest ? (latest.Share, latest.Message) : (0, "preparing");

    /// <summary>Reports until told to end; cancels the attempt when the job is to stop or is another's.</summary>
    public async Task ReportAsync(CancellationToken end)
    {
        var (told, at) = (-1.0, SystemClock.Instance.GetCurrentInstant());
        while (!end.IsCancellationRequested)
        {
            var (share, message) = Current;
            var now = SystemClock.Instance.GetCurrentInstant();
            try
            {
                if (share > told || now - at > lease / 3)
                {
                    Order = await jobs.ProgressAsync(claim, share, message, lease, CancellationToken.None);
                    (told, at) = (share, now);
                }
                else
                {
                    Order = await OrderAsync();
                }
            }
            catch (Exception e) when (StorePatience.MayPass(e))
            {
                // The work goes on; if the lease runs out meanwhile and somebody else takes the job, the next answer says so.
                complain($"job '{claim.JobId}': the store does not answer", e);
            }

            if (Order != JobOrder.GoOn)
            {
                await attempt.CancelAsync();
                return;
            }

            await Task.Delay(Interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Work that ended between two reports is told, too: who watches sees the last fold.
        if (Current.Share > told) Order = await new StorePatience(complain, lease.ToTimeSpan()).AskAsync($"job '{claim.JobId}'", () => jobs.ProgressAsync(claim, Current.Share, Current.Message, lease, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>A request to stop is heard between two reports, too.</summary>
    private async Task<JobOrder> OrderAsync()
    {
        var job = await jobs.FindAsync(claim.JobId, CancellationToken.None);
        if (job?.Claim != claim) return JobOrder.Lost;
        return job.CancelRequested ? JobOrder.Stop : JobOrder.GoOn;
    }
}
