using System.Text.Json;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Events;
using Forecast.Store.Tenants;
using Forecast.Store.Webhooks;
using NodaTime;

namespace Forecast.Store.Jobs;

internal sealed class JobStore(StoreDatabase database, IClock clock, string? tenant = null) : IJobStore
{
    // A claim is good for one attempt only: a worker that was taken for dead must not end what another now does.
    private const string Held = "id = @JobId AND state = 'running' AND worker = @Worker AND attempts = @Attempt";

    private const string Claimable = "(state = 'queued' OR (state = 'running' AND lease_until < @now))";

    private string Own => tenant is null ? "" : "AND tenant = @tenant";

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<JobTicket> CreateAsync(NewJob job, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        StoredText.Named(job.Kind, "kind");
        StoredText.Checked(job.SpecJson, "spec");
        if (job.IdempotencyKey is not null) StoredText.Named(job.IdempotencyKey, "idempotencyKey");
        var owner = Tenant.Checked(tenant ?? job.Tenant);
        var key = job.IdempotencyKey is { } given ? Tenant.Qualify(owner, given) : null;
        return database.WriteAsync(
            async session =>
            {
                if (job.RunId is not null && await session.FirstAsync<long>("SELECT count(*) FROM runs WHERE id = @RunId", new { job.RunId }) == 0)
                    throw new ForecastException("run-unknown", $"there is no run '{job.RunId}'", "run");
                var (id, now) = (NewId.Next(), Now);
                var added = await session.ExecuteAsync(
                    """
                    INSERT INTO jobs (id, kind, idempotency_key, spec, state, run_id, cancel_requested, attempts, created_at, tenant)
                    VALUES (@id, @Kind, @key, @SpecJson, 'queued', @RunId, 0, 0, @now, @owner)
                    ON CONFLICT DO NOTHING
                    """,
                    new { id, job.Kind, key, job.SpecJson, job.RunId, now, owner });
                if (added == 1)
                {
                    await TellAsync(session, id, "queued", new { kind = job.Kind }, now);
                    return new JobTicket(await RequireAsync(session, id), Created: true);
                }

                var earlier = (await session.FirstAsync<JobRow>($"{JobRow.Select} WHERE kind = @Kind AND idempotency_key = @key", new { job.Kind, key }))!.ToJob();
                if (!string.Equals(earlier.SpecJson, job.SpecJson, StringComparison.Ordinal))
                    throw new ForecastException("idempotency-key-reused", $"the key '{job.IdempotencyKey}' stands for job {earlier.Id}, which asks for something else; use a new key", "idempotencyKey");
                return new JobTicket(earlier, Created: false);
            },
            cancellation);
    }

    public Task<StoredJob?> FindAsync(string jobId, CancellationToken cancellation = default) =>
        database.ReadAsync(
        async session => (await session.FirstAsync<JobRow>($"{JobRow.Select} WHERE id = @jobId {Own}", new { jobId, tenant }))?.ToJob(), cancellation);

    public Task<Paged<StoredJob>> ListAsync(PageRequest? page = null, IReadOnlyCollection<JobState>? states = null, CancellationToken cancellation = default)
    {
        var (limit, time, after) = (page ?? new PageRequest()).Read();
        return database.ReadAsync(
            async session =>
            {
                var among = states is null ? "" : $"AND {database.In("state", "states")}";
                var rows = await session.QueryAsync<JobRow>(
                    $"""
                    {JobRow.Select} WHERE (created_at < @time OR (created_at = @time AND id > @after)) {among} {Own}
                    ORDER BY created_at DESC, id LIMIT @count
                    """,
                    new { time, after, tenant, count = limit + 1, states = database.List((states ?? []).Select(StoredText.Word)) });
                var found = Paged<JobRow>.From(rows, limit, r => PageRequest.Cursor(r.CreatedAt, r.Id));
                return new Paged<StoredJob>([.. found.Items.Select(r => r.ToJob())], found.Next);
            },
            cancellation);
    }

    public Task<StoredJob?> ClaimAsync(string worker, Duration lease, IReadOnlyCollection<string>? kinds = null, CancellationToken cancellation = default)
    {
        StoredText.Named(worker, "worker");
        return database.WriteAsync(
            async session =>
            {
                var at = clock.GetCurrentInstant();
                var (now, until) = (Micros.Floor(at), Micros.Floor(at + lease));
                await EndAbandonedAsync(session, now);
                var among = kinds is null ? "" : $"AND {database.In("kind", "kinds")}";
                while (true)
                {
                    var id = await session.FirstAsync<string>(
                        $"SELECT id FROM jobs WHERE {Claimable} {among} ORDER BY created_at, id LIMIT 1", new { now, kinds = database.List(kinds ?? []) });
                    if (id is null) return null;

                    // Where writers run side by side, another may have taken it since: then look for the next.
                    var taken = await session.ExecuteAsync(
                        $"""
                        UPDATE jobs SET state = 'running', worker = @worker, attempts = attempts + 1, lease_until = @until, started_at = coalesce(started_at, @now)
                        WHERE id = @id AND {Claimable}
                        """,
                        new { id, worker, now, until });
                    if (taken == 0) continue;
                    var job = await RequireAsync(session, id);
                    await TellAsync(session, id, "running", new { worker, attempt = job.Attempts }, now);
                    return job;
                }
            },
            cancellation);
    }

    public Task<JobOrder> ProgressAsync(JobClaim claim, double share, string? message, Duration lease, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "a share lies between 0 and 1");
        return database.WriteAsync(
            async session =>
            {
                var at = clock.GetCurrentInstant();
                var held = await session.ExecuteAsync(
                    $"UPDATE jobs SET progress = @share, message = @message, lease_until = @until WHERE {Held}",
                    new { claim.JobId, claim.Worker, Attempt = (long)claim.Attempt, share, message = StoredText.Optional(message, "message"), until = Micros.Floor(at + lease) });
                var job = await RequireAsync(session, claim.JobId);
                if (held == 0) return JobOrder.Lost;
                await TellAsync(session, claim.JobId, "progress", new { share, message }, Micros.Floor(at));
                return job.CancelRequested ? JobOrder.Stop : JobOrder.GoOn;
            },
            cancellation);
    }

    public Task<bool> AttachRunAsync(JobClaim claim, string runId, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FirstAsync<long>("SELECT count(*) FROM runs WHERE id = @runId", new { runId }) == 0)
                    throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run");
                var held = await session.ExecuteAsync($"UPDATE jobs SET run_id = @runId WHERE {Held}", new { runId, claim.JobId, claim.Worker, Attempt = (long)claim.Attempt });
                await RequireAsync(session, claim.JobId);
                return held == 1;
            },
            cancellation);
    }

    public Task<bool> SucceedAsync(JobClaim claim, string? resultJson, CancellationToken cancellation = default) =>
        EndAsync(claim, JobState.Succeeded, StoredText.Optional(resultJson, "result"), code: null, message: null, cancellation);

    public Task<bool> FailAsync(JobClaim claim, string code, string message, CancellationToken cancellation = default) =>
        EndAsync(claim, JobState.Failed, result: null, StoredText.Checked(code, "code"), StoredText.Checked(message, "message"), cancellation);

    public Task<bool> ConfirmCancelAsync(JobClaim claim, CancellationToken cancellation = default) =>
        EndAsync(claim, JobState.Cancelled, result: null, code: null, message: null, cancellation);

    public Task<bool> RequestCancelAsync(string jobId, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var now = Now;
            if (tenant is not null && (await RequireAsync(session, jobId)).Tenant != tenant) throw Unknown(jobId);
            if (await session.ExecuteAsync("UPDATE jobs SET state = 'cancelled', cancel_requested = 1, finished_at = @now WHERE id = @jobId AND state = 'queued'", new { jobId, now }) == 1)
            {
                await TellAsync(session, jobId, "cancelled", new { }, now);
                return true;
            }

            if (await session.ExecuteAsync("UPDATE jobs SET cancel_requested = 1 WHERE id = @jobId AND state = 'running' AND cancel_requested = 0", new { jobId }) == 1)
            {
                await TellAsync(session, jobId, "cancelling", new { }, now);
                return true;
            }

            return (await RequireAsync(session, jobId)).State is JobState.Running;
        },
        cancellation);

    private static Task<JobRow?> RowAsync(StoreSession session, string jobId) => session.FirstAsync<JobRow>($"{JobRow.Select} WHERE id = @jobId", new { jobId });

    private static async Task<StoredJob> RequireAsync(StoreSession session, string jobId) =>
        (await RowAsync(session, jobId))?.ToJob() ?? throw Unknown(jobId);

    private static ForecastException Unknown(string jobId) => new("job-unknown", $"there is no job '{jobId}'", "job");

    private static async Task TellAsync(StoreSession session, string jobId, string kind, object facts, long now)
    {
        await EventWriter.AppendAsync(session, Streams.OfJob(jobId), kind, JsonSerializer.Serialize(facts), now);
        if (kind is "succeeded" or "failed" or "cancelled") await WebhookOutbox.AddAsync(session, jobId, now);
    }

    // A job that was asked to stop and whose worker died has stopped, and nobody is to go on with its run.
    private static async Task EndAbandonedAsync(StoreSession session, long now)
    {
        var ended = await session.QueryAsync<string>(
            "UPDATE jobs SET state = 'cancelled', finished_at = @now WHERE state = 'running' AND cancel_requested = 1 AND lease_until < @now RETURNING id", new { now });
        foreach (var id in ended)
        {
            await session.ExecuteAsync("UPDATE runs SET status = 'cancelled', finished_at = @now WHERE id = (SELECT run_id FROM jobs WHERE id = @id) AND status IN ('created', 'running')", new { id, now });
            await TellAsync(session, id, "cancelled", new { }, now);
        }
    }

    private Task<bool> EndAsync(JobClaim claim, JobState state, string? result, string? code, string? message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.WriteAsync(
            async session =>
            {
                var now = Now;
                var word = StoredText.Word(state);
                var held = await session.ExecuteAsync(
                    $"""
                    UPDATE jobs SET state = @word, result = @result, error_code = @code, error_message = @message, finished_at = @now, lease_until = NULL,
                           progress = CASE WHEN @word = 'succeeded' THEN 1.0 ELSE progress END
                    WHERE {Held}
                    """,
                    new { claim.JobId, claim.Worker, Attempt = (long)claim.Attempt, word, result, code, message, now });
                await RequireAsync(session, claim.JobId);
                if (held == 0) return false;
                await TellAsync(session, claim.JobId, word, new { code, message }, now);
                return true;
            },
            cancellation);
    }
}
