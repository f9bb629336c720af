using System.Globalization;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Events;
using Forecast.Store.Outbox;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Runs;

internal sealed class RunStore(StoreDatabase database, IClock clock, string? tenant = null) : IRunStore
{
    private static readonly string[] ItemColumns = ["run_id", "item_key", "position", "payload", "state", "attempts"];

    private string Own => tenant is null ? "" : "AND tenant = @tenant";

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<string> CreateAsync(NewRun run, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var id = run.Id is null ? NewId.Next() : StoredText.Named(run.Id, "run");
        CheckKeys(run.Items);
        return database.WriteAsync(
            async session =>
            {
                if (run.DatasetId is not null && await session.FirstAsync<long>("SELECT count(*) FROM datasets WHERE id = @DatasetId", new { run.DatasetId }) == 0)
                    throw new ForecastException("dataset-unknown", $"there is no dataset with id '{run.DatasetId}'", "dataset");
                var added = await session.ExecuteAsync(
                    """
                    INSERT INTO runs (id, kind, status, spec, data_name, data_hash, dataset_id, seed, device, engine, threads, command, created_at, queue, tenant)
                    VALUES (@id, @Kind, 'created', @SpecJson, @DataName, @DataHash, @DatasetId, @seed, @Device, @Engine, @threads, @Command, @now, @Queue, @owner)
                    ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        id,
                        Kind = StoredText.Named(run.Kind, "kind"),
                        SpecJson = StoredText.Checked(run.SpecJson, "spec"),
                        DataName = StoredText.Checked(run.DataName, "data"),
                        run.DataHash,
                        run.DatasetId,
                        seed = run.Seed.ToString(CultureInfo.InvariantCulture),
                        run.Device,
                        run.Engine,
                        threads = (long)run.Threads,
                        Command = StoredText.Checked(run.Command, "command"),
                        now = Now,
                        Queue = StoredText.Optional(run.Queue, "queue"),
                        owner = Tenant.Checked(tenant ?? run.Tenant),
                    });
                if (added == 0) throw new ForecastException("run-exists", $"there is a run '{id}' already", "run");
                await session.BulkInsertAsync("work_items", ItemColumns, run.Items.Select((item, i) => new object?[] { id, item.Key, (long)i, item.PayloadJson, "pending", 0L }));
                if (run.Queue is not null) await OutboxStore.AddAsync(session, id, run.Queue, run.Items.Select(i => i.Key), Now);
                return id;
            },
            cancellation);
    }

    public Task<StoredRun?> FindAsync(string runId, CancellationToken cancellation = default) =>
        database.ReadAsync(
        async session => (await session.FirstAsync<RunRow>($"{RunRow.Select} WHERE id = @runId {Own}", new { runId, tenant }))?.ToRun(), cancellation);

    public Task<Paged<StoredRun>> ListAsync(PageRequest? page = null, IReadOnlyCollection<RunStatus>? statuses = null, CancellationToken cancellation = default)
    {
        var (limit, time, after) = (page ?? new PageRequest()).Read();
        return database.ReadAsync(
            async session =>
            {
                var among = statuses is null ? "" : $"AND {database.In("status", "statuses")}";
                var rows = await session.QueryAsync<RunRow>(
                    $"""
                    {RunRow.Select} WHERE (created_at < @time OR (created_at = @time AND id > @after)) {among} {Own}
                    ORDER BY created_at DESC, id LIMIT @count
                    """,
                    new { time, after, tenant, count = limit + 1, statuses = database.List((statuses ?? []).Select(StoredText.Word)) });
                var found = Paged<RunRow>.From(rows, limit, r => PageRequest.Cursor(r.CreatedAt, r.Id));
                return new Paged<StoredRun>([.. found.Items.Select(r => r.ToRun())], found.Next);
            },
            cancellation);
    }

    public Task StartAsync(string runId, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            await session.LockAsync($"run/{runId}");
            var run = await RequireAsync(session, runId);
            if (run.Status is RunStatus.Finished) throw new ForecastException("run-finished", $"run '{runId}' is finished; its results are final", "run");
            await session.ExecuteAsync(
                """
                UPDATE runs SET status = 'running', started_at = coalesce(started_at, @now), finished_at = NULL, error_code = NULL, error_message = NULL
                WHERE id = @runId
                """,
                new { runId, now = Now });
            await session.ExecuteAsync(
                "UPDATE work_items SET state = 'pending', finished_at = NULL, error_code = NULL, error_message = NULL WHERE run_id = @runId AND state = 'failed'",
                new { runId });

            // Workers drop the messages of a run that was stopped.
            if (run.Status is RunStatus.Failed or RunStatus.Cancelled) await OutboxStore.AddPendingAsync(session, runId, Now);
        },
        cancellation);

    public Task<IReadOnlyList<StoredWorkItem>> PendingItemsAsync(string runId, CancellationToken cancellation = default) =>
        database.ReadAsync(
            async session =>
            {
                await RequireAsync(session, runId);
                return await ItemsAsync(session, runId, "AND state = 'pending'");
            },
            cancellation);

    public Task<IReadOnlyList<StoredWorkItem>> ItemsAsync(string runId, CancellationToken cancellation = default) =>
        database.ReadAsync(
            async session =>
            {
                await RequireAsync(session, runId);
                return await ItemsAsync(session, runId, "");
            },
            cancellation);

    public Task<IReadOnlyList<StoredBlock>> BlocksAsync(string runId, CancellationToken cancellation = default) =>
        database.ReadAsync(
            async session =>
            {
                await RequireAsync(session, runId);
                return await new RunReader(database, session, runId).BlocksAsync(await ItemsAsync(session, runId, "AND state = 'done'"));
            },
            cancellation);

    public Task<RunProgress> ProgressAsync(string runId, CancellationToken cancellation = default) => database.ReadAsync(
        async session =>
        {
            await RequireAsync(session, runId);
            return await ProgressAsync(session, runId);
        },
        cancellation);

    public Task<int?> StartItemAsync(string runId, string itemKey, string worker, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var attempts = await session.FirstAsync<long?>(
                """
                UPDATE work_items SET attempts = attempts + 1, worker = @worker, started_at = @now, state = 'pending', finished_at = NULL, error_code = NULL, error_message = NULL
                WHERE run_id = @runId AND item_key = @itemKey AND state <> 'done' RETURNING attempts
                """,
                new { runId, itemKey, worker = StoredText.Checked(worker, "worker"), now = Now });
            if (attempts is null) await RequireItemAsync(session, runId, itemKey);
            return (int?)attempts;
        },
        cancellation);

    public Task<bool> FailItemAsync(string runId, string itemKey, string code, string message, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            var changed = await session.ExecuteAsync(
                """
                UPDATE work_items SET state = 'failed', finished_at = @now, error_code = @code, error_message = @message
                WHERE run_id = @runId AND item_key = @itemKey AND state <> 'done'
                """,
                new { runId, itemKey, code = StoredText.Checked(code, "code"), message = StoredText.Checked(message, "message"), now = Now });
            if (changed == 0) await RequireItemAsync(session, runId, itemKey);
            return changed == 1;
        },
        cancellation);

    public Task<bool> CommitBlockAsync(string runId, string itemKey, BlockRecord block, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(block);
        return database.WriteAsync(
            async session =>
            {
                // Marking the item first takes its row: of two who commit the same block, one changes it and the other finds it done.
                var position = await session.FirstAsync<long?>(
                    """
                    UPDATE work_items SET state = 'done', worker = @Worker, device = @Device, exposure = @Exposure, fit_seconds = @FitSeconds,
                           predict_seconds = @PredictSeconds, details = @Details, finished_at = @now, error_code = NULL, error_message = NULL
                    WHERE run_id = @runId AND item_key = @itemKey AND state <> 'done' RETURNING position
                    """,
                    new
                    {
                        runId,
                        itemKey,
                        Worker = StoredText.Checked(block.Worker, "worker"),
                        block.Device,
                        block.Exposure,
                        FitSeconds = BlockWriter.Number(block.FitSeconds),
                        PredictSeconds = BlockWriter.Number(block.PredictSeconds),
                        Details = StoredText.Optional(block.DetailsJson, "details"),
                        now = Now,
                    });
                if (position is not { } item)
                {
                    await RequireItemAsync(session, runId, itemKey);
                    return false;
                }

                await BlockWriter.WriteAsync(session, runId, item, block);
                if (block.Event is { } news) await EventWriter.AppendAsync(session, Streams.OfRun(runId), news.Kind, news.PayloadJson, Now);
                return true;
            },
            cancellation);
    }

    public Task<bool> FinishAsync(string runId, RunOutcome outcome, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return database.WriteAsync(
            async session =>
            {
                await session.LockAsync($"run/{runId}");
                var run = await RequireAsync(session, runId);
                if (run.Status is RunStatus.Finished)
                {
                    if (string.Equals(run.PredictionsHash, outcome.PredictionsHash, StringComparison.Ordinal)) return false;
                    throw new ForecastException("run-finished", $"run '{runId}' is finished with predictions {run.PredictionsHash}; it cannot finish again with {outcome.PredictionsHash}", "run");
                }

                var progress = await ProgressAsync(session, runId);
                if (progress.Done < progress.Total)
                    throw new ForecastException("run-unfinished", $"run '{runId}' has {progress.Total - progress.Done} of {progress.Total} items that are not done", "run");
                await BlockWriter.WriteMetricsAsync(session, runId, outcome.Metrics);
                await session.ExecuteAsync(
                    """
                    UPDATE runs SET status = 'finished', finished_at = @now, started_at = coalesce(started_at, @now), predictions_hash = @PredictionsHash,
                           report_path = @ReportPath, certificate = @Certificate, error_code = NULL, error_message = NULL
                    WHERE id = @runId
                    """,
                    new { runId, now = Now, outcome.PredictionsHash, ReportPath = StoredText.Optional(outcome.ReportPath, "report"), Certificate = StoredText.Optional(outcome.CertificateJson, "certificate") });
                return true;
            },
            cancellation);
    }

    public Task<bool> FailAsync(string runId, string code, string message, CancellationToken cancellation = default) => StopAsync(runId, RunStatus.Failed, code, message, cancellation);

    public Task<bool> CancelAsync(string runId, CancellationToken cancellation = default) => StopAsync(runId, RunStatus.Cancelled, null, null, cancellation);

    public Task<int> ResendAsync(string runId, Duration silent, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            await session.LockAsync($"run/{runId}");
            return (await RequireAsync(session, runId)).Status is RunStatus.Created or RunStatus.Running
                ? await OutboxStore.AddLostAsync(session, runId, Micros.Floor(clock.GetCurrentInstant() - silent), Now)
                : 0;
        },
        cancellation);

    public Task<RunContents> ReadAsync(string runId, CancellationToken cancellation = default) => database.ReadAsync(
        async session =>
        {
            var run = await RequireAsync(session, runId);
            var reader = new RunReader(database, session, runId);
            return new RunContents
            {
                Run = run,
                Items = await ItemsAsync(session, runId, ""),
                Predictions = await reader.PredictionsAsync(),
                Folds = await reader.FoldsAsync(),
                Fits = await reader.FitsAsync(),
                Failures = await reader.FailuresAsync(),
                Metrics = await reader.MetricsAsync(),
            };
        },
        cancellation);

    public Task<IReadOnlyList<StoredPrediction>> PredictionsAsync(string runId, IReadOnlyCollection<string>? models = null, IReadOnlyCollection<string>? series = null, CancellationToken cancellation = default) =>
        database.ReadAsync(
            async session =>
            {
                await RequireAsync(session, runId);
                return await new RunReader(database, session, runId).PredictionsAsync(models, series);
            },
            cancellation);

    public Task<IReadOnlyList<StoredMetric>> MetricsAsync(string runId, CancellationToken cancellation = default) => database.ReadAsync(
        async session =>
        {
            await RequireAsync(session, runId);
            return await new RunReader(database, session, runId).MetricsAsync();
        },
        cancellation);

    public Task<IReadOnlyList<StoredFailure>> FailuresAsync(string runId, CancellationToken cancellation = default) => database.ReadAsync(
        async session =>
        {
            await RequireAsync(session, runId);
            return await new RunReader(database, session, runId).FailuresAsync();
        },
        cancellation);

    private static Task<RunRow?> RowAsync(StoreSession session, string runId) => session.FirstAsync<RunRow>($"{RunRow.Select} WHERE id = @runId", new { runId });

    private static async Task<StoredRun> RequireAsync(StoreSession session, string runId) =>
        (await RowAsync(session, runId))?.ToRun() ?? throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run");

    private static async Task RequireItemAsync(StoreSession session, string runId, string itemKey)
    {
        if (await session.FirstAsync<long>("SELECT count(*) FROM work_items WHERE run_id = @runId AND item_key = @itemKey", new { runId, itemKey }) > 0) return;
        await RequireAsync(session, runId);
        throw new ForecastException("work-item-unknown", $"run '{runId}' has no work item '{itemKey}'", "item");
    }

    private static async Task<IReadOnlyList<StoredWorkItem>> ItemsAsync(StoreSession session, string runId, string condition) =>
        [.. (await session.QueryAsync<WorkItemRow>($"{WorkItemRow.Select} WHERE run_id = @runId {condition} ORDER BY position", new { runId })).Select(r => r.ToItem())];

    private static async Task<RunProgress> ProgressAsync(StoreSession session, string runId)
    {
        var counts = await session.QueryAsync<(string State, long Count)>("SELECT state AS State, count(*) AS Count FROM work_items WHERE run_id = @runId GROUP BY state", new { runId });
        var pending = Of(WorkItemState.Pending);
        var done = Of(WorkItemState.Done);
        var failed = Of(WorkItemState.Failed);
        return new RunProgress(pending + done + failed, pending, done, failed);

        int Of(WorkItemState state) => (int)counts.Where(c => string.Equals(c.State, StoredText.Word(state), StringComparison.Ordinal)).Sum(c => c.Count);
    }

    private static void CheckKeys(IReadOnlyList<NewWorkItem> items)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            StoredText.Named(items[i].Key, "item");
            StoredText.Checked(items[i].PayloadJson, "payload");
            if (!keys.Add(items[i].Key)) throw new ForecastException("work-item-duplicate", $"work item '{items[i].Key}' stands twice in the run", "item", index: i);
        }
    }

    private Task<bool> StopAsync(string runId, RunStatus status, string? code, string? message, CancellationToken cancellation) => database.WriteAsync(
        async session =>
        {
            await session.LockAsync($"run/{runId}");
            var run = await RequireAsync(session, runId);
            if (run.Status is RunStatus.Finished) return false;
            await session.ExecuteAsync(
                "UPDATE runs SET status = @status, finished_at = @now, error_code = @code, error_message = @message WHERE id = @runId",
                new { runId, status = StoredText.Word(status), now = Now, code = StoredText.Optional(code, "code"), message = StoredText.Optional(message, "message") });
            return true;
        },
        cancellation);
}
