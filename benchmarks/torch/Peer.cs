using System.Diagnostics;
using System.Globalization;

namespace Forecast.TorchBenchmarks;

/// <summary>A Python process that runs the same case, block by block, when told to.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;

    /// <exception cref="InvalidOperationException">Python or its torch did not start; its own words say why.</exception>
    public Peer(string python, string name, string device, int steps, bool cpuTime)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peer.py");
        process = Process.Start(new ProcessStartInfo(python)
        {
            ArgumentList = { "-u", script, name, device, steps.ToString(CultureInfo.InvariantCulture), cpuTime ? "cpu" : "wall" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException($"{python} did not start");
        Version = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{python} has no torch, or peer.py does not know '{name}'");
    }

    /// <summary>The version of its torch.</summary>
    public string Version { get; }

    /// <summary>Seconds a step, over one block with so many threads.</summary>
    public double Block(int threads)
    {
        process.StandardInput.WriteLine(threads.ToString(CultureInfo.InvariantCulture));
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the peer has died");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
