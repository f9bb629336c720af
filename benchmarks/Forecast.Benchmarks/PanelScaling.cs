using System.Diagnostics;
using System.Globalization;
using Forecast.Backtest.Engine;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Benchmarks;

/// <summary>
/// A panel from 100 to 10,000 series through fit and forecast: time, allocation and memory a series (flat if the engine scales), and
/// two workers against one. <c>Forecast.Benchmarks batch [--sizes 100,1000,10000] [--models A;B] [--rounds 5]</c>.
/// </summary>
internal static class PanelScaling
{
    private const int Rows = 108;
    private static readonly ForecastTask Task = new(18, ForecastTask.DefaultLevels);

    public static int Run(string[] args)
    {
        int[] sizes = [.. Option(args, "--sizes", "100,1000,10000").Split(',').Select(int.Parse)];
        var models = Option(args, "--models", "naive;theta[12];arima(0,1,1)(0,1,1)[12];auto-ets[12]").Split(';');
        var rounds = int.Parse(Option(args, "--rounds", "5"));
        Console.WriteLine($"{Environment.ProcessorCount} processors; series of {Rows} months, 18 steps, 3 levels; allocated and kept: bytes a series");
        Console.WriteLine($"{"model",-26} {"series",7} {"workers",7} {"wall s",8} {"ms/series",10} {"cpu ms",8} {"allocated",11} {"kept",8} {"peak heap MB",13}");
        foreach (var model in models)
        {
            var forecaster = ModelCatalogue.Default.Create(model);
            Once(Panel(sizes[0]), forecaster, 1);
            foreach (var size in sizes) Print(model, size, 1, Measure(Panel(size), forecaster, 1));
            Compare(model, forecaster, Panel(Math.Min(1000, sizes[^1])), rounds);
        }

        return 0;
    }

    private static string Option(string[] args, string name, string usual)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : usual;
    }

    /// <summary>One worker and two in turn, so that a busy machine slows both alike; the median ratio of the walls.</summary>
    private static void Compare(string model, IForecaster forecaster, Panel panel, int rounds)
    {
        var ratios = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var one = Measure(panel, forecaster, 1).Wall;
            ratios[i] = one / Measure(panel, forecaster, 2).Wall;
        }

        Array.Sort(ratios);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model,-26} two workers are {ratios[rounds / 2]:F2} times as fast as one (median of {rounds}; {ratios[0]:F2} to {ratios[^1]:F2})"));
    }

    private static Figures Measure(Panel panel, IForecaster forecaster, int degree)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = new Peak();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var outcome = Once(panel, forecaster, degree, peak);
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(outcome);
        return new Figures(wall, cpu.TotalSeconds, allocated, kept, peak.Bytes - before);
    }

    private static BatchOutcome<double[]> Once(Panel panel, IForecaster forecaster, int degree, IProgress<int>? progress = null) => PanelForecasts.Predict(
        panel, panel.Series[0].Times[^1], forecaster, Task, new FitContext(1), 2, new BatchOptions { Degree = degree, SeriesDone = progress },
        (_, law) => (double[])[.. Enumerable.Range(1, law.Horizon).Select(law.Mean)]).Require();

    private static void Print(string model, int series, int workers, Figures f) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{model,-26} {series,7} {workers,7} {f.Wall,8:F2} {1000 * f.Wall / series,10:F3} {1000 * f.Cpu / series,8:F3} {f.Allocated / series,11:N0} {f.Kept / series,8:N0} {f.Peak / 1e6,13:F1}"));

    /// <summary>Monthly sales with trend, season and noise, each series with its own size.</summary>
    private static Panel Panel(int count)
    {
        Instant[] times = [.. Enumerable.Range(0, Rows).Select(t => Instant.FromUtc(2010 + (t / 12), 1 + (t % 12), 1, 0, 0))];
        return new Panel([.. Enumerable.Range(0, count).Select(i =>
        {
            var random = new RandomSource((ulong)i + 1);
            var (level, slope, swing) = (1000 * Math.Exp(random.NextNormal()), 0.004 * random.NextNormal(), 0.2 * Math.Abs(random.NextNormal()));
            var values = new double[Rows];
            for (var t = 0; t < Rows; t++)
            {
                level *= Math.Exp(slope + (0.02 * random.NextNormal()));
                values[t] = level * (1 + (swing * Math.Sin(2 * Math.PI * t / 12))) * Math.Exp(0.05 * random.NextNormal());
            }

            return TimeSeries.Univariate($"s{i}", Frequency.Monthly, times, values);
        })]);
    }

    private sealed record Figures(double Wall, double Cpu, long Allocated, long Kept, long Peak);

    private sealed class Peak : IProgress<int>
    {
        public long Bytes { get; private set; }

        public void Report(int value)
        {
            if (value % 50 == 0) Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
