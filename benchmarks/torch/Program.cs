using System.Diagnostics;
using Forecast.TorchBenchmarks;
using TorchSharp;

// Ours against Python's PyTorch, block by block in turn, so that whatever else the machine does hits both.
//   dotnet run -c Release --project benchmarks/torch -- [--device cuda] [--python /usr/bin/python3] [--rounds 21] [--cpu-time] [CASE ...]
// --cpu-time counts processor seconds of all threads of each process instead of wall time: for a machine that is busy elsewhere.
Case[] cases = [SmallAdds.Plain, SmallAdds.Graph, Training.Lstm, Training.Mixer];
var device = "cpu";
var python = "/usr/bin/python3";
var rounds = 21;
var cpuTime = false;
var wanted = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--device": device = args[++i]; break;
        case "--python": python = args[++i]; break;
        case "--rounds": rounds = int.Parse(args[++i]); break;
        case "--cpu-time": cpuTime = true; break;
        default: wanted.Add(args[i]); break;
    }
}

var unknown = wanted.Find(name => !Array.Exists(cases, c => c.Name == name));
if (unknown is not null)
{
    Console.Error.WriteLine($"there is no case '{unknown}'; there are {string.Join(", ", cases.Select(c => c.Name))}");
    return 2;
}

var threadCounts = Enumerable.Range(0, 8).Select(p => 1 << p).TakeWhile(t => t <= Environment.ProcessorCount).ToArray();
Console.WriteLine($"{"case",-14} {"ours",12} {"threads",8} {"peer",12} {"threads",8} {"ratio",7} {"quartiles",15} {"limit",6}");
var over = false;
foreach (var one in cases.Where(c => wanted.Count == 0 || wanted.Contains(c.Name)))
{
    using var peer = new Peer(python, one.Name, device, one.Steps, cpuTime);
    var step = one.Prepare(torch.device(device));
    double Ours(int threads) => Block(step, one.Steps, threads, device, cpuTime);

    // Warm-up: the just-in-time compiler needs a few thousand calls and a moment in the background.
    var warmUntil = Stopwatch.StartNew();
    while (warmUntil.Elapsed < TimeSpan.FromSeconds(2)) Ours(1);
    var ourThreads = threadCounts.MinBy(t => Enumerable.Range(0, 3).Min(_ => Ours(t)));
    var peerThreads = threadCounts.MinBy(t => Enumerable.Range(0, 3).Min(_ => peer.Block(t)));
    var ours = new double[rounds];
    var theirs = new double[rounds];
    for (var r = 0; r < rounds; r++)
    {
        ours[r] = Ours(ourThreads);
        theirs[r] = peer.Block(peerThreads);
    }

    var ratios = ours.Zip(theirs, (a, b) => a / b).Order().ToArray();
    var ratio = Quantile(ratios, 0.5);
    over |= ratio > one.Limit;
    Console.WriteLine($"{one.Name,-14} {Microseconds(ours),12} {ourThreads,8} {Microseconds(theirs),12} {peerThreads,8} {ratio,7:f3} {$"{Quantile(ratios, 0.25):f3}..{Quantile(ratios, 0.75):f3}",15} {one.Limit,6:f2}");
    Console.Error.WriteLine($"  libtorch {torch.__version__} against {peer.Version}, {rounds} rounds of {one.Steps} steps");
}

return over ? 1 : 0;

static double Block(Action step, int steps, int threads, string device, bool cpuTime)
{
    if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    step();
    if (device != "cpu") torch.cuda.synchronize();
    var startCpu = Environment.CpuUsage.TotalTime;
    var start = Stopwatch.GetTimestamp();
    for (var i = 0; i < steps; i++) step();
    if (device != "cpu") torch.cuda.synchronize();
    var taken = cpuTime ? Environment.CpuUsage.TotalTime - startCpu : Stopwatch.GetElapsedTime(start);
    return taken.TotalSeconds / steps;
}

static string Microseconds(double[] seconds) => $"{Quantile([.. seconds.Order()], 0.5) * 1e6:f1} us";

static double Quantile(double[] sorted, double p)
{
    var place = p * (sorted.Length - 1);
    var below = (int)place;
    var above = Math.Min(below + 1, sorted.Length - 1);
    return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
}
