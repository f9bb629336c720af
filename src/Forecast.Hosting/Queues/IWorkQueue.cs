namespace Forecast.Hosting.Queues;

/// <summary>A work item on its way to a worker: ids only, so that a message never disagrees with the store.</summary>
public sealed record WorkMessage(string RunId, string ItemKey);

/// <summary>A message in the hands of one worker until it is acknowledged or returned.</summary>
public interface IWorkDelivery
{
    WorkMessage Message { get; }

    /// <summary>The result is committed: forget the message.</summary>
    ValueTask AckAsync(CancellationToken cancellation);

    /// <summary>The work was not done: give it to somebody else.</summary>
    ValueTask ReturnAsync(CancellationToken cancellation);
}

/// <summary>
/// Hands work items to workers, at least once each. A result is committed under its unique key before the message is
/// acknowledged, so that a repeated delivery changes nothing.
/// </summary>
public interface IWorkQueue
{
    /// <summary>
    /// True when messages outlive this process: they then come from the outbox, and other processes work on them, too. False when the process
    /// that runs a back-test hands out its items itself.
    /// </summary>
    bool IsDurable { get; }

    /// <param name="queue">What a worker must be able to do: <c>cpu</c> or <c>gpu</c>.</param>
    /// <param name="messages">Items to be done.</param>
    /// <param name="cancellation">Stops waiting for the queue.</param>
    ValueTask PublishAsync(string queue, IReadOnlyList<WorkMessage> messages, CancellationToken cancellation);

    /// <summary>Messages of a queue that nobody has in hand.</summary>
    ValueTask<long> WaitingAsync(string queue, CancellationToken cancellation);

    /// <summary>Deliveries, one at a time for each consumer, until cancelled; of several queues, earlier ones go first.</summary>
    IAsyncEnumerable<IWorkDelivery> ConsumeAsync(IReadOnlyList<string> queues, CancellationToken cancellation);
}
