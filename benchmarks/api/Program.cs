using System.Globalization;
using Forecast.ApiLoad;

// Throughput and latency of POST /v1/forecasts, measured from a process of its own: starts a server on a home of its own, asks it at
// rising concurrency and beyond saturation, and ends with 1 when something failed that should not.
//   benchmarks/api/run [--seconds S] [--soak MINUTES]        builds what is needed and names the server's program
var seconds = Number("--seconds", 4);
var soak = Number("--soak", 0);
var program = Array.IndexOf(args, "--server") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
if (program is null || seconds is not > 0 || soak is not >= 0)
{
    await Console.Error.WriteLineAsync("usage: Forecast.ApiLoad --server PROGRAM [--seconds S] [--soak MINUTES]");
    return 2;
}

await using var server = await ServerProcess.StartAsync(program);
using var load = new Load(server.Address);
return soak > 0 ? await Soak.RunAsync(load, server, TimeSpan.FromMinutes(soak)) : await Ladder.RunAsync(load, server, TimeSpan.FromSeconds(seconds));

double Number(string option, double fallback)
{
    var place = Array.IndexOf(args, option);
    if (place < 0) return fallback;
    return place + 1 < args.Length && double.TryParse(args[place + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
