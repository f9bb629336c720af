using System.Globalization;
using Forecast.Backtest.Metrics;
using Forecast.Models.Training;
using Forecast.SmetimesBenchmark;

// Forecast.SmetimesBenchmark ETTh1.csv[.gz] [--device cuda] [--seeds 3] [--presets smetimes,autotimes,no-llm,linear] [--options "..."] [--validate]
// Forecast.SmetimesBenchmark --geometry [--device cuda]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var device = Value("--device", "cpu");
TorchDevice.Open(device);
if (args.Contains("--geometry"))
{
    Geometry.Run(device);
    return 0;
}

var data = EttProtocol.Read(args[0]);
var presets = Value("--presets", "linear,no-llm,autotimes,smetimes").Split(',');
var seeds = int.Parse(Value("--seeds", "3"), CultureInfo.InvariantCulture);
var scored = new Dictionary<string, Errors>(StringComparer.Ordinal);
foreach (var preset in presets)
{
    var runs = new List<Errors>();
    for (var seed = 1; seed <= (preset is "linear" ? 1 : seeds); seed++)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (preset is "linear") runs.Add(Runs.Linear(data));
        else
        {
            var fitted = Runs.Fit(data, preset, Value("--options", ""), device, (ulong)seed);
            var fit = watch.Elapsed.TotalSeconds;
            var summary = fitted.Summaries.Values.First();
            Console.WriteLine($"{preset}, seed {seed}: {fit:F0} s; {summary.Notes[0]}");
            if (args.Contains("--validate")) continue;
            runs.Add(Runs.Score(data, fitted));
        }

        Console.WriteLine($"{preset}, seed {seed}, {watch.Elapsed.TotalSeconds:F0} s: MSE/MAE {string.Join("  ", EttProtocol.Horizons.Select(h => $"{runs[^1].Mse(h):F4}/{runs[^1].Mae(h):F4}"))}  mean {EttProtocol.Horizons.Average(runs[^1].Mse):F4}");
    }

    if (runs.Count > 0) scored[preset] = Errors.Mean(runs);
}

foreach (var (preset, errors) in scored)
    Console.WriteLine($"| `{preset}` | {string.Join(" | ", EttProtocol.Horizons.Select(h => $"{errors.Mse(h):F3} / {errors.Mae(h):F3}"))} | {EttProtocol.Horizons.Average(errors.Mse):F4} |");
foreach (var (first, second) in new[] { ("smetimes", "no-llm"), ("smetimes", "autotimes"), ("autotimes", "no-llm"), ("smetimes", "linear") })
{
    if (!scored.TryGetValue(first, out var a) || !scored.TryGetValue(second, out var b)) continue;
    foreach (var h in EttProtocol.Horizons)
    {
        var test = DieboldMariano.OfDifferences(a.Squares(h).Zip(b.Squares(h), (x, y) => x - y).ToArray(), h, LongRunKernel.Bartlett);
        Console.WriteLine($"Diebold-Mariano, {first} against {second}, horizon {h}: statistic {test.Statistic:F2}, p {test.PValue:F3} (two-sided; below 0 the first is better)");
    }
}

return 0;

string Value(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
