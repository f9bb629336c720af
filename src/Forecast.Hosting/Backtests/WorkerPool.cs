using System.Collections.Concurrent;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>Workers of this process, on one queue. They serve any run; what a run's work needs is read from the store once.</summary>
internal sealed class WorkerPool : IRunWatch, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string Run, string Item), int> _folds = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new(StringComparer.Ordinal);
    private readonly Task[] _workers;

    public WorkerPool(RunContexts contexts, IRunStore runs, IWorkQueue queue, string queueName, ModelCatalogue catalogue, int workers, StorePatience patience)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        _workers = [.. Enumerable.Range(0, workers).Select(i => Task.Run(
            () => new BlockWorker($"{Environment.MachineName}/{Environment.ProcessId}/{i}", runs, queue, catalogue, patience).WorkAsync([queueName], this, contexts.GetAsync, (run, item, folds) => _folds[(run, item)] = folds, _stop.Token)))];
    }

    public int Count => _workers.Length;

    /// <summary>Folds of an item that were done here, whether committed yet or not.</summary>
    public int FoldsDone(string runId, string itemKey) => _folds.GetValueOrDefault((runId, itemKey));

    /// <summary>Completes when a worker broke down (the store was away for longer than patience lasts): nobody should then wait for results.</summary>
    public Task<Task> Breakdown() => Task.WhenAny(_workers);

    /// <summary>From now on the run's items are worked on.</summary>
    public void Open(string runId) => _open.GetOrAdd(runId, _ => new CancellationTokenSource());

    /// <summary>The run is over, or nobody waits for it any more: stop its blocks, leave its messages undone, forget what was kept for it.</summary>
    public void Forget(string runId)
    {
        if (_open.TryRemove(runId, out var running)) running.Cancel();
        foreach (var key in _folds.Keys.Where(k => string.Equals(k.Run, runId, StringComparison.Ordinal))) _folds.TryRemove(key, out _);
    }

    ValueTask<CancellationToken?> IRunWatch.WantedAsync(string runId, CancellationToken cancellation) =>
        ValueTask.FromResult<CancellationToken?>(_open.TryGetValue(runId, out var running) ? running.Token : null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_workers);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked for just above; a worker that broke down instead surfaces here.
        }

        _stop.Dispose();
    }
}
