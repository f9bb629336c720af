using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Forecast.Tests.Servers;

namespace Forecast.Platform.Tests.Support;

/// <summary>
/// Stands between a worker and the broker and sees the frames that pass. When armed, it holds the worker's next acknowledgement back and
/// tells: at that moment the result is committed and the broker does not know.
/// </summary>
/// <remarks>A frame of AMQP 0-9-1 is type (1 byte), channel (2), size (4), payload and an end byte; a method's payload starts with class and method (2 bytes each).</remarks>
public sealed class BrokerGate : IAsyncDisposable
{
    private const int HeadLength = 7;
    private const byte MethodFrame = 1;
    private const uint BasicAck = (60u << 16) | 80;

    private readonly TcpListener _listener;
    private readonly int _broker;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private TaskCompletionSource? _armed;

    public BrokerGate(int brokerPort)
    {
        _broker = brokerPort;
        Port = Ports.Free();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    /// <summary>Holds the next acknowledgement back for good; completes when it has come. Its connection is then dead to the worker.</summary>
    public Task HoldNextAckAsync()
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _armed, armed);
        return armed.Task;
    }

    /// <summary>Lets acknowledgements pass again, in case none came.</summary>
    public void Disarm() => Volatile.Write(ref _armed, null);

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
        while (true)
        {
            await worker.ReadExactlyAsync(frame.AsMemory(0, HeadLength), _stop.Token);
            var length = HeadLength + (int)BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(3)) + 1;
            if (length > frame.Length) Array.Resize(ref frame, length);
            await worker.ReadExactlyAsync(frame.AsMemory(HeadLength, length - HeadLength), _stop.Token);
            if (frame[0] == MethodFrame && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(HeadLength)) == BasicAck && Interlocked.Exchange(ref _armed, null) is { } armed)
            {
                armed.SetResult();
                while (await worker.ReadAsync(frame, _stop.Token) > 0)
                {
                    // Nothing passes any more, until the worker is gone.
                }

                return;
            }

            await broker.WriteAsync(frame.AsMemory(0, length), _stop.Token);
        }
    }
}
