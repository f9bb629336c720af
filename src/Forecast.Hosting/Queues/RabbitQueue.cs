using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Forecast.Core;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Forecast.Hosting.Queues;

/// <summary>
/// RabbitMQ behind the queue's interface: durable quorum queues, publisher confirms, one unacknowledged message a consumer. A broker that
/// goes away is waited for; what it had handed out and not seen acknowledged, it gives to somebody else.
/// </summary>
/// <remarks>
/// The client's own recovery is off: after it, delivery tags of the dead channel mean nothing, and an acknowledgement could meet the wrong
/// message. Here each consumer opens a new channel and starts over, which the workers' commit under a unique key makes harmless.
/// </remarks>
public sealed class RabbitQueue : IWorkQueue, IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly Dictionary<string, object?> Quorum = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    private readonly ConnectionFactory _factory;
    private readonly Action<string, Exception> _complain;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;

    /// <param name="address"><c>amqp://user:password@host:port/virtual-host</c>.</param>
    /// <param name="complain">Told of trouble that is waited out.</param>
    /// <exception cref="ForecastException"><c>broker-address</c>.</exception>
    public RabbitQueue(string address, Action<string, Exception> complain)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
            throw new ForecastException("broker-address", "the address of the broker is not of the form amqp://user:password@host:port/virtual-host", "broker"); // may hold a password
        _factory = new ConnectionFactory
        {
            Uri = uri,
            ClientProvidedName = $"forecast {Environment.MachineName}/{Environment.ProcessId}",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(20),
        };
        _complain = complain;
        Location = $"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : 5672)}{uri.AbsolutePath}";
    }

    /// <summary>The broker, without password.</summary>
    public string Location { get; }

    public bool IsDurable => true;

    /// <summary>Whether a broker that failed so may answer later.</summary>
    public static bool MayPass(Exception e) => e is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or PublishException or IOException or TimeoutException or ConnectFailureException;

    /// <summary>As <see cref="MayPass(Exception)"/>; a call that the client itself gave up waiting for is one that the caller did not cancel.</summary>
    public static bool MayPass(Exception e, CancellationToken own) => MayPass(e) || (e is OperationCanceledException && !own.IsCancellationRequested);

    /// <summary>Returns once the broker has confirmed every message.</summary>
    public async ValueTask PublishAsync(string queue, IReadOnlyList<WorkMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        await using var open = new Closing(await OpenAsync([queue], new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation));
        var properties = new BasicProperties { Persistent = true, ContentType = "application/json" };
        var confirmed = messages.Select(m => open.Channel.BasicPublishAsync("", queue, mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(m), cancellation).AsTask()).ToArray();
        await Task.WhenAll(confirmed).WaitAsync(2 * LongestCall, cancellation);
    }

    /// <remarks>One queue pushes its messages here; several are asked in turn, so that none lies with a consumer that is busy with another's.</remarks>
    public IAsyncEnumerable<IWorkDelivery> ConsumeAsync(IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queues);
        return queues.Count == 1 ? PushedAsync(queues[0], cancellation) : PulledAsync(queues, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await QuietlyAsync(_connection);
        _gate.Dispose();
    }

    /// <summary>What the broker took down with it cannot be closed any more, and need not be.</summary>
    private static async ValueTask QuietlyAsync(IAsyncDisposable open)
    {
        try
        {
            await open.DisposeAsync().AsTask().WaitAsync(LongestWait);
        }
        catch (Exception e) when (MayPass(e, CancellationToken.None) || e is ObjectDisposedException)
        {
            // Gone already.
        }
    }

    private async IAsyncEnumerable<IWorkDelivery> PushedAsync(string queue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await using var open = new Closing(await PatientAsync([queue], cancellation));
            var inbox = Channel.CreateUnbounded<Delivery>();
            if (!await ListenAsync(open.Channel, queue, inbox.Writer, cancellation)) continue;
            await foreach (var delivery in inbox.Reader.ReadAllAsync(cancellation)) yield return delivery;
        }
    }

    private async IAsyncEnumerable<IWorkDelivery> PulledAsync(IReadOnlyList<string> queues, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await using var open = new Closing(await PatientAsync(queues, cancellation));
            while (open.Channel.IsOpen)
            {
                if (await NextAsync(open.Channel, queues, cancellation) is { } delivery) yield return delivery;
                else await Task.Delay(Idle, cancellation);
            }
        }
    }

    private async Task<Delivery?> NextAsync(IChannel channel, IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        try
        {
            foreach (var queue in queues)
            {
                if (await channel.BasicGetAsync(queue, autoAck: false, cancellation).WaitAsync(LongestCall, cancellation) is { } given && JsonSerializer.Deserialize<WorkMessage>(given.Body.Span) is { } message)
                    return new Delivery(channel, given.DeliveryTag, message, _complain);
            }
        }
        catch (Exception e) when (MayPass(e, cancellation))
        {
            _complain($"the broker at {Location} broke off", e);
        }

        return null;
    }

    private async Task<bool> ListenAsync(IChannel channel, string queue, ChannelWriter<Delivery> inbox, CancellationToken cancellation)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, given) =>
        {
            // The body is only on loan until this returns.
            if (JsonSerializer.Deserialize<WorkMessage>(given.Body.Span) is { } message) inbox.TryWrite(new Delivery(channel, given.DeliveryTag, message, _complain));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, _) => EndAsync();
        consumer.UnregisteredAsync += (_, _) => EndAsync();
        Task EndAsync()
        {
            inbox.TryComplete();
            return Task.CompletedTask;
        }

        try
        {
            await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellation);
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellation);
            return true;
        }
        catch (Exception e) when (MayPass(e, cancellation))
        {
            _complain($"the broker at {Location} broke off", e);
            return false;
        }
    }

    /// <summary>A channel on the queue, however long the broker takes to answer.</summary>
    private async Task<IChannel> PatientAsync(IReadOnlyList<string> queues, CancellationToken cancellation)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return await OpenAsync(queues, options: null, cancellation);
            }
            catch (Exception e) when (MayPass(e, cancellation))
            {
                _complain($"the broker at {Location} does not answer, tried again in {wait.TotalSeconds:0.#} s", e);
            }

            await Task.Delay(wait, cancellation);
        }
    }

    private async Task<IChannel> OpenAsync(IReadOnlyList<string> queues, CreateChannelOptions? options, CancellationToken cancellation)
    {
        var channel = await (await ConnectionAsync(cancellation)).CreateChannelAsync(options, cancellation).WaitAsync(LongestCall, cancellation);
        try
        {
            foreach (var queue in queues) await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum, cancellationToken: cancellation).WaitAsync(LongestCall, cancellation);
            return channel;
        }
        catch
        {
            await QuietlyAsync(channel);
            throw;
        }
    }

    private async Task<IConnection> ConnectionAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsOpen: true } open) return open;
            if (_connection is { } dead)
            {
                _connection = null;
                await QuietlyAsync(dead);
            }

            return _connection = await _factory.CreateConnectionAsync(cancellation).WaitAsync(LongestCall, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed class Closing(IChannel channel) : IAsyncDisposable
    {
        public IChannel Channel => channel;

        public ValueTask DisposeAsync() => QuietlyAsync(channel);
    }

    private sealed class Delivery(IChannel channel, ulong tag, WorkMessage message, Action<string, Exception> complain) : IWorkDelivery
    {
        public WorkMessage Message => message;

        public ValueTask AckAsync(CancellationToken cancellation) => TellAsync(() => channel.BasicAckAsync(tag, multiple: false, cancellation), cancellation);

        public ValueTask ReturnAsync(CancellationToken cancellation) => TellAsync(() => channel.BasicNackAsync(tag, multiple: false, requeue: true, cancellation), cancellation);

        private async ValueTask TellAsync(Func<ValueTask> tell, CancellationToken cancellation)
        {
            try
            {
                await tell().AsTask().WaitAsync(LongestCall, cancellation);
            }
            catch (Exception e) when (MayPass(e, cancellation))
            {
                // The broker has taken the message back already and will give it to somebody, who finds the item as the store has it.
                complain($"item '{message.ItemKey}' of run '{message.RunId}' could not be settled with the broker", e);
            }
        }
    }
}
