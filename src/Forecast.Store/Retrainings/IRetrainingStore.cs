using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Retrainings;

/// <summary>What retrainings found and what became of their candidates. A retraining has the id of its job.</summary>
public interface IRetrainingStore
{
    /// <summary>Writes down the outcome of a job; one that stands already stays as it is.</summary>
    Task<StoredRetraining> AddAsync(NewRetraining retraining, CancellationToken cancellation = default);

    /// <summary>The retraining of a job, or null.</summary>
    Task<StoredRetraining?> FindAsync(string jobId, CancellationToken cancellation = default);

    /// <summary>Retrainings, latest first.</summary>
    /// <param name="page">Which part.</param>
    /// <param name="name">Only those of a registered model; null = all.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Paged<StoredRetraining>> ListAsync(PageRequest? page = null, string? name = null, CancellationToken cancellation = default);

    /// <summary>The latest retraining of a schedule, or null.</summary>
    Task<StoredRetraining?> LatestAsync(string scheduleId, CancellationToken cancellation = default);

    /// <summary>Decides about a candidate that waits for it.</summary>
    /// <exception cref="ForecastException"><c>retraining-unknown</c>; <c>retraining-decided</c>: it waits for nothing.</exception>
    Task<StoredRetraining> DecideAsync(string jobId, RetrainingState state, string reason, string? by, CancellationToken cancellation = default);
}

/// <summary>What became of a retraining.</summary>
public enum RetrainingState
{
    /// <summary>The candidate is champion.</summary>
    Promoted,

    /// <summary>The candidate is retired.</summary>
    Rejected,

    /// <summary>The candidate passed and waits for somebody's approval.</summary>
    Awaiting,

    /// <summary>The champion stays and no candidate was made.</summary>
    Kept,
}

/// <summary>An outcome to be written down.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">The registered model.</param>
/// <param name="Candidate">Version of the candidate; null = none was made.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Why.</param>
/// <param name="FindingsJson">All that was looked at.</param>
public sealed record NewRetraining(string JobId, string Tenant, string Name, int? Candidate, RetrainingState State, string Reason, string FindingsJson);

/// <summary>A retraining.</summary>
/// <param name="JobId">Its job.</param>
/// <param name="Name">The registered model.</param>
/// <param name="ScheduleId">The schedule that asked for it.</param>
/// <param name="Candidate">Version of the candidate.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Why.</param>
/// <param name="FindingsJson">All that was looked at.</param>
/// <param name="CreatedAt">When it was written down.</param>
/// <param name="DecidedBy">Who decided, where a person had to.</param>
/// <param name="DecidedAt">When.</param>
public sealed record StoredRetraining(
    string JobId, string Name, string? ScheduleId, int? Candidate, RetrainingState State, string Reason, string FindingsJson, Instant CreatedAt, string? DecidedBy, Instant? DecidedAt);
