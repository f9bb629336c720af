using System.Collections.Concurrent;
using System.Diagnostics;

namespace Forecast.Platform.Tests.Support;

/// <summary>A process of the platform, started as an operator would: <c>forecast serve</c>, <c>forecast worker</c>.</summary>
public sealed class ForecastProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<string> _firstOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _firstError = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ForecastProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data, _firstOut);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, _firstError);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its first line on standard output.</summary>
    public Task<string> FirstOut => _firstOut.Task.WaitAsync(TimeSpan.FromSeconds(90));

    /// <summary>Its first line on standard error.</summary>
    public Task<string> FirstError => _firstError.Task.WaitAsync(TimeSpan.FromSeconds(90));

    /// <summary>All that it wrote.</summary>
    public string Said => string.Join('\n', _said);

    public static ForecastProcess Start(string home, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment["FORECAST_HOME"] = home;
        start.Environment["FORECAST_DATASETS"] = Repository.At("datasets");
        start.Environment["FORECAST_WEB"] = Path.Combine(home, "no-pages");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ForecastProcess(Process.Start(start) ?? throw new InvalidOperationException("the platform did not start"));
    }

    /// <summary>Kills it without warning (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM); gives its exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan within)
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    /// <summary>Stops it in its tracks (SIGSTOP), heartbeats and all.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task WakeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", $"-{signal} {_process.Id}");
        await kill.WaitForExitAsync();
    }

    private void Hear(string? line, TaskCompletionSource<string> first)
    {
        if (line is null)
        {
            first.TrySetException(new InvalidOperationException($"the process ended without a word: {Said}"));
            return;
        }

        _said.Enqueue(line);
        first.TrySetResult(line);
    }
}
