namespace Forecast.Api.Contracts;

/// <summary>Asks for a back-test or a retraining to be made again and again, each time of the data as they are then; one of the two.</summary>
public sealed record NewScheduleBody
{
    /// <summary>Its own name, 1 to 100 letters, digits, '-', '_' or '.'.</summary>
    public required string Name { get; init; }

    /// <summary>Five fields as in a crontab (minute, hour, day of month, month, day of week), or six with seconds in front.</summary>
    public required string Cron { get; init; }

    /// <summary>Time zone of <c>cron</c>, as <c>Europe/Berlin</c>; default UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What becomes of instants at which no server was there: <c>skip</c>, <c>once</c> (default: one firing for all of them) or <c>all</c>.</summary>
    public string? Misfire { get; init; }

    /// <summary>The back-test, as <c>POST /v1/backtests</c> takes it.</summary>
    public BacktestBody? Backtest { get; init; }

    /// <summary>The retraining, as <c>POST /v1/retrainings</c> takes it; its key needs the scope <c>registry</c>, too.</summary>
    public RetrainingBody? Retraining { get; init; }
}

/// <summary>Pauses a schedule or lets it go on.</summary>
public sealed record ScheduleChangeBody
{
    /// <summary><c>active</c> or <c>paused</c>; what was due while it was paused is not made up for.</summary>
    public required string State { get; init; }
}

/// <summary>A schedule.</summary>
public sealed record ScheduleBody
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Kind of its jobs.</summary>
    public required string Kind { get; init; }

    public required string Cron { get; init; }

    public required string TimeZone { get; init; }

    /// <summary><c>skip</c>, <c>once</c> or <c>all</c>.</summary>
    public required string Misfire { get; init; }

    /// <summary><c>active</c> or <c>paused</c>.</summary>
    public required string State { get; init; }

    /// <summary>What it does, as it could be asked for by itself.</summary>
    public required string Command { get; init; }

    public required string CreatedAt { get; init; }

    /// <summary>The latest instant that a job was made for.</summary>
    public string? LastAt { get; init; }

    /// <summary>The next instants at which it is due; none while it is paused.</summary>
    public required IReadOnlyList<string> NextAt { get; init; }

    /// <summary>Its latest jobs; told for a single schedule.</summary>
    public IReadOnlyList<ScheduledJobBody>? Jobs { get; init; }
}

/// <summary>A job of a schedule.</summary>
/// <param name="ScheduledAt">The instant that it stands for.</param>
/// <param name="Job">The job.</param>
public sealed record ScheduledJobBody(string ScheduledAt, JobBody Job);

/// <summary>Schedules, by name.</summary>
public sealed record ScheduleList(IReadOnlyList<ScheduleBody> Items);
