using System.Collections.Concurrent;
using System.Net.Sockets;
using Forecast.Core;
using RabbitMQ.Client;

namespace Forecast.Hosting.Queues;

/// <summary>
/// One connection with one channel, for one consumer or one publisher. A call that fails in any way spoils the line, and a spoilt line is
/// hung up, socket and all: only then has the broker certainly taken back what it had handed out here.
/// </summary>
/// <remarks>
/// Nothing is shared and nothing recovers by itself. On a shared connection a publisher that hangs holds up the news of a lost connection
/// to the consumers. A call that was given up leaves its answer to come: a message that arrives so would lie here, unseen and
/// unacknowledged, for as long as the channel lives. And after the client's own recovery the delivery tags of the dead channel
/// mean nothing, so that an acknowledgement could meet another message.
/// </remarks>
internal sealed class BrokerLine : IAsyncDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(3);
    private static readonly Dictionary<string, object?> Quorum = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    private readonly string _location;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ConcurrentBag<Socket> _sockets;
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private volatile bool _spoilt;

    private BrokerLine(string location, IConnection connection, IChannel channel, ConcurrentBag<Socket> sockets) =>
        (_location, _connection, _channel, _sockets) = (location, connection, channel, sockets);

    /// <summary>False once it must be replaced.</summary>
    public bool IsOpen => !_spoilt && _connection.IsOpen && _channel.IsOpen;

    /// <summary>The channel, for what is not a call: consumers and their events.</summary>
    public IChannel Channel => _channel;

    /// <param name="address">The broker.</param>
    /// <param name="confirms">Whether a publication waits for the broker's confirmation.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>broker-unavailable</c>.</exception>
    public static async Task<BrokerLine> OpenAsync(BrokerAddress address, bool confirms, CancellationToken cancellation)
    {
        var sockets = new ConcurrentBag<Socket>();
        try
        {
            var connection = await address.Factory(NewSocket).CreateConnectionAsync(CancellationToken.None).WaitAsync(LongestCall, cancellation);
            var channel = await connection.CreateChannelAsync(new CreateChannelOptions(confirms, confirms), CancellationToken.None).WaitAsync(LongestCall, cancellation);
            return new BrokerLine(address.Location, connection, channel, sockets);
        }
        catch (Exception e)
        {
            HangUp(sockets);
            if (e is OperationCanceledException && cancellation.IsCancellationRequested) throw;
            throw Unavailable(address.Location, e);
        }

        Socket NewSocket(AddressFamily family)
        {
            var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            return socket;
        }
    }

    /// <summary>Declares a durable quorum queue, once a line.</summary>
    /// <exception cref="ForecastException"><c>broker-unavailable</c>.</exception>
    public async Task DeclareAsync(string queue, CancellationToken cancellation)
    {
        if (_declared.Contains(queue)) return;
        await CallAsync(c => c.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum), cancellation);
        _declared.Add(queue);
    }

    /// <summary>A call of the broker, given up after ten seconds.</summary>
    /// <remarks>The client is not given the token: a call that it breaks off half-way can take the connection along or confuse later answers.</remarks>
    /// <exception cref="ForecastException"><c>broker-unavailable</c>, whatever the client threw: what it makes of a line that breaks is not documented.</exception>
    public async Task<T> CallAsync<T>(Func<IChannel, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(_channel).WaitAsync(LongestCall, cancellation);
        }
        catch (Exception e)
        {
            _spoilt = true;
            if (e is OperationCanceledException && cancellation.IsCancellationRequested) throw;
            throw Unavailable(_location, e);
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(Func<IChannel, Task> call, CancellationToken cancellation) => CallAsync(
        async channel =>
        {
            await call(channel);
            return true;
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        if (IsOpen) await WithinAsync(_connection.CloseAsync(LongestClose));
        _spoilt = true;
        HangUp(_sockets);
        await WithinAsync(_connection.DisposeAsync().AsTask());
    }

    /// <summary>What the broker took down with it cannot be closed any more, and need not be: the socket is gone.</summary>
    private static async Task WithinAsync(Task closing) =>
        await closing.WaitAsync(LongestClose).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static void HangUp(ConcurrentBag<Socket> sockets)
    {
        foreach (var socket in sockets) socket.Dispose();
    }

    private static ForecastException Unavailable(string location, Exception why) =>
        new("broker-unavailable", $"the broker at {location} does not answer ({why.Message})", "broker", inner: why);
}
