using System.Diagnostics;
using System.Globalization;

namespace Forecast.PeerBenchmarks;

/// <summary>Another process that runs a row when told its name.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    /// <exception cref="InvalidOperationException">It did not start, or lacks a package; its own words say why.</exception>
    public Peer(string program, string script, string folder, bool wall)
    {
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, script), folder, wall ? "wall" : "cpu" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Version = _process.StandardOutput.ReadLine()?.Trim() ?? throw new InvalidOperationException($"{program} {script} ended at once");
    }

    public string Version { get; }

    /// <summary>Milliseconds a fit over one block, and what was found.</summary>
    public (double Milliseconds, Outcome Found) Block(string row)
    {
        _process.StandardInput.WriteLine(row);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the peer has died over '{row}'");
        var parts = answer.Split(' ', 2, StringSplitOptions.TrimEntries);
        var series = parts[1].Split(';');
        return (1e3 * double.Parse(parts[0], CultureInfo.InvariantCulture), new Outcome(
            [.. series.Select(s => s.Split('|')[0].Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())],
            [.. series.Select(s => s.Contains('|', StringComparison.Ordinal) ? s.Split('|')[1].Trim() : "")]));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
