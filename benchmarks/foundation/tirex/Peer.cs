using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Forecast.TirexBenchmark;

/// <summary>The same cases in Python's PyTorch, in a process of its own.</summary>
internal static class Peer
{
    public static List<Row> Run(Settings settings, string[] what)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "peer.py"), "--device", settings.Device, "--threads", $"{settings.Threads}", "--least", settings.Least.ToString(CultureInfo.InvariantCulture), .. what,
        ];
        using var process = Process.Start(new ProcessStartInfo(settings.Python!, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var rows = new List<Row>();
        while (process.StandardOutput.ReadLine() is { } line) rows.Add(JsonSerializer.Deserialize<Row>(line, Row.Json)!);
        process.WaitForExit();
        return process.ExitCode == 0 ? rows : throw new InvalidOperationException($"the peer ended with exit code {process.ExitCode}");
    }
}
