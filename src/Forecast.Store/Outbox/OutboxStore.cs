using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store.Outbox;

internal sealed class OutboxStore(StoreDatabase database, IClock clock) : IOutboxStore
{
    private const string Held = "run_id = @RunId AND item_key = @ItemKey AND claimed_until = @until";

    private static readonly string[] Columns = ["run_id", "item_key", "queue", "position", "created_at", "claimed_until"];

    public Task<IReadOnlyList<OutboxMessage>> TakeAsync(int limit, Duration lease, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.WriteAsync<IReadOnlyList<OutboxMessage>>(
            async session =>
            {
                // One relay chooses at a time; they send side by side.
                await session.LockAsync("outbox");
                var at = clock.GetCurrentInstant();
                var (now, until) = (Micros.Floor(at), Micros.Floor(at + lease));
                var rows = await session.QueryAsync<(string Queue, string RunId, string ItemKey)>(
                    "SELECT queue, run_id, item_key FROM outbox WHERE claimed_until < @now ORDER BY created_at, position LIMIT @limit", new { now, limit });
                foreach (var (_, runId, itemKey) in rows)
                    await session.ExecuteAsync("UPDATE outbox SET claimed_until = @until WHERE run_id = @runId AND item_key = @itemKey", new { runId, itemKey, until });
                return [.. rows.Select(r => new OutboxMessage(r.Queue, r.RunId, r.ItemKey, Micros.ToInstant(until)))];
            },
            cancellation);
    }

    public Task ConfirmAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellation = default) =>
        EachAsync($"DELETE FROM outbox WHERE {Held}", messages, cancellation);

    public Task ReleaseAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellation = default) =>
        EachAsync($"UPDATE outbox SET claimed_until = 0 WHERE {Held}", messages, cancellation);

    /// <summary>Adds the messages of a new run, inside its transaction.</summary>
    internal static Task AddAsync(StoreSession session, string runId, string queue, IEnumerable<string> itemKeys, long now) =>
        session.BulkInsertAsync("outbox", Columns, itemKeys.Select((key, i) => new object?[] { runId, key, queue, (long)i, now, 0L }));

    /// <summary>
    /// Adds the messages of a run's pending items again: their first ones may be gone. One that a relay has in hand is taken from it, since
    /// what it sends now may have been dropped already by a worker that saw the run stopped.
    /// </summary>
    internal static Task AddPendingAsync(StoreSession session, string runId, long now) => session.ExecuteAsync(
        """
        INSERT INTO outbox (run_id, item_key, queue, position, created_at, claimed_until)
        SELECT w.run_id, w.item_key, r.queue, w.position, @now, 0 FROM work_items w JOIN runs r ON r.id = w.run_id
        WHERE w.run_id = @runId AND w.state = 'pending' AND r.queue IS NOT NULL
        ON CONFLICT (run_id, item_key) DO UPDATE SET claimed_until = 0
        """,
        new { runId, now });

    /// <summary>Adds the messages of pending items that were never begun, or not after an instant; what waits in the outbox is left as it is.</summary>
    internal static Task<int> AddLostAsync(StoreSession session, string runId, long begunBefore, long now) => session.ExecuteAsync(
        """
        INSERT INTO outbox (run_id, item_key, queue, position, created_at, claimed_until)
        SELECT w.run_id, w.item_key, r.queue, w.position, @now, 0 FROM work_items w JOIN runs r ON r.id = w.run_id
        WHERE w.run_id = @runId AND w.state = 'pending' AND r.queue IS NOT NULL AND (w.started_at IS NULL OR w.started_at < @begunBefore)
        ON CONFLICT (run_id, item_key) DO NOTHING
        """,
        new { runId, begunBefore, now });

    private Task EachAsync(string sql, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return database.WriteAsync(
            async session =>
            {
                foreach (var m in messages) await session.ExecuteAsync(sql, new { m.RunId, m.ItemKey, until = Micros.Floor(m.ClaimedUntil) });
            },
            cancellation);
    }
}
