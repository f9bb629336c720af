// Published TTM weights on ETTh1's test months: errors, seconds beside Python's PyTorch, and what fine-tuning on few data adds.
//   dotnet run -c Release --project benchmarks/foundation/ttm -- --weights DIR [--python PATH] [--rounds N] [--batch N] [--tune decoder,head,all] [--seed N]
using System.Diagnostics;
using System.Text.Json;
using Forecast.Models.Training;
using Forecast.Models.Ttm;
using Forecast.TtmBenchmark;

var weights = Option("--weights") ?? Environment.GetEnvironmentVariable("FORECAST_TTM_WEIGHTS");
if (weights is null)
{
    Console.Error.WriteLine("name the folder of TTM weights (512 rows in) with --weights or FORECAST_TTM_WEIGHTS");
    return 2;
}

var file = Path.GetFullPath(Option("--data") ?? Path.Combine(Root(), "datasets", "ETTh1.csv.gz"));
var python = Option("--python") ?? "/usr/bin/python3";
var rounds = int.Parse(Option("--rounds") ?? "3");
var batch = int.Parse(Option("--batch") ?? "32");
var cores = Environment.ProcessorCount;
Console.WriteLine(TorchDevice.Describe("cpu"));
var data = EttData.Read(file);
using var network = TtmCheckpoint.Open(weights);
var horizon = network.Config.Horizon;
Console.WriteLine($"ETTh1, {EttData.TestWindows(horizon)} windows of {network.Config.ContextLength} rows -> {horizon}, {data.Channels} channels, standardised by the training months");
if (rounds > 0) Console.WriteLine("                         MSE      MAE   seconds   processor seconds (best of rounds)");
foreach (var threads in new[] { 1, cores }.Distinct().Where(_ => rounds > 0))
{
    var ours = Enumerable.Range(0, rounds).Select(_ => Evaluation.Run(network, data, threads, batch)).ToArray();
    Print($"ours, {threads} threads", ours[0].Mse, ours[0].Mae, ours.Min(s => s.Seconds), ours.Min(s => s.CpuSeconds));
    if (File.Exists(python)) Peer(threads);
}

if (Option("--tune") is { } modes) FineTuning.Run(weights, data, network, modes.Split(','), ulong.Parse(Option("--seed") ?? "1"), cores, batch);
return 0;

void Peer(int threads)
{
    using var process = Process.Start(new ProcessStartInfo(python)
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "peer.py"), Path.GetFullPath(weights), file, threads.ToString(), batch.ToString(), rounds.ToString() },
        RedirectStandardOutput = true,
        UseShellExecute = false,
    }) ?? throw new InvalidOperationException($"{python} did not start");
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        Console.WriteLine($"{python} has no torch, or the peer failed");
        return;
    }

    using var json = JsonDocument.Parse(text);
    var answer = json.RootElement;
    Print($"torch {answer.GetProperty("torch").GetString()}, {threads} threads", answer.GetProperty("mse").GetDouble(), answer.GetProperty("mae").GetDouble(), Best(answer, "seconds"), Best(answer, "cpu"));
}

static double Best(JsonElement answer, string name) => answer.GetProperty(name).EnumerateArray().Min(s => s.GetDouble());

static void Print(string what, double mse, double mae, double seconds, double cpu) => Console.WriteLine($"{what,-24} {mse:F4}   {mae:F4}   {seconds,7:F2}   {cpu,7:F2}");

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

static string Root()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "Forecast.sln"))) return folder.FullName;
    }

    throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Forecast.sln");
}
