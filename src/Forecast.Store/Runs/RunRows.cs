using System.Globalization;
using Forecast.Store.Database;

namespace Forecast.Store.Runs;

/// <summary>A row of <c>runs</c>, as Dapper fills it.</summary>
internal sealed class RunRow
{
    public const string Select = """
        SELECT id AS Id, kind AS Kind, status AS Status, spec AS Spec, data_name AS DataName, data_hash AS DataHash, dataset_id AS DatasetId, seed AS Seed,
               device AS Device, engine AS Engine, threads AS Threads, command AS Command, created_at AS CreatedAt, started_at AS StartedAt,
               finished_at AS FinishedAt, error_code AS ErrorCode, error_message AS ErrorMessage, predictions_hash AS PredictionsHash, report_path AS ReportPath, certificate AS Certificate, tenant AS Tenant,
               (SELECT min(jobs.id) FROM jobs WHERE jobs.run_id = runs.id) AS JobId
        FROM runs
        """;

    public string Id { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Status { get; init; } = "";

    public string Spec { get; init; } = "";

    public string DataName { get; init; } = "";

    public string DataHash { get; init; } = "";

    public string? DatasetId { get; init; }

    public string Seed { get; init; } = "";

    public string Device { get; init; } = "";

    public string Engine { get; init; } = "";

    public long Threads { get; init; }

    public string Command { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public string? PredictionsHash { get; init; }

    public string? ReportPath { get; init; }

    public string? Certificate { get; init; }

    public string? JobId { get; init; }

    public string Tenant { get; init; } = "";

    public StoredRun ToRun() => new()
    {
        Id = Id,
        Kind = Kind,
        Tenant = Tenant,
        Status = StoredText.Parse<RunStatus>(Status),
        SpecJson = Spec,
        DataName = DataName,
        DataHash = DataHash,
        DatasetId = DatasetId,
        Seed = ulong.Parse(Seed, CultureInfo.InvariantCulture),
        Device = Device,
        Engine = Engine,
        Threads = (int)Threads,
        Command = Command,
        CreatedAt = Micros.ToInstant(CreatedAt),
        StartedAt = Micros.ToInstant(StartedAt),
        FinishedAt = Micros.ToInstant(FinishedAt),
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        PredictionsHash = PredictionsHash,
        ReportPath = ReportPath,
        CertificateJson = Certificate,
        JobId = JobId,
    };
}

/// <summary>A row of <c>work_items</c>.</summary>
internal sealed class WorkItemRow
{
    public const string Select = """
        SELECT run_id AS RunId, item_key AS ItemKey, position AS Position, payload AS Payload, state AS State, attempts AS Attempts, worker AS Worker,
               device AS Device, exposure AS Exposure, fit_seconds AS FitSeconds, predict_seconds AS PredictSeconds, details AS Details, started_at AS StartedAt,
               finished_at AS FinishedAt, error_code AS ErrorCode, error_message AS ErrorMessage
        FROM work_items
        """;

    public string RunId { get; init; } = "";

    public string ItemKey { get; init; } = "";

    public long Position { get; init; }

    public string Payload { get; init; } = "";

    public string State { get; init; } = "";

    public long Attempts { get; init; }

    public string? Worker { get; init; }

    public string? Device { get; init; }

    public string? Exposure { get; init; }

    public double? FitSeconds { get; init; }

    public double? PredictSeconds { get; init; }

    public string? Details { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public StoredWorkItem ToItem() => new()
    {
        RunId = RunId,
        Key = ItemKey,
        Position = (int)Position,
        PayloadJson = Payload,
        State = StoredText.Parse<WorkItemState>(State),
        Attempts = (int)Attempts,
        Worker = Worker,
        Device = Device,
        Exposure = Exposure,
        FitSeconds = FitSeconds ?? 0,
        PredictSeconds = PredictSeconds ?? 0,
        DetailsJson = Details,
        StartedAt = Micros.ToInstant(StartedAt),
        FinishedAt = Micros.ToInstant(FinishedAt),
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
    };
}
