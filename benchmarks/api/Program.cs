using Forecast.ApiLoad;

// forecast serve --port 8080 &
// dotnet run -c Release --project benchmarks/api -- http://127.0.0.1:8080 PID [REQUESTS] [MEMORY_REQUESTS]
if (args.Length < 2 || !Uri.TryCreate(args[0], UriKind.Absolute, out var server) || !int.TryParse(args[1], out var pid))
{
    await Console.Error.WriteLineAsync("usage: Forecast.ApiLoad ADDRESS SERVER_PID [REQUESTS] [MEMORY_REQUESTS]");
    return 2;
}

var requests = args.Length > 2 ? int.Parse(args[2]) : 5_000;
var memoryRequests = args.Length > 3 ? int.Parse(args[3]) : 100_000;
using var load = new Load(server);
Console.WriteLine("| model | at once | requests/s | p50 ms | p99 ms | origin |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var model in (string[])["seasonal-naive", "garch(1,1)"])
{
    await load.WarmUpAsync(model);
    foreach (var concurrency in (int[])[1, 8, 64]) Console.WriteLine(await load.MeasureAsync(model, concurrency, requests));
}

var before = Load.Memory(pid);
await load.MeasureAsync("seasonal-naive", 8, memoryRequests);
Console.WriteLine($"memory of the server before and after {memoryRequests} further requests: {before} MiB, {Load.Memory(pid)} MiB");
return 0;
