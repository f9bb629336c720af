using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Forecast.Hosting.Queues;

/// <summary>The queue of a single process: a channel a name. What is lost with the process is found again in the store.</summary>
public sealed class InProcessQueue : IWorkQueue
{
    private readonly ConcurrentDictionary<string, Channel<WorkMessage>> _channels = new(StringComparer.Ordinal);

    public bool IsDurable => false;

    public async ValueTask PublishAsync(string queue, IReadOnlyList<WorkMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var writer = Named(queue).Writer;
        foreach (var message in messages) await writer.WriteAsync(message, cancellation);
    }

    public ValueTask<long> WaitingAsync(string queue, CancellationToken cancellation) => ValueTask.FromResult((long)Named(queue).Reader.Count);

    public async IAsyncEnumerable<IWorkDelivery> ConsumeAsync(IReadOnlyList<string> queues, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queues);
        Channel<WorkMessage>[] channels = [.. queues.Select(Named)];
        while (true)
        {
            if (Array.Find(channels, c => c.Reader.Count > 0) is { } ready && ready.Reader.TryRead(out var message)) yield return new Delivery(message, ready.Writer);
            else await Task.WhenAny(channels.Select(c => c.Reader.WaitToReadAsync(cancellation).AsTask())).Unwrap();
        }
    }

    private Channel<WorkMessage> Named(string queue) => _channels.GetOrAdd(queue, _ => Channel.CreateUnbounded<WorkMessage>());

    private sealed class Delivery(WorkMessage message, ChannelWriter<WorkMessage> writer) : IWorkDelivery
    {
        public WorkMessage Message => message;

        public ValueTask AckAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ReturnAsync(CancellationToken cancellation) => writer.WriteAsync(message, cancellation);
    }
}
