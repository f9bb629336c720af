using Forecast.Store.Database;
using NodaTime;

namespace Forecast.Store.Events;

internal sealed class EventStore(StoreDatabase database, IClock clock) : IEventStore
{
    public Task<long> AppendAsync(string stream, string kind, string payloadJson, CancellationToken cancellation = default) =>
        database.WriteAsync(session => EventWriter.AppendAsync(session, stream, kind, payloadJson, Micros.Floor(clock.GetCurrentInstant())), cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadAfterAsync(string stream, long seq, int limit = 1000, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<IReadOnlyList<StoredEvent>>(
            async session =>
            {
                var rows = await session.QueryAsync<(long Seq, string Kind, string Payload, long At)>(
                    "SELECT seq, kind, payload, created_at FROM events WHERE stream = @stream AND seq > @seq ORDER BY seq LIMIT @limit",
                    new { stream, seq, limit });
                return [.. rows.Select(r => new StoredEvent(stream, r.Seq, r.Kind, r.Payload, Micros.ToInstant(r.At)))];
            },
            cancellation);
    }
}
