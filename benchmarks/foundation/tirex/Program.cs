// Series a second of zero-shot TiRex (published geometry, untrained weights), from series to forecasts, beside plain eager PyTorch.
//   dotnet run -c Release --project benchmarks/foundation/tirex -- [--device cpu|cuda] [--precision float32|bfloat16] [--threads N]
//     [--context 512,2048] [--horizon 32,128] [--batch 1,16,256] [--least SECONDS] [--python PATH] [--rate] [--training]
// Each case prints a line of JSON; with --python the peer's lines follow ours, case by case, at the number of threads that is best for it, and
// a table comes last. --rate measures a matrix product first and says how much of its rate our forecasts have. --training times a training step of one sLSTM of width 512 beside the peer's LSTM instead.
using System.Globalization;
using System.Text.Json;
using Forecast.Models.Training;
using Forecast.TirexBenchmark;
using TorchSharp;

var settings = new Settings(args);
// Opening the engine sets one thread an operator.
var engine = TorchDevice.Describe(settings.Device);
torch.set_num_threads(settings.Threads);
var rows = new List<Row>();
var rate = 0.0;
if (args.Contains("--rate"))
{
    Report(Forecasts.Rate(settings), "GF/s");
    rate = rows[0].Value;
}

if (args.Contains("--training"))
{
    foreach (var batch in settings.Batches)
    {
        foreach (var row in TrainingSteps.Run(settings, batch)) Report(row, "ms");
        if (settings.Python is not null) Peer.Run(settings, ["--training", "--batch", $"{batch}"]).ForEach(row => Report(row, "ms"));
    }
}
else
{
    foreach (var context in settings.Contexts)
    {
        foreach (var horizon in settings.Horizons)
        {
            foreach (var batch in settings.Batches)
            {
                Report(Forecasts.Run(settings, context, horizon, batch), "series/s");
                if (rate > 0) Report(Share(rows[^1], Forecasts.Operations(context, horizon)), "%");
                if (settings.Python is not null) Peer.Run(settings, ["--context", $"{context}", "--horizon", $"{horizon}", "--batch", $"{batch}"]).ForEach(row => Report(row, "series/s"));
            }
        }
    }
}

Console.Error.WriteLine($"{engine}, {torch.get_num_threads()} threads; the peer's in front of its figures");
foreach (var group in rows.GroupBy(r => r.Case))
{
    var ours = group.First();
    Console.Error.WriteLine($"{group.Key,-46} " + string.Join("   ", group.Select(r => r == ours || r.Unit == "%" ? Text(r) : $"{r.Threads}: {Text(r)} ({Ratio(ours, r)})")));
}

return 0;

void Report(Row row, string unit)
{
    rows.Add(row with { Unit = unit });
    Console.WriteLine(JsonSerializer.Serialize(rows[^1], Row.Json));
}

Row Share(Row ours, double operations) => new("of the product's rate", ours.Case, 100 * ours.Value * operations / rate, ours.Seconds);

static string Text(Row row) => string.Create(CultureInfo.InvariantCulture, $"{row.Who} {row.Value:g4} {row.Unit}");

// How many times better ours is.
static string Ratio(Row ours, Row other) => string.Create(CultureInfo.InvariantCulture, $"x{(ours.Unit == "ms" ? other.Value / ours.Value : ours.Value / other.Value):g3}");
