// Series a second of zero-shot TiRex (published geometry, untrained weights), from series to forecasts, beside plain eager PyTorch.
//   dotnet run -c Release --project benchmarks/foundation/tirex -- [--device cpu|cuda] [--precision float32|bfloat16] [--threads N]
//     [--context 512,2048] [--horizon 32,128] [--batch 1,16,256] [--least SECONDS] [--python PATH] [--rate]
// Each case prints a line of JSON; with --python the peer's lines follow ours, case by case. --rate measures a matrix product first.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Training;
using NodaTime;
using TorchSharp;

const int MostRepeats = 50;
const int LeastRepeats = 3;
var device = Option("--device", "cpu");
var precision = Option("--precision", "float32");
var threads = int.Parse(Option("--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
var least = double.Parse(Option("--least", "1"), CultureInfo.InvariantCulture);
var python = Option("--python", "");
var engine = TorchDevice.Describe(device);
torch.set_num_threads(threads);
var contexts = Numbers(Option("--context", "512,2048"));
var horizons = Numbers(Option("--horizon", "32,128"));
var batches = Numbers(Option("--batch", "1,16,256"));
if (args.Contains("--rate")) Rate();
var random = new Random(1);
foreach (var context in contexts)
{
    foreach (var horizon in horizons)
    {
        foreach (var batch in batches)
        {
            Ours(context, horizon, batch);
            if (python.Length > 0) Peer(context, horizon, batch);
        }
    }
}

return 0;

void Ours(int context, int horizon, int batch)
{
    var patches = ((horizon + 31) / 32).ToString(CultureInfo.InvariantCulture);
    var model = ModelCatalogue.Default.Create($"tirex{{weights: random, precision: {precision}, patches: {patches}, batch: {batch}}}");
    var times = Enumerable.Range(0, context).Select(t => Frequency.Index.Add(Instant.FromUnixTimeSeconds(0), t, TradingCalendar.AlwaysOpen)).ToArray();
    var series = Enumerable.Range(0, batch).Select(i => TimeSeries.Univariate($"s{i}", Frequency.Index, times, [.. times.Select(_ => random.NextDouble())]));
    var history = new Panel([.. series]).AsOf(Instant.MaxValue);
    var fitted = model.Fit(history, new ForecastTask(horizon, ForecastTask.DefaultLevels), new FitContext(1) { Device = device });
    var seconds = Repeat(() => fitted.Predict(KnownFuture.None, horizon, 1));
    Console.WriteLine(JsonSerializer.Serialize(new { who = "forecast", device = engine, precision, threads, context, horizon, batch, seconds, series_per_second = Math.Round(batch / seconds, 1) }));
}

void Peer(int context, int horizon, int batch)
{
    string[] arguments = [Path.Combine(AppContext.BaseDirectory, "peer.py"), "--device", device, "--threads", $"{threads}", "--context", $"{context}", "--horizon", $"{horizon}", "--batch", $"{batch}", "--least", least.ToString(CultureInfo.InvariantCulture)];
    using var process = Process.Start(new ProcessStartInfo(python, arguments) { UseShellExecute = false })!;
    process.WaitForExit();
    if (process.ExitCode != 0) throw new InvalidOperationException($"the peer ended with exit code {process.ExitCode}");
}

void Rate()
{
    const int Size = 1024;
    using var scope = torch.NewDisposeScope();
    var a = torch.randn(Size, Size, device: torch.device(TorchDevice.Resolve(device)));
    var seconds = Repeat(() =>
    {
        using var product = a.matmul(a);
        using var last = product.narrow(0, 0, 1).cpu();
    });
    Console.WriteLine(JsonSerializer.Serialize(new { who = "float32 matrix product", size = Size, threads, gigaflops = Math.Round(2e-9 * Size * Size * Size / seconds, 1) }));
}

// The median of as many runs as fit into the time, after one that counts for nothing.
double Repeat(Action run)
{
    run();
    var times = new List<double>();
    while (times.Count < LeastRepeats || (times.Sum() < least && times.Count < MostRepeats))
    {
        var watch = Stopwatch.StartNew();
        run();
        times.Add(watch.Elapsed.TotalSeconds);
    }

    times.Sort();
    return times[times.Count / 2];
}

string Option(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

static int[] Numbers(string text) => [.. text.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
