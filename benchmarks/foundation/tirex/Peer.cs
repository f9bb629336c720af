using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Forecast.TirexBenchmark;

/// <summary>The same cases in Python's PyTorch, in a process of its own: on one thread and on as many as ours, and the faster of the two counts.</summary>
internal static class Peer
{
    public static List<Row> Run(Settings settings, string[] what)
    {
        var all = (settings.Device == "cpu" ? new[] { 1, settings.Threads } : [settings.Threads]).Distinct();
        return [.. all.SelectMany(threads => Run(settings, what, threads)).GroupBy(row => (row.Who, row.Case)).Select(rows => rows.MinBy(row => row.Seconds)!)];
    }

    private static List<Row> Run(Settings settings, string[] what, int threads)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "peer.py"), "--device", settings.Device, "--threads", $"{threads}", "--least", settings.Least.ToString(CultureInfo.InvariantCulture), .. what,
        ];
        using var process = Process.Start(new ProcessStartInfo(settings.Python!, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var rows = new List<Row>();
        while (process.StandardOutput.ReadLine() is { } line) rows.Add(JsonSerializer.Deserialize<Row>(line, Row.Json)! with { Threads = threads });
        process.WaitForExit();
        return process.ExitCode == 0 ? rows : throw new InvalidOperationException($"the peer ended with exit code {process.ExitCode}");
    }
}
