using System.Globalization;

namespace Forecast.ApiLoad;

/// <summary>Rising concurrency, then more clients than the server lets wait.</summary>
internal static class Ladder
{
    /// <summary>More than the 512 requests that may wait and those that are worked on.</summary>
    private const int Beyond = 700;

    private static readonly int[] Steps = [1, 2, 4, 8, 16, 64, 256, Beyond];

    // Requests that wait when a line's time is over are still answered: where each takes long, fewer may wait.
    private static readonly int[] FewSteps = [1, 4, 16, 64];

    private static readonly (Work Work, int[] Steps)[] Lines =
    [
        (new("seasonal-naive, kept fit", "seasonal-naive[5]"), Steps),
        (new("auto-ets, kept fit", "auto-ets[5]"), Steps),
        (new("auto-ets, fitted each time", "auto-ets[5]", "always"), FewSteps),
        (new("zero-shot (tirex, small, random weights)", "tirex{weights: random, width: 64, blocks: 2, context: 512}"), Steps),
    ];

    /// <returns>1 when a request failed, was refused before saturation, or was not refused beyond it.</returns>
    public static async Task<int> RunAsync(Load load, ServerProcess server, TimeSpan time)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors for server and clients together, 500 rows in, 10 steps out, {time.TotalSeconds:0.#} s a line\n");
        Console.WriteLine("| asked for | clients | forecasts/s | p50 ms | p99 ms | refused with Retry-After | errors | server MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var bad = 0;
        foreach (var (work, steps) in Lines)
        {
            await load.WarmUpAsync(work);
            foreach (var clients in steps)
            {
                var phase = await load.RunAsync(work, clients, time);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {work.Name} | {clients} | {phase.PerSecond:0} | {phase.Quantile(0.5):0.0} | {phase.Quantile(0.99):0.0} | {phase.Refused} | {phase.Errors.Values.Sum()} | {server.Memory:0} |"));
                foreach (var (what, times) in phase.Errors) Console.WriteLine($"  {times} x {what}");
                if (phase.Errors.Count > 0 || (clients < Beyond && phase.Refused > 0)) bad++;
            }
        }

        Console.WriteLine(bad == 0 ? "\nno error, and no refusal up to 256 clients" : $"\n{bad} lines with errors or early refusals");
        return bad == 0 ? 0 : 1;
    }
}
