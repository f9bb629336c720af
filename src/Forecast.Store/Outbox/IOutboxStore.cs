using NodaTime;

namespace Forecast.Store.Outbox;

/// <summary>A message that a broker has yet to confirm.</summary>
/// <param name="Queue">Where it goes.</param>
/// <param name="RunId">Its run.</param>
/// <param name="ItemKey">Its work item.</param>
/// <param name="ClaimedUntil">Until when it is held by whoever took it.</param>
public sealed record OutboxMessage(string Queue, string RunId, string ItemKey, Instant ClaimedUntil);

/// <summary>Messages between the transaction that made them and the broker that confirms them: at least once, never lost.</summary>
public interface IOutboxStore
{
    /// <summary>The oldest messages that nobody else is sending; they are held for <paramref name="lease"/> and then free again.</summary>
    Task<IReadOnlyList<OutboxMessage>> TakeAsync(int limit, Duration lease, CancellationToken cancellation = default);

    /// <summary>The broker has them: forget them. A message that was added again or taken by another meanwhile stays: it is to be sent once more.</summary>
    Task ConfirmAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellation = default);

    /// <summary>The broker did not take them: free them at once, unless another has them now.</summary>
    Task ReleaseAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellation = default);
}
