using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Forecast.Tests.Servers;

/// <summary>A real Postgres of these tests' own: a fresh cluster on a free port of the loopback, which can be killed and started again.</summary>
/// <remarks>Postgres refuses to run as root, so for root it runs as the user that Debian's package makes.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "forecast";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartNewAsync());

    private readonly string _folder;
    private readonly string _settings;
    private readonly int _port = Ports.Free();
    private int _schemas;

    private PostgresServer(string folder, bool durable)
    {
        _folder = folder;
        _settings = string.Create(CultureInfo.InvariantCulture, $"-h 127.0.0.1 -p {_port} -k {folder} -c max_connections=300{(durable ? "" : " -c fsync=off -c full_page_writes=off")}");
    }

    /// <summary>As the platform is told of it.</summary>
    public string Address => $"postgres://{User}@127.0.0.1:{Ports.Text(_port)}/forecast";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The server that the tests of one run share, started when first asked for.</summary>
    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>Stops the shared server if it was started, and removes its files.</summary>
    public static async Task StopAsync()
    {
        if (Shared.IsValueCreated) await (await Shared.Value).DisposeAsync();
    }

    /// <param name="durable">Whether it flushes to disk as in production; tests that never take its power away are faster without.</param>
    public static async Task<PostgresServer> StartNewAsync(bool durable = false)
    {
        var folder = Directory.CreateTempSubdirectory("forecast-pg-").FullName;
        if (Environment.UserName == "root") await RunPlainAsync("chown", "postgres", folder);
        var server = new PostgresServer(folder, durable);
        await RunAsync(Tool("initdb"), "-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await server.StartAsync();
        await RunAsync(Tool("createdb"), "-h", "127.0.0.1", "-p", Ports.Text(server._port), "-U", User, "forecast");
        return server;
    }

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

    /// <summary>Starts it, with what it had on disk, and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        var log = Path.Combine(_folder, "log");
        try
        {
            await RunAsync(Tool("pg_ctl"), "start", "-D", Data, "-w", "-t", "120", "-l", log, "-o", _settings);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', (await File.ReadAllLinesAsync(log)).TakeLast(20))}", e);
        }
    }

    /// <summary>A copy of its database as it stands, in the format of <c>pg_restore</c>, while others go on; the file goes with the server.</summary>
    public async Task<string> DumpAsync()
    {
        var file = Path.Combine(_folder, "forecast.dump");
        await RunAsync(Tool("pg_dump"), "-h", "127.0.0.1", "-p", Ports.Text(_port), "-U", User, "--format=custom", $"--file={file}", "forecast");
        return file;
    }

    /// <summary>Fills its database, which must be empty, with a copy of another's.</summary>
    public Task RestoreAsync(string dump) =>
        RunAsync(Tool("pg_restore"), "-h", "127.0.0.1", "-p", Ports.Text(_port), "-U", User, "--dbname=forecast", "--no-owner", "--exit-on-error", dump);

    /// <summary>SIGKILL to all of its processes: it will have to recover from its log.</summary>
    public async Task KillAsync()
    {
        var first = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        await RunPlainAsync("/bin/kill", "-STOP", Ports.Text(first)); // a process that it started after they were counted would outlive it and keep its memory
        var all = Children(first).Prepend(first).ToArray();
        foreach (var id in all) Kill(id);
        while (all.Any(id => Directory.Exists($"/proc/{Ports.Text(id)}") && !IsZombie(id))) await Task.Delay(10);

        // Where nobody buries the dead, their number in these files still looks alive.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(_folder, $".s.PGSQL.{Ports.Text(_port)}.lock"));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await RunAsync(Tool("pg_ctl"), "stop", "-D", Data, "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<int> Children(int parent) => Directory.GetDirectories("/proc")
        .Select(Path.GetFileName).Where(n => n!.All(char.IsAsciiDigit)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture))
        .Where(id => Field(id, 1) == Ports.Text(parent)).ToArray();

    private static bool IsZombie(int id) => Field(id, 0) is "Z";

    /// <summary>A field of <c>/proc/ID/stat</c> after the name in brackets: 0 = state, 1 = parent; null when the process is gone.</summary>
    private static string? Field(int id, int number)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Ports.Text(id)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[number];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
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
}
