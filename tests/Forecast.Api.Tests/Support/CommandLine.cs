using System.Diagnostics;

namespace Forecast.Api.Tests.Support;

/// <summary>The command line on a home, as a user runs it.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(string home, params string[] args)
    {
        Directory.CreateDirectory(home);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast"), args) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FORECAST_HOME"] = home;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Makes a key.</summary>
    public static async Task<string> KeyAsync(string home, string tenant, params string[] more)
    {
        var (code, output, error) = await RunAsync(home, ["keys", "create", tenant, "--tenant", tenant, "--scopes", "all", "--rate", "0", .. more]);
        code.ShouldBe(0, error);
        return output.Trim();
    }
}
