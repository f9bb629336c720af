using NodaTime;

namespace Forecast.Store.Jobs;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Waiting for a worker.</summary>
    Queued,

    /// <summary>A worker holds it, for as long as its lease lasts.</summary>
    Running,

    Succeeded,

    Failed,

    Cancelled,
}

/// <summary>What a worker that reports progress has to do next.</summary>
public enum JobOrder
{
    GoOn,

    /// <summary>Somebody asked for the job to stop: end with <see cref="IJobStore.ConfirmCancelAsync"/>.</summary>
    Stop,

    /// <summary>The lease ran out and the job is another's, or it has ended: drop it.</summary>
    Lost,
}

/// <summary>A job to be done once.</summary>
public sealed record NewJob
{
    /// <summary>What is to be done: <c>backtest</c>, <c>training</c>, <c>pull</c>, ...</summary>
    public required string Kind { get; init; }

    public required string SpecJson { get; init; }

    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = Tenants.Tenant.Default;

    /// <summary>The same key of the same tenant and kind is the same job; null = always a new one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The run that it is about, if there is one already.</summary>
    public string? RunId { get; init; }
}

/// <summary>The answer to a request for a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Created">False when it had been asked for before.</param>
public sealed record JobTicket(StoredJob Job, bool Created);

/// <summary>The right of one worker to one attempt at a job.</summary>
public sealed record JobClaim(string JobId, string Worker, int Attempt);

/// <summary>A job in the store.</summary>
public sealed record StoredJob
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    public string? IdempotencyKey { get; init; }

    public required string SpecJson { get; init; }

    public required JobState State { get; init; }

    public string? RunId { get; init; }

    public required bool CancelRequested { get; init; }

    /// <summary>Share done, 0..1, if reported.</summary>
    public double? Progress { get; init; }

    public string? Message { get; init; }

    public string? ResultJson { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Worker { get; init; }

    /// <summary>How often it was claimed.</summary>
    public required int Attempts { get; init; }

    public Instant? LeaseUntil { get; init; }

    public required Instant CreatedAt { get; init; }

    public Instant? StartedAt { get; init; }

    public Instant? FinishedAt { get; init; }

    /// <summary>The claim of the worker that holds it; null when nobody does.</summary>
    public JobClaim? Claim => State is JobState.Running && Worker is not null ? new JobClaim(Id, Worker, Attempts) : null;
}
