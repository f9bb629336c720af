using System.Diagnostics;
using System.Globalization;
using Forecast.Backtest.Engine;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.PeerBenchmarks;

/// <summary>
/// A panel of 100 to 10,000 series through fit and forecast, with all processors: what a series costs and what the batch holds in memory
/// besides data and answers should not depend on how many there are.
/// </summary>
internal static class Scaling
{
    private const int Rows = 108;
    private const int Horizon = 18;

    /// <summary>How much more than in the smallest panel a series may cost in the largest.</summary>
    private const double CostLimit = 1.25;

    /// <summary>How far the largest panel's working memory may exceed the smallest's: what caches of the process may grow by.</summary>
    private const double MemoryLimit = 4e6;

    private static readonly int[] Sizes = [100, 1000, 10000];
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    /// <returns>Whether cost and memory are flat.</returns>
    public static bool Run()
    {
        Console.WriteLine(
            $"\n| panel of monthly series, {Rows} rows, {Horizon} steps, {Environment.ProcessorCount} workers | series | processor ms a series | kB allocated a series | answers, kB a series | live peak - data - answers, MB | |\n|---|---|---|---|---|---|---|");
        var good = true;
        foreach (var model in (string[])["theta", "auto-ets"])
        {
            var forecaster = ModelCatalogue.Default.Create(model);
            Warm(forecaster);
            Figures[] figures = [.. Sizes.Select(size => Measure(Panel(size), forecaster))];
            for (var i = 0; i < figures.Length; i++)
            {
                var isCostFlat = figures[i].Milliseconds <= CostLimit * figures[0].Milliseconds;
                var isMemoryFlat = figures[i].Working <= figures[0].Working + MemoryLimit;
                good &= isCostFlat && isMemoryFlat;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {model} | {Sizes[i]} | {figures[i].Milliseconds:G3} | {figures[i].Allocated / 1024:F0} | {figures[i].Answers / 1024:F2} | {figures[i].Working / 1e6:F1} | {(isCostFlat && isMemoryFlat ? "flat" : "MISS")} |"));
            }
        }

        return good;
    }

    private static void Warm(IForecaster forecaster)
    {
        var panel = Panel(Sizes[0]);
        var clock = Stopwatch.StartNew();
        do Predict(panel, forecaster, null);
        while (clock.Elapsed < TimeSpan.FromSeconds(3));
    }

    private static Figures Measure(Panel panel, IForecaster forecaster)
    {
        // Twenty looks at what is alive; the collections they force are a small part of the time.
        var count = panel.Series.Count;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var live = new Live(Math.Max(1, count / 20));
        var held = Predict(panel, forecaster, live);
        var answers = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(held);

        var (allocated, cpu, clock, passes) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.StartNew(), 0);
        do
        {
            Predict(panel, forecaster, null);
            passes++;
        }
        while (clock.Elapsed < LeastTime);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Figures(cpu.TotalMilliseconds / passes / count, (double)allocated / passes / count, (double)answers / count, live.Peak - before - answers);
    }

    private static BatchOutcome<double[]> Predict(Panel panel, IForecaster forecaster, IProgress<int>? progress) => PanelForecasts.Predict(
        panel, panel.Series[0].Times[^1], forecaster, new ForecastTask(Horizon, ForecastTask.DefaultLevels), new FitContext(1), 2, new BatchOptions { SeriesDone = progress },
        (_, law, _) => (double[])[.. Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h))]).Require();

    /// <summary>Monthly sales with trend, season and noise, each series with a size of its own.</summary>
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

    private sealed record Figures(double Milliseconds, double Allocated, double Answers, double Working);

    /// <summary>The most that was alive at any of its looks.</summary>
    private sealed class Live(int every) : IProgress<int>
    {
        public long Peak { get; private set; }

        public void Report(int value)
        {
            if (value % every == 0) Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true));
        }
    }
}
