using System.Diagnostics;
using System.Globalization;

namespace Forecast.Store.Tests.Support;

/// <summary>This executable, started again as another process that writes to the same store.</summary>
internal static class ChildProcess
{
    public const string Verb = "child";

    /// <summary>Starts a process that commits blocks until there are no more.</summary>
    public static Process Start(string store, string run, int folds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Verb, store, run, folds.ToString(CultureInfo.InvariantCulture)]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Says <c>ready</c>, then commits pending items in order and names each that it was the one to commit.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var (address, run, folds) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        await using var store = await TempStore.OpenAsync(address);
        await Console.Out.WriteLineAsync("ready");
        foreach (var item in await store.Runs.PendingItemsAsync(run))
        {
            if (await store.Runs.StartItemAsync(run, item.Key, "child") is null) continue;
            if (await store.Runs.CommitBlockAsync(run, item.Key, Sample.Block(item.Position, folds)))
                await Console.Out.WriteLineAsync(item.Key);
        }

        return 0;
    }
}
