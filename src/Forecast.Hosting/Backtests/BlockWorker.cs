using Forecast.Backtest.Engine;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>
/// Takes work items off a queue, one at a time: counts the attempt, works, commits under the item's unique key, and only then
/// acknowledges. An item that was committed meanwhile is acknowledged and left alone. While the store is away, the worker keeps what
/// it has computed and waits.
/// </summary>
internal sealed class BlockWorker(string name, IRunStore runs, IWorkQueue queue, ModelCatalogue catalogue, StorePatience patience)
{
    /// <summary>An item that raised a defect so often is given up and the run fails visibly.</summary>
    private const int MaxAttempts = 3;

    /// <summary>An item that was begun so often, and never came to an end, takes its worker down each time.</summary>
    private const int MaxStarts = 25;

    /// <summary>The device to work on where the run asks for one of its class; null = as the run says.</summary>
    public string? Device { get; init; }

    /// <summary>Told of each item that was settled.</summary>
    public Action<WorkMessage>? Told { get; init; }

    /// <summary>Works until cancelled.</summary>
    /// <param name="queues">What this worker can do, in the order of preference: <c>cpu</c>, <c>gpu</c>.</param>
    /// <param name="watch">Says which runs are wanted.</param>
    /// <param name="context">Gives the context of a run.</param>
    /// <param name="foldsDone">Told of each fold.</param>
    /// <param name="cancellation">Stops taking items, and the one at hand at its next fold.</param>
    public async Task WorkAsync(IReadOnlyList<string> queues, IRunWatch watch, Func<string, CancellationToken, Task<RunContext>> context, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        await foreach (var delivery in queue.ConsumeAsync(queues, cancellation))
        {
            // The items of a run that was stopped stay undone in the store: there they are found when it goes on.
            if (await watch.WantedAsync(delivery.Message.RunId, cancellation) is not { } running || await SettleAsync(delivery.Message, running, context, foldsDone, cancellation)) await EndAsync(delivery, cancellation);
            else await delivery.ReturnAsync(cancellation);
        }
    }

    private async Task EndAsync(IWorkDelivery delivery, CancellationToken cancellation)
    {
        await delivery.AckAsync(cancellation);
        Told?.Invoke(delivery.Message);
    }

    private async Task<bool> SettleAsync(WorkMessage message, CancellationToken running, Func<string, CancellationToken, Task<RunContext>> context, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        var (runId, key) = message;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(running, cancellation);
        try
        {
            var attempt = await patience.AskAsync($"run '{runId}', item '{key}'", () => runs.StartItemAsync(runId, key, name, either.Token), either.Token);
            if (attempt > MaxStarts)
            {
                await patience.AskAsync($"run '{runId}', item '{key}'", () => runs.FailItemAsync(runId, key, "attempts-exhausted", $"begun {attempt - 1} times and never ended", either.Token), either.Token);
                return true;
            }

            return attempt is null || await TryAsync(message, attempt.Value, context, foldsDone, either.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>True when the item is settled: committed or given up.</summary>
    private async Task<bool> TryAsync(WorkMessage message, int attempt, Func<string, CancellationToken, Task<RunContext>> context, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        var (runId, key) = message;
        var what = $"run '{runId}', item '{key}'";
        try
        {
            var run = await context(runId, cancellation);
            var item = run.Items[key];
            var progress = new FoldProgress(n => foldsDone(runId, key, n));
            var block = BlockMapping.ToStore(BlockRunner.Run(run.Panel, Placed(run.Spec), item, catalogue.Create(item.Model), cancellation, progress), name);
            await patience.AskAsync(what, () => runs.CommitBlockAsync(runId, key, block, cancellation), cancellation);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException && !StorePatience.MayPass(e))
        {
            if (attempt < MaxAttempts && e is not ForecastException) return false;
            await patience.AskAsync(what, () => runs.FailItemAsync(runId, key, (e as ForecastException)?.Code ?? "defect", $"{e.GetType().Name}: {e.Message}", cancellation), cancellation);
            return true;
        }
    }

    private RunSpec Placed(RunSpec spec) => Device is { } own && IsGpu(own) && IsGpu(spec.Device) ? spec with { Device = own } : spec;

    private static bool IsGpu(string device) => device.StartsWith("cuda", StringComparison.Ordinal);

    /// <summary>Reports at once, on the caller's thread (<see cref="Progress{T}"/> would post to the pool and lag behind).</summary>
    private sealed class FoldProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
