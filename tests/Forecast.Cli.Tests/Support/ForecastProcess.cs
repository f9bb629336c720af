using System.Diagnostics;

namespace Forecast.Cli.Tests.Support;

/// <summary>What a process left behind.</summary>
public sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>The last line of standard error: what a user reads when something went wrong.</summary>
    public string LastErrorLine => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
}

/// <summary>Runs the built command line as a process of its own, as a user would.</summary>
public static class ForecastProcess
{
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "forecast");

    public static string PlantedLeaks { get; } = Path.Combine(AppContext.BaseDirectory, "Forecast.PlantedLeaks");

    public static Task<CliResult> RunAsync(string home, params string[] args) => RunAsync(Executable, home, null, args);

    public static async Task<CliResult> RunAsync(string executable, string home, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        using var process = Start(executable, home, environment, args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CliResult(process.ExitCode, await output, await error);
    }

    public static Process Start(string executable, string home, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        var start = new ProcessStartInfo(executable)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = home,
        };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment["FORECAST_HOME"] = home;
        start.Environment["FORECAST_DATASETS"] = Repository.At("datasets");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start");
    }
}
