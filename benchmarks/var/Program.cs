// Value-at-Risk of models over spans of indices: exceedances, tick loss, a paired Diebold-Mariano test, and training times.
//   dotnet run -c Release --project benchmarks/var -- --closes FOLDER --cells name:2017:2018,... --models "a;b{seeds: 5};c@1/251"
//     [--baseline MODEL] [--seeds 1,2,3] [--alpha 0.01] [--threads N] [--start 2001-01-01] [--keep FOLDER [--minutes M]] [--published]
// --keep: walks that are done stay in the folder and are not done again; with --minutes none is begun after M minutes, and what is then missing is told
// with exit code 3: run the same again. --published: beside a model of the paper, the exceedances and tick losses of the published VaR of each cell.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Forecast.Backtest.Metrics;
using Forecast.VarExperiment;
using NodaTime.Text;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var published = args.Contains("--published", StringComparer.Ordinal);
var options = args.Where(a => a != "--published").Chunk(2).Where(p => p.Length == 2).ToDictionary(p => p[0].TrimStart('-'), p => p[1], StringComparer.Ordinal);
string Option(string name, string? fallback = null) => options.GetValueOrDefault(name) ?? fallback ?? throw new ArgumentException($"--{name} is missing", nameof(name));
var alpha = double.Parse(Option("alpha", "0.01"));
var start = LocalDatePattern.Iso.Parse(Option("start", "1900-01-01")).Value;
var cells = Option("cells").Split(',').Select(c => Cell.Read(Option("closes"), c, start)).ToArray();
var models = Option("models").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
var baseline = Option("baseline", "garch(1,1)-t");
var seeds = Option("seeds", "1").Split(',').Select(ulong.Parse).ToArray();
var keep = new Keep(options.GetValueOrDefault("keep"));
var limit = TimeSpan.FromMinutes(double.Parse(Option("minutes", "100000")));

var watch = Stopwatch.StartNew();
Walk[] tasks = [.. models.SelectMany(m => seeds.SelectMany(s => cells.Select(c => new Walk(m, c, s)))), .. models.Contains(baseline, StringComparer.Ordinal) ? [] : cells.Select(c => new Walk(baseline, c, 1))];
var done = new ConcurrentBag<Walk>();
Parallel.ForEach(
    Partitioner.Create(tasks, EnumerablePartitionerOptions.NoBuffering),
    new ParallelOptions { MaxDegreeOfParallelism = int.Parse(Option("threads", Environment.ProcessorCount.ToString())) },
    walk =>
    {
        if (watch.Elapsed < limit || keep.Has(walk, alpha)) done.Add(keep.Do(walk, alpha));
    });
if (done.Count < tasks.Length)
{
    Console.Error.WriteLine($"{done.Count} of {tasks.Length} walks are done after {watch.Elapsed.TotalMinutes:F1} minutes; run the same again for the others");
    return 3;
}

Console.WriteLine($"{cells.Length} cells, {cells.Sum(c => c.Days)} days, {alpha:P1} expects {alpha * cells.Sum(c => c.Days):F1} exceedances; fitted and walked in {done.Sum(w => w.Seconds):F1} s of one thread each");
foreach (var cell in cells) Console.WriteLine($"  {cell.Name}: {cell.Days} days, {cell.First} returns before");
Console.WriteLine($"model | seed | exceedances by cell | pooled | tick, bp | by cell | less than {baseline}, bp (DM t, p) | s a fit | s all cells");
var reference = cells.SelectMany(c => done.First(w => w.Cell == c && w.Model == baseline).Ticks).ToArray();
foreach (var model in models.Append(baseline).Distinct(StringComparer.Ordinal))
{
    foreach (var seed in done.Where(w => w.Model == model).Select(w => w.Seed).Distinct().Order())
    {
        Walk[] own = [.. cells.Select(c => done.First(w => w.Cell == c && w.Model == model && w.Seed == seed))];
        double[] ticks = [.. own.SelectMany(w => w.Ticks)];
        var test = DieboldMariano.OfDifferences([.. ticks.Zip(reference, (a, b) => a - b)], 1);
        Console.WriteLine($"{model} | {seed} | {string.Join(' ', own.Select(w => w.Exceedances))} | {own.Sum(w => w.Exceedances)} | {ticks.Average() * 1e4:F4} | "
            + $"{string.Join(' ', own.Select(w => $"{w.Ticks.Average() * 1e4:F2}"))} | {-test.MeanDifference * 1e4:F4} ({test.Corrected:F2}, {test.PValue:F4}) | {own.Sum(w => w.FitSeconds) / own.Sum(w => w.Fits):G3} | {own.Sum(w => w.Seconds):F1}");
    }

    if (published && Published.Column(model) is { } column)
    {
        Published?[] theirs = [.. cells.Select(c => Published.Read(Option("closes"), c, column, alpha))];
        Console.WriteLine($"  published | | {string.Join(' ', theirs.Select(p => p is null ? "-" : $"{p.Exceedances}"))} | | | {string.Join(' ', theirs.Select(p => p is null ? "-" : $"{p.Tick * 1e4:F2}"))} | |");
    }
}

return 0;
