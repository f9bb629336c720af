using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store;

namespace Forecast.Hosting.Backtests;

/// <summary>Workers on a broker's queues: they serve any run of the store, whichever process asked for it.</summary>
/// <param name="store">Where runs and results are kept.</param>
/// <param name="queue">The broker.</param>
/// <param name="catalogue">The models.</param>
/// <param name="complain">Told of trouble that is waited out.</param>
public sealed class QueueWorkers(IForecastStore store, IWorkQueue queue, ModelCatalogue catalogue, Action<string, Exception> complain)
{
    /// <summary>Panels kept for items to come.</summary>
    private const int MostContexts = 8;

    private static readonly TimeSpan AfterBreakdown = TimeSpan.FromSeconds(2);

    /// <summary>The device of this process, where a run asks for one of its class (<c>cuda:0</c> and <c>cuda:1</c> are); null = as the run says.</summary>
    public string? Device { get; init; }

    /// <summary>Works until stopped; the item at hand goes back to the broker.</summary>
    /// <param name="queues">What these workers can do, in the order of preference: <c>gpu</c>, <c>cpu</c>.</param>
    /// <param name="count">Items done at once.</param>
    /// <param name="told">Told of each item that was settled; may be null.</param>
    /// <param name="stop">Stops at the next fold.</param>
    public async Task RunAsync(IReadOnlyList<string> queues, int count, Action<WorkMessage>? told, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var patience = new StorePatience(complain, limit: TimeSpan.FromHours(12));
        await using var watch = new StoreRunWatch(store.Runs, patience);
        var contexts = new RunContexts(store.Datasets, store.Runs, patience, MostContexts);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => WorkAsync(i), CancellationToken.None)));

        // A worker whose defect is not of an item (those are counted and given up) starts again: one by one they would all be gone.
        async Task WorkAsync(int number)
        {
            var worker = new BlockWorker($"{Environment.MachineName}/{Environment.ProcessId}/{number}", store.Runs, queue, catalogue, patience) { Told = told, Device = Device };
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await worker.WorkAsync(queues, watch, contexts.GetAsync, static (_, _, _) => { }, stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e)
                {
                    complain($"worker {number} broke down and starts again", e);
                    await Task.Delay(AfterBreakdown, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}
