using System.Collections.Concurrent;
using Forecast.Core;
using Forecast.Hosting.Queues;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store.Datasets;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>Workers of this process, on one queue. They serve any run; what a run's work needs is read from the store once.</summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly IDatasetStore _datasets;
    private readonly IRunStore _runs;
    private readonly StorePatience _patience;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<RunContext>>> _contexts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Run, string Item), int> _folds = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new(StringComparer.Ordinal);
    private readonly Task[] _workers;

    public WorkerPool(IDatasetStore datasets, IRunStore runs, IWorkQueue queue, string queueName, ModelCatalogue catalogue, int workers, StorePatience patience)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        _datasets = datasets;
        _runs = runs;
        _patience = patience;
        _workers = [.. Enumerable.Range(0, workers).Select(i => Task.Run(
            () => new BlockWorker($"{Environment.MachineName}/{Environment.ProcessId}/{i}", runs, queue, catalogue, patience).WorkAsync(queueName, Wanted, ContextAsync, (run, item, folds) => _folds[(run, item)] = folds, _stop.Token)))];
    }

    public int Count => _workers.Length;

    /// <summary>Folds of an item that were done here, whether committed yet or not.</summary>
    public int FoldsDone(string runId, string itemKey) => _folds.GetValueOrDefault((runId, itemKey));

    /// <summary>Completes when a worker broke down (the store was away for longer than patience lasts): nobody should then wait for results.</summary>
    public Task<Task> Breakdown() => Task.WhenAny(_workers);

    /// <summary>The context of a run, from the first caller on for all; a reading that failed is not kept.</summary>
    public async Task<RunContext> ContextAsync(string runId, CancellationToken cancellation)
    {
        var kept = _contexts.GetOrAdd(runId, id => new Lazy<Task<RunContext>>(() => _patience.AskAsync($"run '{id}'", () => ReadContextAsync(id, _stop.Token), _stop.Token)));
        try
        {
            return await kept.Value.WaitAsync(cancellation);
        }
        finally
        {
            if (kept.Value.IsFaulted || kept.Value.IsCanceled) _contexts.TryRemove(new KeyValuePair<string, Lazy<Task<RunContext>>>(runId, kept));
        }
    }

    /// <summary>From now on the run's items are worked on.</summary>
    public void Open(string runId) => _open.GetOrAdd(runId, _ => new CancellationTokenSource());

    /// <summary>The run is over, or nobody waits for it any more: stop its blocks, leave its messages undone, forget what was kept for it.</summary>
    public void Forget(string runId)
    {
        if (_open.TryRemove(runId, out var running)) running.Cancel();
        _contexts.TryRemove(runId, out _);
        foreach (var key in _folds.Keys.Where(k => string.Equals(k.Run, runId, StringComparison.Ordinal))) _folds.TryRemove(key, out _);
    }

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

    private CancellationToken? Wanted(string runId) => _open.TryGetValue(runId, out var running) ? running.Token : null;

    private async Task<RunContext> ReadContextAsync(string runId, CancellationToken cancellation)
    {
        var run = await _runs.FindAsync(runId, cancellation) ?? throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run");
        var dataset = run.DatasetId ?? throw new ForecastException("run-without-data", $"run '{runId}' has no stored data", "run");
        var panel = await _datasets.ReadPanelAsync(dataset, null, cancellation);
        var items = await _runs.ItemsAsync(runId, cancellation);
        return new RunContext(run, panel, HostingJson.Read<Backtest.Results.RunSpec>(run.SpecJson), items.ToDictionary(i => i.Key, i => HostingJson.Read<Backtest.Results.WorkItem>(i.PayloadJson), StringComparer.Ordinal));
    }
}
