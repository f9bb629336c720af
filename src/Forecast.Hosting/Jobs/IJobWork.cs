using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>How far a job is.</summary>
/// <param name="Share">Done, 0..1.</param>
/// <param name="Message">What is being done, for people.</param>
public sealed record JobShare(double Share, string Message);

/// <summary>How jobs of one kind are done, and what has to be put in order when one ends early.</summary>
public interface IJobWork
{
    /// <summary>Kind of the jobs in the store.</summary>
    string Kind { get; }

    /// <summary>Does the job, or goes on with it where an earlier attempt stopped.</summary>
    /// <param name="job">The job.</param>
    /// <param name="claim">The right to this attempt.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>What the job gave, as JSON.</returns>
    Task<string> RunAsync(StoredJob job, JobClaim claim, IProgress<JobShare> progress, CancellationToken cancellation);

    /// <summary>The job stopped because somebody asked for it.</summary>
    Task StoppedAsync(string jobId);

    /// <summary>The job failed.</summary>
    Task FailedAsync(string jobId, string code, string message);
}
