using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forecast.Api.Tests.Support;

/// <summary>A server process of its own with its own home, as a user starts it.</summary>
public sealed class Server : IAsyncDisposable
{
    /// <summary>A port at which nobody answers: no test asks the public hub.</summary>
    private const string NoHub = "http://127.0.0.1:9";

    private readonly bool _ownsHome;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process _process;
    private Task<string> _error;

    private Server(string home, bool ownsHome, IReadOnlyDictionary<string, string> environment, (Process Process, Uri Address, Task<string> Error) launched)
    {
        _environment = environment;
        Home = home;
        _ownsHome = ownsHome;
        (_process, var address, _error) = launched;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The repository that holds the tests.</summary>
    public static string Root { get; } = FindRoot();

    public string Home { get; }

    public HttpClient Http { get; private set; }

    public static async Task<Server> StartAsync(string? home = null, params string[] args)
    {
        var folder = home ?? Directory.CreateTempSubdirectory("forecast-api-").FullName;
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        return new Server(folder, home is null, none, await LaunchAsync(folder, none, args));
    }

    /// <summary>A server on a home of the caller's that fetches published models from this hub.</summary>
    public static async Task<Server> StartWithHubAsync(string home, string hub)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_HUB"] = hub };
        return new Server(home, ownsHome: false, environment, await LaunchAsync(home, environment, []));
    }

    /// <summary>A server with further variables in its environment.</summary>
    public static async Task<Server> StartWithAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("forecast-api-").FullName;
        return new Server(folder, ownsHome: true, environment, await LaunchAsync(folder, environment, args));
    }

    /// <summary>What a server that has ended wrote to standard error.</summary>
    public Task<string> ErrorAsync() => _error;

    /// <summary>Kills the process without warning (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end (SIGTERM); gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <summary>Starts a server again on the same home.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        Http.Dispose();
        (_process, var address, _error) = await LaunchAsync(Home, _environment, []);
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>The JSON of an answer that must be fine.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await JsonAsync(answer, HttpStatusCode.OK);
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text).ShouldNotBeNull();
    }

    /// <summary>Waits until a job has ended.</summary>
    public async Task<JsonNode> EndOfAsync(string job)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMinutes(2))
        {
            var now = await GetAsync($"/v1/jobs/{job}");
            if (now["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled") return now;
            await Task.Delay(50);
        }

        throw new TimeoutException($"job {job} did not end");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        if (_ownsHome) Directory.Delete(Home, recursive: true);
    }

    private static async Task<(Process Process, Uri Address, Task<string> Error)> LaunchAsync(string home, IReadOnlyDictionary<string, string> environment, string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home };
        foreach (var arg in (string[])["serve", "--port", "0", .. args]) start.ArgumentList.Add(arg);
        start.Environment["FORECAST_HOME"] = home;
        start.Environment["FORECAST_DATASETS"] = Path.Combine(Root, "datasets");
        start.Environment["FORECAST_HUB"] = NoHub;
        start.Environment["FORECAST_MODELS"] = Path.Combine(home, "models");
        start.Environment["FORECAST_WEB"] = Path.Combine(home, "no-pages");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        var error = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("the server ended at once");
        return (process, new Uri(line.Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal))), error);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Forecast.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("the tests do not lie in the repository");
    }
}

/// <summary>One server for all tests that leave each other alone.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public Server Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Server.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Requests that several tests make.</summary>
public static class Bodies
{
    public const string QuickBacktest =
        """{"data":"brent_spot","returns":"log","models":["naive","seasonal-naive"],"horizon":1,"from":"2018-10-01","to":"2018-12-31","seed":3}""";

    /// <summary>Some seconds of work in many blocks.</summary>
    public const string LongBacktest =
        """{"data":"ecb_reference_rates:eur_usd","returns":"log","models":["naive","garch(1,1)-t"],"horizon":1,"refit":"every:5","from":"2017-06-01","to":"2018-12-31","levels":[0.05,0.5,0.95]}""";

    /// <summary>A series that wanders, the same each time.</summary>
    public static double[] Values(int rows, int seed = 1)
    {
        var random = new Random(seed);
        var values = new double[rows];
        for (var t = 0; t < rows; t++) values[t] = (t % 7) + (2 * random.NextDouble()) + (t > 0 ? 0.3 * values[t - 1] : 0);
        return values;
    }

    public static string Forecast(string model, IReadOnlyList<double> values, string refit = "auto", string id = "a", string start = "2024-01-01") =>
        JsonSerializer.Serialize(new { model, frequency = "P1D", horizon = 3, levels = new[] { 0.1, 0.5, 0.9 }, seed = 7, refit, series = new[] { new { id, start, values } } });
}
