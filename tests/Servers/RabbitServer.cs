using System.Diagnostics;
using System.Net.Sockets;

namespace Forecast.Tests.Servers;

/// <summary>A real RabbitMQ of these tests' own, on free ports of the loopback, with the configuration that ships: can be killed and started again with its queues.</summary>
public sealed class RabbitServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("forecast-mq-").FullName;
    private readonly int _distribution = Ports.Free();
    private Process? _server;

    private RabbitServer()
    {
    }

    public int Port { get; } = Ports.Free();

    public string Address => AddressAt(Port);

    /// <summary>The address for whoever goes through another port.</summary>
    public static string AddressAt(int port) => $"amqp://guest:guest@127.0.0.1:{Ports.Text(port)}/";

    public static async Task<RabbitServer> StartNewAsync(CancellationToken cancellation, string settings = "")
    {
        var server = new RabbitServer();
        var shipped = await File.ReadAllTextAsync(Repository.At("deploy", "rabbitmq.conf"), cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(server._folder, "rabbitmq.conf"), $"{shipped}\nlisteners.tcp.1 = 127.0.0.1:{Ports.Text(server.Port)}\nlog.console = true\nlog.file = false\n{settings}", cancellation);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "enabled_plugins"), "[].\n", cancellation);
        await server.StartAsync(cancellation);
        return server;
    }

    /// <summary>Starts it, with what its queues held, and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec /usr/lib/rabbitmq/bin/rabbitmq-server >> server.log 2>&1 < /dev/null"]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = $"forecast{Ports.Text(Port)}@localhost",
            ["RABBITMQ_NODE_PORT"] = Ports.Text(Port),
            ["RABBITMQ_DIST_PORT"] = Ports.Text(_distribution),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +S 2:2",
        })
            start.Environment[name] = value;
        _server?.Dispose();
        _server = Process.Start(start)!;
        for (var began = Stopwatch.StartNew(); !await AnswersAsync(cancellation); await Task.Delay(200, cancellation))
        {
            if (_server.HasExited || began.Elapsed > LongestStart)
                throw new InvalidOperationException($"RabbitMQ did not start: {await File.ReadAllTextAsync(Path.Combine(_folder, "server.log"), cancellation)}");
        }
    }

    /// <summary>Connections that clients have opened since it was first started.</summary>
    public async Task<int> OpenedAsync(CancellationToken cancellation) =>
        (await File.ReadAllLinesAsync(Path.Combine(_folder, "server.log"), cancellation)).Count(l => l.Contains("accepting AMQP connection", StringComparison.Ordinal));

    /// <summary>SIGKILL: nothing is written that was not on disk.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        if (_server is not { HasExited: false } server) return;
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Whether it takes up the protocol: an open port alone does not say so.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), cancellation);
            return await stream.ReadAsync(new byte[1], cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(5), cancellation) == 1;
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }
}
