using Forecast.Store.Database;

namespace Forecast.Store.Jobs;

/// <summary>A row of <c>jobs</c>, as Dapper fills it.</summary>
internal sealed class JobRow
{
    public const string Select = """
        SELECT id AS Id, kind AS Kind, idempotency_key AS IdempotencyKey, spec AS Spec, state AS State, run_id AS RunId, cancel_requested AS CancelRequested,
               progress AS Progress, message AS Message, result AS Result, error_code AS ErrorCode, error_message AS ErrorMessage, worker AS Worker,
               attempts AS Attempts, lease_until AS LeaseUntil, created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, tenant AS Tenant
        FROM jobs
        """;

    public string Id { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? IdempotencyKey { get; init; }

    public string Spec { get; init; } = "";

    public string State { get; init; } = "";

    public string? RunId { get; init; }

    public long CancelRequested { get; init; }

    public double? Progress { get; init; }

    public string? Message { get; init; }

    public string? Result { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Worker { get; init; }

    public long Attempts { get; init; }

    public long? LeaseUntil { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public string Tenant { get; init; } = "";

    public StoredJob ToJob() => new()
    {
        Id = Id,
        Kind = Kind,
        Tenant = Tenant,
        IdempotencyKey = IdempotencyKey is { } key ? Tenants.Tenant.Bare(key) : null,
        SpecJson = Spec,
        State = StoredText.Parse<JobState>(State),
        RunId = RunId,
        CancelRequested = CancelRequested != 0,
        Progress = Progress,
        Message = Message,
        ResultJson = Result,
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        Worker = Worker,
        Attempts = (int)Attempts,
        LeaseUntil = Micros.ToInstant(LeaseUntil),
        CreatedAt = Micros.ToInstant(CreatedAt),
        StartedAt = Micros.ToInstant(StartedAt),
        FinishedAt = Micros.ToInstant(FinishedAt),
    };
}
