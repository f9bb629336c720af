using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Retrainings;

internal sealed class RetrainingStore(StoreDatabase database, IClock clock, string? tenant = null) : IRetrainingStore
{
    private const string Select = """
        SELECT job_id AS JobId, name AS Name, schedule_id AS ScheduleId, candidate AS Candidate, state AS State, reason AS Reason, findings AS Findings,
               created_at AS CreatedAt, decided_by AS DecidedBy, decided_at AS DecidedAt
        FROM retrainings
        """;

    private string Own => tenant is null ? "" : "AND tenant = @tenant";

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<StoredRetraining> AddAsync(NewRetraining retraining, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(retraining);
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO retrainings (job_id, tenant, name, schedule_id, candidate, state, reason, findings, created_at)
                    VALUES (@JobId, @owner, @name, (SELECT schedule_id FROM jobs WHERE id = @JobId), @candidate, @state, @reason, @findings, @now)
                    ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        retraining.JobId,
                        owner = Tenant.Checked(tenant ?? retraining.Tenant),
                        name = StoredText.Named(retraining.Name, "name"),
                        candidate = (long?)retraining.Candidate,
                        state = StoredText.Word(retraining.State),
                        reason = StoredText.Checked(retraining.Reason, "reason"),
                        findings = StoredText.Checked(retraining.FindingsJson, "findings"),
                        now = Now,
                    });
                return await RequireAsync(session, retraining.JobId);
            },
            cancellation);
    }

    public Task<StoredRetraining?> FindAsync(string jobId, CancellationToken cancellation = default) => database.ReadAsync(session => FindAsync(session, jobId), cancellation);

    public Task<Paged<StoredRetraining>> ListAsync(PageRequest? page = null, string? name = null, CancellationToken cancellation = default)
    {
        var (limit, time, after) = (page ?? new PageRequest()).Read();
        if (name is not null) StoredText.Checked(name, "name");
        return database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<Row>(
                    $"""
                    {Select} WHERE (created_at < @time OR (created_at = @time AND job_id > @after)) {(name is null ? "" : "AND name = @name")} {Own}
                    ORDER BY created_at DESC, job_id LIMIT @count
                    """,
                    new { time, after, name, tenant, count = limit + 1 });
                var found = Paged<Row>.From(rows, limit, r => PageRequest.Cursor(r.CreatedAt, r.JobId));
                return new Paged<StoredRetraining>([.. found.Items.Select(r => r.ToRetraining())], found.Next);
            },
            cancellation);
    }

    public Task<StoredRetraining?> LatestAsync(string scheduleId, CancellationToken cancellation = default) => database.ReadAsync(
        async session => (await session.FirstAsync<Row>($"{Select} WHERE schedule_id = @scheduleId {Own} ORDER BY created_at DESC, job_id LIMIT 1", new { scheduleId, tenant }))?.ToRetraining(),
        cancellation);

    public Task<StoredRetraining> DecideAsync(string jobId, RetrainingState state, string reason, string? by, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var stands = await RequireAsync(session, jobId);
            var changed = await session.ExecuteAsync(
                "UPDATE retrainings SET state = @word, reason = @reason, decided_by = @by, decided_at = @now WHERE job_id = @jobId AND state = 'awaiting'",
                new { jobId, word = StoredText.Word(state), reason = StoredText.Checked(reason, "reason"), by = StoredText.Optional(by, "by"), now = Now });
            if (changed == 0) throw new ForecastException("retraining-decided", $"retraining '{jobId}' waits for no decision: it is {StoredText.Word(stands.State)}", "id");
            return await RequireAsync(session, jobId);
        },
        cancellation);

    private async Task<StoredRetraining?> FindAsync(StoreSession session, string jobId) => (await session.FirstAsync<Row>($"{Select} WHERE job_id = @jobId {Own}", new { jobId, tenant }))?.ToRetraining();

    private async Task<StoredRetraining> RequireAsync(StoreSession session, string jobId) =>
        await FindAsync(session, jobId) ?? throw new ForecastException("retraining-unknown", $"there is no retraining '{jobId}'", "id");

    private sealed class Row
    {
        public string JobId { get; init; } = "";

        public string Name { get; init; } = "";

        public string? ScheduleId { get; init; }

        public long? Candidate { get; init; }

        public string State { get; init; } = "";

        public string Reason { get; init; } = "";

        public string Findings { get; init; } = "";

        public long CreatedAt { get; init; }

        public string? DecidedBy { get; init; }

        public long? DecidedAt { get; init; }

        public StoredRetraining ToRetraining() => new(
            JobId, Name, ScheduleId, (int?)Candidate, StoredText.Parse<RetrainingState>(State), Reason, Findings, Micros.ToInstant(CreatedAt), DecidedBy, Micros.ToInstant(DecidedAt));
    }
}
