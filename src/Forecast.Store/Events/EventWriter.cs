using Forecast.Store.Database;

namespace Forecast.Store.Events;

/// <summary>Numbers and writes an event inside an open transaction.</summary>
internal static class EventWriter
{
    public static async Task<long> AppendAsync(StoreSession session, string stream, string kind, string payloadJson, long now)
    {
        StoredText.Named(stream, "stream");
        StoredText.Named(kind, "kind");
        StoredText.Checked(payloadJson, "payload");

        // The stream's row stays locked until the transaction ends, so no later number can become visible before this one.
        var seq = await session.FirstAsync<long>(
            """
            INSERT INTO event_streams (stream, last_seq) VALUES (@stream, 1)
            ON CONFLICT (stream) DO UPDATE SET last_seq = event_streams.last_seq + 1
            RETURNING last_seq
            """,
            new { stream });
        await session.ExecuteAsync(
            "INSERT INTO events (stream, seq, kind, payload, created_at) VALUES (@stream, @seq, @kind, @payloadJson, @now)",
            new { stream, seq, kind, payloadJson, now });
        return seq;
    }
}
