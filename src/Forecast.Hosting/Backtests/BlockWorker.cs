using Forecast.Backtest.Engine;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>What a worker needs to know of a run, read once.</summary>
internal sealed record RunContext(StoredRun Run, Panel Panel, RunSpec Spec, IReadOnlyDictionary<string, WorkItem> Items);

/// <summary>
/// Takes work items off a queue, one at a time: counts the attempt, works, commits under the item's unique key, and only then
/// acknowledges. An item that was committed meanwhile is acknowledged and left alone. While the store is away, the worker keeps what
/// it has computed and waits.
/// </summary>
internal sealed class BlockWorker(string name, IRunStore runs, IWorkQueue queue, ModelCatalogue catalogue, StorePatience patience)
{
    /// <summary>An item that raised a defect so often is given up and the run fails visibly.</summary>
    private const int MaxAttempts = 3;

    /// <summary>Works until cancelled.</summary>
    /// <param name="queueName">What this worker can do: <c>cpu</c> or <c>gpu</c>.</param>
    /// <param name="wanted">Cancelled when a run's work is no longer wanted; null when it is not wanted at all.</param>
    /// <param name="context">Gives the context of a run.</param>
    /// <param name="foldsDone">Told of each fold.</param>
    /// <param name="cancellation">Stops taking items, and the one at hand at its next fold.</param>
    public async Task WorkAsync(string queueName, Func<string, CancellationToken?> wanted, Func<string, CancellationToken, Task<RunContext>> context, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        await foreach (var delivery in queue.ConsumeAsync(queueName, cancellation))
        {
            // The items of a run that was stopped stay undone in the store: there they are found when it goes on.
            if (wanted(delivery.Message.RunId) is not { } running || await SettleAsync(delivery.Message, running, context, foldsDone, cancellation)) await delivery.AckAsync(cancellation);
            else await delivery.ReturnAsync(cancellation);
        }
    }

    private async Task<bool> SettleAsync(WorkMessage message, CancellationToken running, Func<string, CancellationToken, Task<RunContext>> context, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        var (runId, key) = message;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(running, cancellation);
        try
        {
            var attempt = await patience.AskAsync($"run '{runId}', item '{key}'", () => runs.StartItemAsync(runId, key, name, either.Token), either.Token);
            return attempt is null || await TryAsync(await context(runId, either.Token), key, attempt.Value, foldsDone, either.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>True when the item is settled: committed or given up.</summary>
    private async Task<bool> TryAsync(RunContext run, string key, int attempt, Action<string, string, int> foldsDone, CancellationToken cancellation)
    {
        var (runId, item, what) = (run.Run.Id, run.Items[key], $"run '{run.Run.Id}', item '{key}'");
        try
        {
            var progress = new FoldProgress(n => foldsDone(runId, key, n));
            var block = BlockMapping.ToStore(BlockRunner.Run(run.Panel, run.Spec, item, catalogue.Create(item.Model), cancellation, progress), name);
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

    /// <summary>Reports at once, on the caller's thread (<see cref="Progress{T}"/> would post to the pool and lag behind).</summary>
    private sealed class FoldProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
