using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Forecast.Core;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Forecast.Hosting.Queues;

/// <summary>
/// RabbitMQ behind the queue's interface: durable quorum queues, publisher confirms, one unacknowledged message a consumer. A broker that
/// goes away is waited for; what it had handed out and not seen acknowledged, it gives to somebody else.
/// </summary>
/// <remarks>Each consumer, and the publisher, has a <see cref="BrokerLine"/> of its own and starts over on a new one when it breaks, which the workers' commit under a unique key makes harmless.</remarks>
public sealed class RabbitQueue : IWorkQueue, IAsyncDisposable
{
    /// <summary>Publications under way at once: fewer than the client keeps in memory for a socket that does not drain.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstIdle = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly BrokerAddress _address;
    private readonly Action<string, Exception> _complain;
    private readonly QueueMender _mender;
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private BrokerLine? _publisher;

    /// <param name="address"><c>amqp://user:password@host:port/virtual-host?heartbeat=SECONDS</c>.</param>
    /// <param name="complain">Told of trouble that is waited out.</param>
    /// <exception cref="ForecastException"><c>broker-address</c>.</exception>
    public RabbitQueue(string address, Action<string, Exception> complain)
    {
        _address = BrokerAddress.Parse(address);
        _complain = complain;
        _mender = new QueueMender(_address, complain);
    }

    /// <summary>The broker, without password.</summary>
    public string Location => _address.Location;

    public bool IsDurable => true;

    /// <summary>Whether a broker that failed so may answer later.</summary>
    public static bool MayPass(Exception e) => e is ForecastException { Code: "broker-unavailable" };

    /// <summary>Returns once the broker has confirmed every message.</summary>
    /// <exception cref="ForecastException"><c>broker-unavailable</c>: some of the messages may have arrived.</exception>
    public async ValueTask PublishAsync(string queue, IReadOnlyList<WorkMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var properties = new BasicProperties { Persistent = true, ContentType = "application/json" };
        await OnPublisherAsync(
            queue,
            async line =>
            {
                foreach (var some in messages.Chunk(AtOnce))
                {
                    await line.CallAsync(
                        channel => Task.WhenAll(some.Select(m => channel.BasicPublishAsync("", queue, mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(m)).AsTask())),
                        cancellation);
                }

                return messages.Count;
            },
            cancellation);
    }

    public async ValueTask<long> WaitingAsync(string queue, CancellationToken cancellation) =>
        await OnPublisherAsync(queue, async line => (await line.CallAsync(c => c.QueueDeclarePassiveAsync(queue), cancellation)).MessageCount, cancellation);

    /// <remarks>One queue pushes its messages here; several are asked in turn, so that none lies with a consumer that is busy with another's.</remarks>
    public IAsyncEnumerable<IWorkDelivery> ConsumeAsync(IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queues);
        return queues.Count == 1 ? PushedAsync(queues[0], cancellation) : PulledAsync(queues, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await ClosePublisherAsync();
        _publishing.Dispose();
    }

    private async Task<long> OnPublisherAsync(string queue, Func<BrokerLine, Task<long>> work, CancellationToken cancellation)
    {
        await _publishing.WaitAsync(cancellation);
        try
        {
            if (_publisher is { IsOpen: false }) await ClosePublisherAsync();
            var line = _publisher ??= await BrokerLine.OpenAsync(_address, confirms: true, cancellation);
            await line.DeclareAsync(queue, cancellation);
            return await work(line);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private async Task ClosePublisherAsync()
    {
        if (_publisher is not { } line) return;
        _publisher = null;
        await line.DisposeAsync();
    }

    private async IAsyncEnumerable<IWorkDelivery> PushedAsync(string queue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await using var line = await PatientAsync([queue], cancellation);
            if (await AskedAsync(() => ListenAsync(line, queue, cancellation)) is { } listening)
            {
                while (await listening.NextAsync(cancellation) is { } delivery) yield return delivery;
            }
            else
            {
                await _mender.MendAsync(queue, cancellation);
            }

            await Task.Delay(FirstWait, cancellation);
        }
    }

    private async IAsyncEnumerable<IWorkDelivery> PulledAsync(IReadOnlyList<string> queues, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await using var line = await PatientAsync(queues, cancellation);
            var answered = false;
            for (var idle = FirstIdle; line.IsOpen; answered |= line.IsOpen)
            {
                if (await AskedAsync(() => PullAsync(line, queues, cancellation)) is { } delivery)
                {
                    idle = FirstIdle;
                    yield return delivery;
                }
                else
                {
                    await Task.Delay(idle, cancellation);
                    idle = idle * 2 < LongestIdle ? idle * 2 : LongestIdle;
                }
            }

            foreach (var queue in answered ? [] : queues) await _mender.MendAsync(queue, cancellation);
            await Task.Delay(FirstWait, cancellation);
        }
    }

    private async Task<Delivery?> PullAsync(BrokerLine line, IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        foreach (var queue in queues)
        {
            if (await line.CallAsync(c => c.BasicGetAsync(queue, autoAck: false), cancellation) is { } given && await ReadAsync(line, queue, given.DeliveryTag, given.Body) is { } delivery) return delivery;
        }

        return null;
    }

    private async Task<Listening> ListenAsync(BrokerLine line, string queue, CancellationToken cancellation)
    {
        var consumer = new AsyncEventingBasicConsumer(line.Channel);
        var inbox = Channel.CreateUnbounded<Delivery>();
        consumer.UnregisteredAsync += (_, _) => EndAsync();
        consumer.ShutdownAsync += (_, _) => EndAsync();
        consumer.ReceivedAsync += async (_, given) =>
        {
            if (await ReadAsync(line, queue, given.DeliveryTag, given.Body) is { } delivery) inbox.Writer.TryWrite(delivery);
        };
        await line.CallAsync(c => c.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false), cancellation);
        await line.CallAsync(c => c.BasicConsumeAsync(queue, autoAck: false, consumer), cancellation);
        return new Listening(line, inbox.Reader);

        Task EndAsync()
        {
            inbox.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }

    /// <summary>What somebody else wrote into the queue is told of and dropped: it would come again and again.</summary>
    private async ValueTask<Delivery?> ReadAsync(BrokerLine line, string queue, ulong tag, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize<WorkMessage>(body.Span) is { RunId: not null, ItemKey: not null } message) return new Delivery(line, tag, message, _complain);
            throw new JsonException("it names no run and item");
        }
        catch (JsonException e)
        {
            _complain($"a message of queue '{queue}' is no work item and was dropped", e);
            await line.CallAsync(c => c.BasicAckAsync(tag, multiple: false).AsTask(), CancellationToken.None);
            return null;
        }
    }

    /// <summary>A line on the queues, however long the broker takes to answer.</summary>
    private async Task<BrokerLine> PatientAsync(IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            if (await AskedAsync(() => OpenAsync(queues, cancellation)) is { } line) return line;
            await Task.Delay(wait, cancellation);
        }
    }

    private async Task<BrokerLine> OpenAsync(IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        var line = await BrokerLine.OpenAsync(_address, confirms: false, cancellation);
        try
        {
            foreach (var queue in queues) await line.DeclareAsync(queue, cancellation);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>The answer, or null after telling of a broker that gave none.</summary>
    private async Task<T?> AskedAsync<T>(Func<Task<T>> ask)
        where T : class?
    {
        try
        {
            return await ask();
        }
        catch (ForecastException e) when (MayPass(e))
        {
            _complain($"the broker at {Location} does not answer, tried again soon", e);
            return null;
        }
    }

    /// <summary>Messages that one queue pushes, until it is deleted or the line is gone.</summary>
    /// <remarks>
    /// Whether the client's consumer says that it runs is not asked: it says so a moment after the broker's consent, so that whoever asks at
    /// once hears no, hangs up, and starts over for ever.
    /// </remarks>
    private sealed class Listening(BrokerLine line, ChannelReader<Delivery> inbox)
    {
        /// <summary>The next message; null when no more will come. Looked at every second, too: the news of a loss may itself be lost.</summary>
        public async Task<Delivery?> NextAsync(CancellationToken cancellation)
        {
            while (line.IsOpen && !inbox.Completion.IsCompleted)
            {
                if (inbox.TryRead(out var delivery)) return delivery;
                using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                look.CancelAfter(Look);
                await ((Task)inbox.WaitToReadAsync(look.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
            }

            return null;
        }
    }

    private sealed class Delivery(BrokerLine line, ulong tag, WorkMessage message, Action<string, Exception> complain) : IWorkDelivery
    {
        public WorkMessage Message => message;

        public ValueTask AckAsync(CancellationToken cancellation) => TellAsync(c => c.BasicAckAsync(tag, multiple: false), cancellation);

        public ValueTask ReturnAsync(CancellationToken cancellation) => TellAsync(c => c.BasicNackAsync(tag, multiple: false, requeue: true), cancellation);

        private async ValueTask TellAsync(Func<IChannel, ValueTask> tell, CancellationToken cancellation)
        {
            try
            {
                await line.CallAsync(channel => tell(channel).AsTask(), cancellation);
            }
            catch (ForecastException e) when (MayPass(e))
            {
                // The broker has taken the message back already and will give it to somebody, who finds the item as the store has it.
                complain($"item '{message.ItemKey}' of run '{message.RunId}' could not be settled with the broker", e);
            }
        }
    }
}
