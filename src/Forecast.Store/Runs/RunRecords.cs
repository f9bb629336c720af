using NodaTime;

namespace Forecast.Store.Runs;

/// <summary>How far a run is.</summary>
public enum RunStatus
{
    /// <summary>Stored with its items; nobody has begun.</summary>
    Created,

    Running,

    /// <summary>All items are done and the results are final.</summary>
    Finished,

    /// <summary>Stopped by an error; may be started again.</summary>
    Failed,

    /// <summary>Stopped on request; may be started again.</summary>
    Cancelled,
}

/// <summary>How far a work item is.</summary>
public enum WorkItemState
{
    /// <summary>Not committed: waiting, or being worked on.</summary>
    Pending,

    Done,

    /// <summary>Given up. A commit that comes after all still counts.</summary>
    Failed,
}

/// <summary>A run to be stored, with everything that its numbers depend on.</summary>
public sealed record NewRun
{
    /// <summary>Its id; null = a new one.</summary>
    public string? Id { get; init; }

    public string Kind { get; init; } = "backtest";

    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = Tenants.Tenant.Default;

    /// <summary>What was asked for, as JSON.</summary>
    public required string SpecJson { get; init; }

    /// <summary>How the data were named by the user.</summary>
    public required string DataName { get; init; }

    /// <summary>Hash of the panel.</summary>
    public required string DataHash { get; init; }

    /// <summary>The stored panel, if it is stored.</summary>
    public string? DatasetId { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    /// <summary>Engine version and build.</summary>
    public required string Engine { get; init; }

    public required int Threads { get; init; }

    /// <summary>The command line that makes this run again.</summary>
    public string Command { get; init; } = "";

    /// <summary>The work, in its order; may be empty.</summary>
    public required IReadOnlyList<NewWorkItem> Items { get; init; }

    /// <summary>The broker's queue that its items go to, by way of the outbox; null = they are handed out by the process that runs it.</summary>
    public string? Queue { get; init; }
}

/// <summary>A work item to be stored.</summary>
/// <param name="Key">Unique within the run, as <c>model|shard|block</c>.</param>
/// <param name="PayloadJson">All that a worker needs.</param>
public sealed record NewWorkItem(string Key, string PayloadJson);

/// <summary>A run in the store.</summary>
public sealed record StoredRun
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    public required RunStatus Status { get; init; }

    public required string SpecJson { get; init; }

    public required string DataName { get; init; }

    public required string DataHash { get; init; }

    public string? DatasetId { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    public required string Engine { get; init; }

    public required int Threads { get; init; }

    public required string Command { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>First start.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When it finished, failed or was cancelled.</summary>
    public Instant? FinishedAt { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Hash over all predictions, once finished.</summary>
    public string? PredictionsHash { get; init; }

    public string? ReportPath { get; init; }

    /// <summary>What the leakage certificate says in short, as JSON; null until the run is finished.</summary>
    public string? CertificateJson { get; init; }

    /// <summary>The job that the run belongs to; null when no job asked for it.</summary>
    public string? JobId { get; init; }
}

/// <summary>A work item in the store.</summary>
public sealed record StoredWorkItem
{
    public required string RunId { get; init; }

    public required string Key { get; init; }

    /// <summary>Place in the run's order, from 0.</summary>
    public required int Position { get; init; }

    public required string PayloadJson { get; init; }

    public required WorkItemState State { get; init; }

    /// <summary>How often somebody began it.</summary>
    public required int Attempts { get; init; }

    /// <summary>Who began it last, or committed it.</summary>
    public string? Worker { get; init; }

    public string? Device { get; init; }

    /// <summary>What was known about pre-trained weights when it was committed.</summary>
    public string? Exposure { get; init; }

    public double FitSeconds { get; init; }

    public double PredictSeconds { get; init; }

    /// <summary>What the engine kept beside the block's results, as JSON.</summary>
    public string? DetailsJson { get; init; }

    /// <summary>Last start.</summary>
    public Instant? StartedAt { get; init; }

    public Instant? FinishedAt { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }
}

/// <summary>Items of a run by state.</summary>
public sealed record RunProgress(int Total, int Pending, int Done, int Failed);

/// <summary>What ends a run well.</summary>
public sealed record RunOutcome
{
    /// <summary>Hash over all predictions.</summary>
    public required string PredictionsHash { get; init; }

    public required IReadOnlyList<StoredMetric> Metrics { get; init; }

    public string? ReportPath { get; init; }

    /// <summary>What the leakage certificate says in short, as JSON.</summary>
    public string? CertificateJson { get; init; }
}

/// <summary>Everything that the store knows of a run, at one moment.</summary>
public sealed record RunContents
{
    public required StoredRun Run { get; init; }

    /// <summary>In the run's order; so are all lists below.</summary>
    public required IReadOnlyList<StoredWorkItem> Items { get; init; }

    public required IReadOnlyList<StoredPrediction> Predictions { get; init; }

    public required IReadOnlyList<StoredFold> Folds { get; init; }

    public required IReadOnlyList<StoredFit> Fits { get; init; }

    public required IReadOnlyList<StoredFailure> Failures { get; init; }

    public required IReadOnlyList<StoredMetric> Metrics { get; init; }
}
