using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Events;

/// <summary>Something that happened in a job or run.</summary>
/// <param name="Stream">Whose event it is: see <see cref="Streams"/>.</param>
/// <param name="Seq">1, 2, 3, ... within the stream.</param>
/// <param name="Kind">What happened.</param>
/// <param name="PayloadJson">Its facts.</param>
/// <param name="At">When it was written.</param>
public sealed record StoredEvent(string Stream, long Seq, string Kind, string PayloadJson, Instant At);

/// <summary>Names of streams.</summary>
public static class Streams
{
    public static string OfRun(string runId) => $"run/{runId}";

    public static string OfJob(string jobId) => $"job/{jobId}";
}

/// <summary>
/// Numbered events of jobs and runs. Whoever has read up to n and asks for what is after n misses nothing: numbers become
/// visible in order and without holes, however many write at once.
/// </summary>
public interface IEventStore
{
    /// <returns>The event's number.</returns>
    /// <exception cref="ForecastException">A blank stream or kind, or a text that cannot be stored.</exception>
    Task<long> AppendAsync(string stream, string kind, string payloadJson, CancellationToken cancellation = default);

    /// <summary>The first <paramref name="limit"/> events after a number, in order; empty when there are none yet.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadAfterAsync(string stream, long seq, int limit = 1000, CancellationToken cancellation = default);
}
