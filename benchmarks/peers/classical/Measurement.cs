using System.Diagnostics;
using Forecast.Backtest.Engine;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;

namespace Forecast.PeerBenchmarks;

/// <summary>Runs one row in turn with its peer and prints its line.</summary>
internal static class Measurement
{
    /// <summary>Processor time until the just-in-time compiler, which works in the background, has settled; nothing before that counts.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private const double ThreadTarget = 1.9;

    /// <summary>A peer whose blocks would take longer than this together gets fewer of them, though two at least.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    /// <returns>Whether target and quality were met.</returns>
    public static bool Together(Row row, Peer peer, int repeats, bool wall)
    {
        Warm(row.Ours, wall);
        List<double> ours = [], theirs = [];
        var found = new Outcome([], []);
        var clock = Stopwatch.StartNew();
        while (ours.Count < repeats && (ours.Count < 2 || clock.Elapsed * (ours.Count + 1) / ours.Count < Patience))
        {
            ours.Add(row.Ours.Block(wall));
            (var taken, found) = peer.Block(row.Key);
            theirs.Add(taken);
        }

        double[] ratios = [.. theirs.Zip(ours, (a, b) => a / b)];
        var (words, good) = row.Judge(row.Ours.Found(), found);
        var fast = double.IsNaN(row.Target) || Median(ratios) >= row.Target;
        Console.WriteLine(
            $"| {row.Name} | {row.PeerName} | {Spread(theirs)} | {Spread(ours)} | {Spread(ratios)} | {(double.IsNaN(row.Target) ? "" : $"{row.Target:G3}x")} | {row.Ours.Allocated() / 1024.0:F0} | {words} | {Verdict(good, fast)} |");
        return good && fast;
    }

    /// <summary>Without a peer: time, allocation and what was found.</summary>
    public static bool Alone(Row row, int repeats, bool wall)
    {
        Warm(row.Ours, wall);
        double[] ours = [.. Enumerable.Range(0, repeats).Select(_ => row.Ours.Block(wall))];
        var numbers = row.Ours.Found().Numbers;
        Console.WriteLine($"| {row.Name} | | | {Spread(ours)} | | | {row.Ours.Allocated() / 1024.0:F0} | first number {numbers[0][0]:F5}, sum {numbers.Sum(n => n.Sum()):F4} | |");
        return true;
    }

    /// <summary>
    /// Wall time of the automatic models over their series on one thread and on two; and by processor time, which other work on the machine
    /// disturbs less, how much faster two threads could be if both always had a processor.
    /// </summary>
    public static bool Threads(Series data, int repeats)
    {
        if (Environment.ProcessorCount < 2) return true;
        Console.WriteLine($"\n| two threads instead of one (wall time) | one, ms a series | two, ms a series | times faster | target | twice the processor time of one / that of two | |\n|---|---|---|---|---|---|---|");
        var good = true;
        foreach (var (model, set, copies) in new[] { ("auto-arima", "m3-20", 3), ("auto-ets", "m3-60", 8) })
        {
            // Several copies, so that the threads do not end far apart.
            var panel = data.Panel(set, copies);
            var forecaster = ModelCatalogue.Default.Create(model);
            Walk(panel, forecaster, 2);
            double[] one = new double[repeats], two = new double[repeats], work = new double[repeats];
            for (var r = 0; r < repeats; r++)
            {
                (one[r], var alone) = Walk(panel, forecaster, 1);
                (two[r], var together) = Walk(panel, forecaster, 2);
                work[r] = 2 * alone / together;
            }

            // Whatever else runs slows two threads more than one; the least of each is the machine left alone.
            var ratio = one.Min() / two.Min();
            good &= ratio >= ThreadTarget;
            Console.WriteLine($"| {model} | {Spread(one)} | {Spread(two)} | {ratio:F2} (of the least) | {ThreadTarget}x | {Median(work):F2} | {Verdict(good: true, ratio >= ThreadTarget)} |");
        }

        return good;
    }

    /// <summary>Milliseconds of wall and of processor time a series, through the batch engine.</summary>
    private static (double Wall, double Processor) Walk(Panel panel, IForecaster forecaster, int threads)
    {
        var cutoff = panel.Series.Max(s => s.Times[^1]);
        var (processor, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        PanelForecasts.Predict(panel, cutoff, forecaster, new ForecastTask(18, ForecastTask.DefaultLevels), new FitContext(1), 2, new BatchOptions { Degree = threads }, (_, law, _) => law.Mean(1)).Require();
        var count = panel.Series.Count;
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds / count, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / count);
    }

    private static void Warm(Ours ours, bool wall)
    {
        var start = Environment.CpuUsage.TotalTime;
        do ours.Block(wall);
        while (Environment.CpuUsage.TotalTime - start < WarmUp);
    }

    private static string Verdict(bool good, bool fast) => good ? fast ? "ok" : "MISS" : "FAIL";

    private static string Spread(IReadOnlyCollection<double> values) => $"{Short(Median(values))} ({Short(values.Min())}..{Short(values.Max())})";

    private static string Short(double v) => v switch
    {
        >= 100 => $"{v:F0}",
        >= 10 => $"{v:F1}",
        >= 1 => $"{v:F2}",
        _ => $"{v:F3}",
    };

    private static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
