using System.Diagnostics;

namespace Forecast.Web.Tests.Support;

/// <summary>The server as a person starts it: a process of its own, with its own home, that serves the built pages.</summary>
public sealed class Site : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _home;
    private readonly Task<string> _log;

    private Site(Process process, DirectoryInfo home, Task<string> log, Uri address)
    {
        _process = process;
        _home = home;
        _log = log;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Makes a key with every scope in the server's store, as its keeper does.</summary>
    public async Task<string> KeyAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast"), ["keys", "create", "visitor", "--scopes", "all"]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = _home.FullName };
        start.Environment["FORECAST_HOME"] = _home.FullName;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("no key was made");
        var key = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? key : throw new InvalidOperationException($"no key was made: {key}");
    }

    /// <summary>Starts a server on a free port of 127.0.0.1.</summary>
    /// <param name="args">Further arguments of <c>serve</c>.</param>
    /// <exception cref="InvalidOperationException">The pages are not built, or the server ended before it served.</exception>
    public static async Task<Site> StartAsync(params string[] args)
    {
        var pages = Repository.At("web", "dist");
        if (!File.Exists(Path.Combine(pages, "index.html"))) throw new InvalidOperationException($"{pages} has no index.html: build the pages with web/build before these tests");
        var home = Directory.CreateTempSubdirectory("forecast-web-");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast"), ["serve", "--port", "0", "--web", pages, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.FullName,
        };
        start.Environment["FORECAST_HOME"] = home.FullName;
        start.Environment["FORECAST_DATASETS"] = Repository.At("datasets");
        var process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        var log = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(120));
        if (line is null) throw new InvalidOperationException($"the server ended at once: {await log}");
        var address = line.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal));
        return new Site(process, home, log, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
        _home.Delete(recursive: true);
    }
}
