using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Forecast.Tests.Servers;

namespace Forecast.Platform.Tests.Support;

/// <summary>
/// Stands between a worker and the broker and sees the frames that pass. When armed, it holds the worker's next acknowledgement back and
/// tells: at that moment the result is committed and the broker does not know. It can also slow acknowledgements down.
/// </summary>
/// <remarks>A frame of AMQP 0-9-1 is type (1 byte), channel (2), size (4), payload and an end byte; a method's payload starts with class and method (2 bytes each).</remarks>
public sealed class BrokerGate : IAsyncDisposable
{
    private const int HeadLength = 7;
    private const byte MethodFrame = 1;
    private const uint BasicAck = (60u << 16) | 80;

    private static readonly TimeSpan SlowAck = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener;
    private readonly int _broker;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private TaskCompletionSource<BrokerGate>? _armed;
    private volatile bool _slow;

    public BrokerGate(int brokerPort)
    {
        _broker = brokerPort;
        Port = Ports.Free();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    /// <summary>Whether a worker waits some seconds for its next item: so the work lasts until everything was done to it.</summary>
    public bool Slow
    {
        get => _slow;
        set => _slow = value;
    }

    /// <summary>Holds the next acknowledgement back for good that comes to any of the gates, and gives that gate. Its connection is then dead to the worker.</summary>
    public static async Task<BrokerGate> HoldNextAckAsync(IReadOnlyList<BrokerGate> gates, TimeSpan within)
    {
        var armed = new TaskCompletionSource<BrokerGate>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var gate in gates) Volatile.Write(ref gate._armed, armed);
        try
        {
            return await armed.Task.WaitAsync(within);
        }
        finally
        {
            foreach (var gate in gates) Volatile.Write(ref gate._armed, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var worker = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => JoinAsync(worker));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task JoinAsync(TcpClient worker)
    {
        using var own = worker;
        using var broker = new TcpClient { NoDelay = true };
        worker.NoDelay = true;
        try
        {
            await broker.ConnectAsync("127.0.0.1", _broker, _stop.Token);
            await Task.WhenAny(
                ForwardAsync(worker.GetStream(), broker.GetStream()),
                broker.GetStream().CopyToAsync(worker.GetStream(), _stop.Token));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // One of the two is gone; the other is hung up on.
        }
    }

    private async Task ForwardAsync(NetworkStream worker, NetworkStream broker)
    {
        var frame = new byte[1 << 16];
        await worker.ReadExactlyAsync(frame.AsMemory(0, 8), _stop.Token); // the protocol header
        await broker.WriteAsync(frame.AsMemory(0, 8), _stop.Token);
        var line = new Line(broker);
        while (true)
        {
            await worker.ReadExactlyAsync(frame.AsMemory(0, HeadLength), _stop.Token);
            var length = HeadLength + (int)BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(3)) + 1;
            if (length > frame.Length) Array.Resize(ref frame, length);
            await worker.ReadExactlyAsync(frame.AsMemory(HeadLength, length - HeadLength), _stop.Token);
            var isAck = frame[0] == MethodFrame && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(HeadLength)) == BasicAck;
            if (isAck) _ = PassAckAsync(line, frame[..length]);
            else await line.WriteAsync(frame.AsMemory(0, length), _stop.Token);
        }
    }

    /// <summary>Beside the other frames, so that heartbeats go on meanwhile.</summary>
    private async Task PassAckAsync(Line line, byte[] frame)
    {
        try
        {
            for (var came = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Look, _stop.Token))
            {
                if (Interlocked.Exchange(ref _armed, null) is { } armed && armed.TrySetResult(this))
                {
                    line.IsDead = true;
                    return;
                }

                if (!_slow || TimeProvider.System.GetElapsedTime(came) > SlowAck) break;
            }

            await line.WriteAsync(frame, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The line broke meanwhile, which whoever reads from it sees, too.
        }
    }

    /// <summary>Frames to the broker, one at a time; none any more once it is dead.</summary>
    private sealed class Line(NetworkStream broker)
    {
        private readonly SemaphoreSlim _writing = new(1, 1);
        private volatile bool _dead;

        public bool IsDead
        {
            get => _dead;
            set => _dead = value;
        }

        public async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
        {
            await _writing.WaitAsync(cancellation);
            try
            {
                if (!_dead) await broker.WriteAsync(frame, cancellation);
            }
            finally
            {
                _writing.Release();
            }
        }
    }
}
