using Forecast.Core;
using Forecast.Store.Jobs;
using NodaTime;

namespace Forecast.Store.Schedules;

/// <summary>Schedules, and the jobs that their firings make.</summary>
/// <remarks>An unknown schedule is a <see cref="ForecastException"/> (<c>schedule-unknown</c>) everywhere but in <see cref="FindAsync"/>.</remarks>
public interface IScheduleStore
{
    /// <exception cref="ForecastException"><c>schedule-exists</c>: another has the name.</exception>
    Task<StoredSchedule> CreateAsync(NewSchedule schedule, CancellationToken cancellation = default);

    /// <summary>The schedule of that id or name, or null.</summary>
    Task<StoredSchedule?> FindAsync(string idOrName, CancellationToken cancellation = default);

    /// <summary>All of them, by name.</summary>
    Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Pauses it or lets it go on; what was due meanwhile is not made up for.</summary>
    Task<StoredSchedule> SetStateAsync(string idOrName, ScheduleState state, CancellationToken cancellation = default);

    /// <summary>Removes the schedule; its jobs stay.</summary>
    Task DeleteAsync(string idOrName, CancellationToken cancellation = default);

    /// <summary>Makes the job of a firing, unless there is one for that instant or the schedule is paused or gone.</summary>
    /// <returns>True when a job was made now.</returns>
    Task<bool> FireAsync(string scheduleId, Instant scheduledAt, CancellationToken cancellation = default);

    /// <summary>The instants from another on that have a job.</summary>
    Task<IReadOnlyList<Instant>> InstantsAsync(string scheduleId, Instant from, CancellationToken cancellation = default);

    /// <summary>The latest jobs of a schedule, latest scheduled instant first.</summary>
    Task<IReadOnlyList<ScheduledJob>> JobsAsync(string idOrName, int limit, CancellationToken cancellation = default);
}

/// <summary>Whether a schedule fires.</summary>
public enum ScheduleState
{
    Active,
    Paused,
}

/// <summary>What becomes of instants at which no server was there to fire.</summary>
public enum MisfirePolicy
{
    /// <summary>Nothing: the next instant counts.</summary>
    Skip,

    /// <summary>One firing, at once.</summary>
    Once,

    /// <summary>A firing for each of them, at once.</summary>
    All,
}

/// <summary>A schedule to be kept.</summary>
/// <param name="Name">1 to 100 characters, its own.</param>
/// <param name="Kind">Kind of its jobs.</param>
/// <param name="Cron">When it fires, as its clock reads it.</param>
/// <param name="TimeZone">Time zone of <paramref name="Cron"/>, as <c>Europe/Berlin</c>.</param>
/// <param name="Misfire">What becomes of missed instants.</param>
/// <param name="SpecJson">What its jobs do.</param>
public sealed record NewSchedule(string Name, string Kind, string Cron, string TimeZone, MisfirePolicy Misfire, string SpecJson)
{
    /// <summary>Whose it and its jobs are.</summary>
    public string Tenant { get; init; } = Tenants.Tenant.Default;
}

/// <summary>A schedule in the store.</summary>
public sealed record StoredSchedule
{
    public required string Id { get; init; }

    /// <summary>Whose it and its jobs are.</summary>
    public required string Tenant { get; init; }

    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required string Cron { get; init; }

    public required string TimeZone { get; init; }

    public required MisfirePolicy Misfire { get; init; }

    public required string SpecJson { get; init; }

    public required ScheduleState State { get; init; }

    /// <summary>Counts its changes.</summary>
    public required int Version { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>When it was made or last let go on.</summary>
    public required Instant Since { get; init; }

    /// <summary>The latest instant that a job was made for.</summary>
    public Instant? LastAt { get; init; }
}

/// <summary>A job that a firing made.</summary>
/// <param name="ScheduledAt">The instant that it stands for.</param>
/// <param name="Job">The job.</param>
public sealed record ScheduledJob(Instant ScheduledAt, StoredJob Job);
