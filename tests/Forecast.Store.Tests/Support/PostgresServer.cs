using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Forecast.Store.Tests.Support;

/// <summary>A real Postgres of these tests' own: a fresh cluster on a free port of the loopback, started when first asked for.</summary>
/// <remarks>Postgres refuses to run as root, so for root it runs as the user that Debian's package makes.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "forecast";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private readonly string _folder;
    private readonly int _port;
    private int _schemas;

    private PostgresServer(string folder, int port) => (_folder, _port) = (folder, port);

    public static Task<PostgresServer> GetAsync() => Shared.Value;

    public string ConnectionString(string? schema = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = "forecast",
        Username = User,
        SearchPath = schema,
        MaxPoolSize = 10,
        Timeout = 60,
    }.ToString();

    /// <summary>A schema that nobody else uses; its connection string.</summary>
    public async Task<string> NewSchemaAsync(CancellationToken cancellation)
    {
        var name = $"t{Interlocked.Increment(ref _schemas)}";
        await using var connection = new NpgsqlConnection(ConnectionString());
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"CREATE SCHEMA {name}", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return ConnectionString(name);
    }

    /// <summary>Stops the server if one was started, and removes its files.</summary>
    public static async Task StopAsync()
    {
        if (Shared.IsValueCreated) await (await Shared.Value).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync(Tool("pg_ctl"), "stop", "-D", Path.Combine(_folder, "data"), "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("forecast-pg-").FullName;
        if (Environment.UserName == "root") await RunPlainAsync("chown", "postgres", folder);
        var port = FreePort();
        var data = Path.Combine(folder, "data");
        await RunAsync(Tool("initdb"), "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        var settings = string.Create(CultureInfo.InvariantCulture, $"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=300");
        await RunAsync(Tool("pg_ctl"), "start", "-D", data, "-w", "-t", "120", "-l", Path.Combine(folder, "log"), "-o", settings);
        await RunAsync(Tool("createdb"), "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", User, "forecast");
        return new PostgresServer(folder, port);
    }

    /// <summary>Debian keeps the server's programs apart from the path, a folder a version.</summary>
    private static string Tool(string name)
    {
        const string Versions = "/usr/lib/postgresql";
        var found = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions).Select(v => Path.Combine(v, "bin", name)).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        return found ?? name;
    }

    private static Task RunAsync(string program, params string[] arguments) => Environment.UserName == "root"
        ? RunPlainAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
        : RunPlainAsync(program, arguments);

    private static async Task RunPlainAsync(string program, params string[] arguments)
    {
        // The server inherits the output of pg_ctl and keeps it open, so it must not be a pipe that somebody reads to its end.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/tmp" };
        var log = Path.GetTempFileName();
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(log);
        File.Delete(log);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Ends the server with the tests.</summary>
public sealed class PostgresOfTheRun : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgresServer.StopAsync();
}
