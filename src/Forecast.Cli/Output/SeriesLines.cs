using System.Diagnostics;

namespace Forecast.Cli.Output;

/// <summary>Says on standard error how many series are done, where nobody knows how many there are.</summary>
internal sealed class SeriesLines
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _told;

    public void Report(int done)
    {
        var now = Stopwatch.GetElapsedTime(_start);
        if (now - _told < Interval) return;
        _told = now;
        Console.Error.WriteLine($"{done} series, {done / now.TotalSeconds:F0} a second");
    }
}
