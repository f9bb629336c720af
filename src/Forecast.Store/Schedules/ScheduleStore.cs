using System.Text.Json;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Schedules;

internal sealed class ScheduleStore(StoreDatabase database, IClock clock, string? tenant = null) : IScheduleStore
{
    private const string Select = """
        SELECT id AS Id, tenant AS Tenant, name AS Name, kind AS Kind, cron AS Cron, time_zone AS TimeZone, misfire AS Misfire, spec AS Spec, state AS State, version AS Version,
               created_at AS CreatedAt, since AS Since, (SELECT max(scheduled_at) FROM jobs WHERE schedule_id = schedules.id) AS LastAt
        FROM schedules
        """;

    private string Own => tenant is null ? "" : "AND tenant = @tenant";

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<StoredSchedule> CreateAsync(NewSchedule schedule, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        StoredText.Named(schedule.Name, "name");
        var owner = Tenant.Checked(tenant ?? schedule.Tenant);
        return database.WriteAsync(
            async session =>
            {
                var id = NewId.Next();
                var added = await session.ExecuteAsync(
                    """
                    INSERT INTO schedules (id, tenant, name, kind, cron, time_zone, misfire, spec, state, version, created_at, since)
                    VALUES (@id, @owner, @Name, @Kind, @Cron, @TimeZone, @misfire, @SpecJson, 'active', 1, @now, @now)
                    ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        id,
                        owner,
                        schedule.Name,
                        Kind = StoredText.Named(schedule.Kind, "kind"),
                        Cron = StoredText.Named(schedule.Cron, "cron"),
                        TimeZone = StoredText.Named(schedule.TimeZone, "timeZone"),
                        misfire = StoredText.Word(schedule.Misfire),
                        SpecJson = StoredText.Checked(schedule.SpecJson, "spec"),
                        now = Now,
                    });
                if (added == 0) throw new ForecastException("schedule-exists", $"there is a schedule '{schedule.Name}' already", "name");
                return await RequireAsync(session, id);
            },
            cancellation);
    }

    public Task<StoredSchedule?> FindAsync(string idOrName, CancellationToken cancellation = default) => database.ReadAsync(session => FindAsync(session, idOrName), cancellation);

    public Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StoredSchedule>>(
        async session => [.. (await session.QueryAsync<Row>($"{Select} WHERE 1 = 1 {Own} ORDER BY name, tenant", new { tenant })).Select(r => r.ToSchedule())],
        cancellation);

    public Task<StoredSchedule> SetStateAsync(string idOrName, ScheduleState state, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var schedule = await RequireAsync(session, idOrName);
            await session.ExecuteAsync(
                "UPDATE schedules SET state = @word, version = version + 1, since = CASE WHEN @word = 'active' THEN @now ELSE since END WHERE id = @Id AND state <> @word",
                new { schedule.Id, word = StoredText.Word(state), now = Now });
            return await RequireAsync(session, schedule.Id);
        },
        cancellation);

    public Task DeleteAsync(string idOrName, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var schedule = await RequireAsync(session, idOrName);
            await session.ExecuteAsync("DELETE FROM schedules WHERE id = @Id", new { schedule.Id });
        },
        cancellation);

    public Task<bool> FireAsync(string scheduleId, Instant scheduledAt, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var (id, now) = (NewId.Next(), Now);
            var kind = await session.FirstAsync<string>(
                """
                INSERT INTO jobs (id, kind, spec, state, cancel_requested, attempts, created_at, schedule_id, scheduled_at, tenant)
                SELECT @id, kind, spec, 'queued', 0, 0, @now, id, @at, tenant FROM schedules WHERE id = @scheduleId AND state = 'active'
                ON CONFLICT DO NOTHING RETURNING kind
                """,
                new { id, now, scheduleId, at = Micros.Exact(scheduledAt, "scheduledAt") });
            if (kind is null) return false;
            await EventWriter.AppendAsync(session, Streams.OfJob(id), "queued", JsonSerializer.Serialize(new { kind }), now);
            return true;
        },
        cancellation);

    public Task<IReadOnlyList<Instant>> InstantsAsync(string scheduleId, Instant from, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<Instant>>(
        async session =>
        {
            await RequireAsync(session, scheduleId);
            return [.. (await session.QueryAsync<long>("SELECT scheduled_at FROM jobs WHERE schedule_id = @scheduleId AND scheduled_at >= @at ORDER BY scheduled_at", new { scheduleId, at = Micros.Floor(from) })).Select(at => Micros.ToInstant(at))];
        },
        cancellation);

    public Task<IReadOnlyList<ScheduledJob>> JobsAsync(string idOrName, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<IReadOnlyList<ScheduledJob>>(
            async session =>
            {
                var schedule = await RequireAsync(session, idOrName);
                var times = await session.QueryAsync<(string Id, long At)>(
                    "SELECT id, scheduled_at FROM jobs WHERE schedule_id = @Id ORDER BY scheduled_at DESC LIMIT @limit", new { schedule.Id, limit });
                var jobs = new List<ScheduledJob>(times.Count);
                foreach (var (id, at) in times) jobs.Add(new ScheduledJob(Micros.ToInstant(at), (await session.FirstAsync<JobRow>($"{JobRow.Select} WHERE id = @id", new { id }))!.ToJob()));
                return jobs;
            },
            cancellation);
    }

    private async Task<StoredSchedule?> FindAsync(StoreSession session, string idOrName) =>
        (await session.FirstAsync<Row>($"{Select} WHERE (id = @idOrName OR name = @idOrName) {Own} ORDER BY CASE WHEN id = @idOrName THEN 0 ELSE 1 END, tenant LIMIT 1", new { idOrName, tenant }))?.ToSchedule();

    private async Task<StoredSchedule> RequireAsync(StoreSession session, string idOrName) =>
        await FindAsync(session, idOrName) ?? throw new ForecastException("schedule-unknown", $"there is no schedule '{idOrName}'", "schedule");

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Tenant { get; init; } = "";

        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Cron { get; init; } = "";

        public string TimeZone { get; init; } = "";

        public string Misfire { get; init; } = "";

        public string Spec { get; init; } = "";

        public string State { get; init; } = "";

        public long Version { get; init; }

        public long CreatedAt { get; init; }

        public long Since { get; init; }

        public long? LastAt { get; init; }

        public StoredSchedule ToSchedule() => new()
        {
            Id = Id,
            Tenant = Tenant,
            Name = Name,
            Kind = Kind,
            Cron = Cron,
            TimeZone = TimeZone,
            Misfire = StoredText.Parse<MisfirePolicy>(Misfire),
            SpecJson = Spec,
            State = StoredText.Parse<ScheduleState>(State),
            Version = (int)Version,
            CreatedAt = Micros.ToInstant(CreatedAt),
            Since = Micros.ToInstant(Since),
            LastAt = Micros.ToInstant(LastAt),
        };
    }
}
