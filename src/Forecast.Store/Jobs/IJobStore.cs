using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Jobs;

/// <summary>
/// Jobs: asked for once, held by one worker at a time, taken over when a worker is silent for longer than its lease. Each change
/// of state is also an event of the stream <c>job/{id}</c>, written with it: <c>queued running progress cancelling succeeded failed cancelled</c>.
/// </summary>
/// <remarks>An unknown job is a <see cref="ForecastException"/> (<c>job-unknown</c>) everywhere but in <see cref="FindAsync"/>.</remarks>
public interface IJobStore
{
    /// <summary>Creates the job, or finds the one that was created under the same key.</summary>
    /// <exception cref="ForecastException"><c>idempotency-key-reused</c>: the key stands for a job with another specification; <c>run-unknown</c>.</exception>
    Task<JobTicket> CreateAsync(NewJob job, CancellationToken cancellation = default);

    /// <summary>The job, or null.</summary>
    Task<StoredJob?> FindAsync(string jobId, CancellationToken cancellation = default);

    /// <summary>Jobs, latest first.</summary>
    Task<Paged<StoredJob>> ListAsync(PageRequest? page = null, IReadOnlyCollection<JobState>? states = null, CancellationToken cancellation = default);

    /// <summary>Takes the oldest job that waits, or whose worker has been silent for too long.</summary>
    /// <param name="worker">Who takes it.</param>
    /// <param name="lease">How long the worker may be silent.</param>
    /// <param name="kinds">Kinds that it can do; null = all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The job with its <see cref="StoredJob.Claim"/>, or null when there is nothing to do.</returns>
    Task<StoredJob?> ClaimAsync(string worker, Duration lease, IReadOnlyCollection<string>? kinds = null, CancellationToken cancellation = default);

    /// <summary>Reports progress and renews the lease.</summary>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="share">Share done, 0..1.</param>
    /// <param name="message">What is being done, for people.</param>
    /// <param name="lease">From now on.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<JobOrder> ProgressAsync(JobClaim claim, double share, string? message, Duration lease, CancellationToken cancellation = default);

    /// <summary>Names the run that the job made.</summary>
    /// <returns>False when the claim is lost.</returns>
    Task<bool> AttachRunAsync(JobClaim claim, string runId, CancellationToken cancellation = default);

    /// <summary>Ends the job well.</summary>
    /// <returns>False, and nothing changed, when the claim is lost.</returns>
    Task<bool> SucceedAsync(JobClaim claim, string? resultJson, CancellationToken cancellation = default);

    /// <summary>Ends the job with an error.</summary>
    /// <returns>False, and nothing changed, when the claim is lost.</returns>
    Task<bool> FailAsync(JobClaim claim, string code, string message, CancellationToken cancellation = default);

    /// <summary>Asks for the job to stop: one that waits ends at once, one that runs when its worker hears of it.</summary>
    /// <returns>False when it had ended already.</returns>
    Task<bool> RequestCancelAsync(string jobId, CancellationToken cancellation = default);

    /// <summary>Says that the worker has stopped as asked.</summary>
    /// <returns>False, and nothing changed, when the claim is lost.</returns>
    Task<bool> ConfirmCancelAsync(JobClaim claim, CancellationToken cancellation = default);
}
