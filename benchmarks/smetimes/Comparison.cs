using Forecast.Backtest.Metrics;

namespace Forecast.SmetimesBenchmark;

/// <summary>The errors that are kept in a folder as a table, and tests whether presets differ.</summary>
internal static class Comparison
{
    public static void Print(string folder)
    {
        var runs = Directory.EnumerateFiles(folder, "*.errors").Order(StringComparer.Ordinal)
            .GroupBy(f => Path.GetFileName(f).Split('.')[0])
            .ToDictionary(g => g.Key, g => g.Select(Errors.Load).ToArray(), StringComparer.Ordinal);
        Console.WriteLine($"| preset | seeds | {string.Join(" | ", EttProtocol.Horizons)} | mean MSE | by seed |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (preset, all) in runs)
        {
            var mean = Errors.Mean(all);
            var cells = EttProtocol.Horizons.Select(h => $"{mean.Mse(h):F3} / {mean.Mae(h):F3}");
            Console.WriteLine($"| `{preset}` | {all.Length} | {string.Join(" | ", cells)} | {EttProtocol.Horizons.Average(mean.Mse):F4} | {string.Join(' ', all.Select(r => EttProtocol.Horizons.Average(r.Mse).ToString("F4")))} |");
        }

        foreach (var (first, second) in new[] { ("smetimes", "no-llm"), ("autotimes", "no-llm"), ("smetimes", "autotimes"), ("smetimes", "linear") })
        {
            if (!runs.TryGetValue(first, out var a) || !runs.TryGetValue(second, out var b)) continue;
            foreach (var h in EttProtocol.Horizons) Test(first, second, h, Errors.Mean(a), Errors.Mean(b));
        }
    }

    /// <summary>On the squared errors of an origin, means over seeds, channels and steps; origins are an hour apart and overlap over the horizon.</summary>
    private static void Test(string first, string second, int horizon, Errors a, Errors b)
    {
        var test = DieboldMariano.OfDifferences(a.Squares(horizon).Zip(b.Squares(horizon), (x, y) => x - y).ToArray(), horizon, LongRunKernel.Bartlett);
        Console.WriteLine($"Diebold-Mariano, {first} against {second}, horizon {horizon}: statistic {test.Statistic:F2}, p {test.PValue:F3} (two-sided; below 0 the first is better)");
    }
}
