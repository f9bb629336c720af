using System.Globalization;
using Forecast.Models.Training;
using Forecast.SmetimesBenchmark;

// Forecast.SmetimesBenchmark ett ETTh1.csv[.gz] FOLDER --preset P [--seed 1] [--device cuda] [--options "..."] [--validate]
//     fits one preset (or linear) and keeps its errors on the test windows in FOLDER
// Forecast.SmetimesBenchmark compare FOLDER             the table over all seeds there, with Diebold-Mariano tests
// Forecast.SmetimesBenchmark geometry [--device cuda]   times of a language model of the sizes of Llama 3.2 1B
// Forecast.SmetimesBenchmark notes [--device cuda] [--seed 1]             what notes are worth where the future depends on them
// Forecast.SmetimesBenchmark taxi nyc_taxi.csv [--device cuda] [--seed 1]   and on days of New York that everybody knew of
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var device = Value("--device", "cpu");
var seed = ulong.Parse(Value("--seed", "1"), CultureInfo.InvariantCulture);
TorchDevice.Open(device);
switch (args.FirstOrDefault())
{
    case "ett": Ett(EttProtocol.Read(args[1]), args[2]); return 0;
    case "compare": Comparison.Print(args[1]); return 0;
    case "geometry": Geometry.Run(device); return 0;
    case "notes": NotesExperiment.Run(device, seed); return 0;
    case "taxi": TaxiExperiment.Run(args[1], device, seed); return 0;
    default: Console.Error.WriteLine("usage: ett DATA FOLDER --preset P | compare FOLDER | geometry | notes | taxi DATA; --device, --seed, --options, --validate"); return 2;
}

void Ett(EttProtocol data, string folder)
{
    var preset = Value("--preset", "smetimes");
    var watch = System.Diagnostics.Stopwatch.StartNew();
    Errors errors;
    if (preset is "linear")
    {
        errors = Runs.Linear(data);
    }
    else
    {
        var fitted = Runs.Fit(data, preset, Value("--options", ""), device, seed);
        Console.WriteLine($"{preset}, seed {seed}: {watch.Elapsed.TotalSeconds:F0} s; {fitted.Summaries.Values.First().Notes[0]}");
        if (args.Contains("--validate")) return;
        errors = Runs.Score(data, fitted);
    }

    Console.WriteLine($"{preset}, seed {seed}, {watch.Elapsed.TotalSeconds:F0} s: MSE/MAE {string.Join("  ", EttProtocol.Horizons.Select(h => $"{errors.Mse(h):F4}/{errors.Mae(h):F4}"))}  mean {EttProtocol.Horizons.Average(errors.Mse):F4}");
    Directory.CreateDirectory(folder);
    errors.Save(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{preset}.{seed}.errors")));
}

string Value(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
