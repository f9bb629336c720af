using System.Diagnostics;

namespace Forecast.ApiLoad;

/// <summary>A server as a user starts it, on a home of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _home;

    private ServerProcess(Process process, string home, Uri address) => (_process, _home, Address) = (process, home, address);

    public Uri Address { get; }

    /// <summary>Resident memory in MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public bool HasExited => _process.HasExited;

    public static async Task<ServerProcess> StartAsync(string program)
    {
        var home = Directory.CreateTempSubdirectory("forecast-load-").FullName;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var arg in (string[])["serve", "--port", "0", "--access", "open"]) start.ArgumentList.Add(arg);
        start.Environment["FORECAST_HOME"] = home;
        var process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server ended without a word");
        return new ServerProcess(process, home, new Uri(line.Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal))));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}
