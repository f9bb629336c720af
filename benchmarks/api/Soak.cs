using System.Globalization;

namespace Forecast.ApiLoad;

/// <summary>A steady load of many series on several models, and the server's memory meanwhile.</summary>
internal static class Soak
{
    private const int Series = 100;
    private const int Clients = 8;

    /// <summary>Growth after the first fifth that counts as none: what a garbage collector leaves lying about.</summary>
    private const double Slack = 0.1;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    private static readonly Work[] Works =
    [
        new("seasonal-naive", "seasonal-naive[5]"),
        new("auto-ets", "auto-ets[5]"),
        new("zero-shot", "tirex{weights: random, width: 64, blocks: 2, context: 512}"),
        new("fitted each time", "arima(1,0,1)", "always"),
    ];

    /// <returns>1 when a request failed or the memory grew.</returns>
    public static async Task<int> RunAsync(Load load, ServerProcess server, TimeSpan time)
    {
        foreach (var work in Works) await load.WarmUpAsync(work, Series);
        Console.WriteLine("| s | forecasts so far | errors | server MiB |\n|---|---|---|---|");
        var (began, done, errors, memory) = (TimeProvider.System.GetTimestamp(), 0L, 0, new List<double>());
        while (TimeProvider.System.GetElapsedTime(began) is var passed && passed < time)
        {
            foreach (var work in Works)
            {
                var phase = await load.RunAsync(work, Clients, Slice, Series);
                done += phase.Times.Length;
                errors += phase.Errors.Values.Sum() + phase.Refused;
            }

            memory.Add(server.Memory);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {passed.TotalSeconds:0} | {done} | {errors} | {memory[^1]:0} |"));
        }

        var settled = memory.Skip(memory.Count / 5).ToArray();
        var (first, last) = (settled[..Math.Max(1, settled.Length / 4)].Max(), settled[^Math.Max(1, settled.Length / 4)..].Max());
        var flat = last <= first * (1 + Slack);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nmost memory in the first and the last quarter after settling: {first:0} MiB, {last:0} MiB: {(flat ? "flat" : "it grows")}; {done} forecasts, {errors} errors"));
        return flat && errors == 0 ? 0 : 1;
    }
}
