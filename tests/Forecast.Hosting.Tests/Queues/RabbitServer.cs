using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace Forecast.Hosting.Tests.Queues;

/// <summary>A real RabbitMQ of these tests' own, on free ports of the loopback: can be killed and started again with its queues.</summary>
public sealed class RabbitServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("forecast-mq-").FullName;
    private readonly int _port = FreePort();
    private readonly int _distribution = FreePort();
    private Process? _server;

    private RabbitServer()
    {
    }

    public string Address => $"amqp://guest:guest@127.0.0.1:{_port}/";

    public static async Task<RabbitServer> StartNewAsync(CancellationToken cancellation)
    {
        var server = new RabbitServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{server._port}\nconsumer_timeout = 3600000\nlog.console = true\nlog.file = false\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "enabled_plugins"), "[].\n", cancellation);
        await server.StartAsync(cancellation);
        return server;
    }

    /// <summary>Starts it, with what its queues held, and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec /usr/lib/rabbitmq/bin/rabbitmq-server > server.log 2>&1 < /dev/null"]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = $"forecast{_port}@localhost",
            ["RABBITMQ_NODE_PORT"] = Text(_port),
            ["RABBITMQ_DIST_PORT"] = Text(_distribution),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +S 2:2",
        })
            start.Environment[name] = value;
        _server = Process.Start(start)!;
        var factory = new ConnectionFactory { Uri = new Uri(Address) };
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(300, cancellation))
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(cancellation);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException && !_server.HasExited && began.Elapsed < TimeSpan.FromSeconds(120))
            {
                // Not up yet.
            }
        }
    }

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

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
