using System.Collections.Concurrent;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Serialization;
using Forecast.Store.Datasets;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>What a worker needs to know of a run, read once.</summary>
internal sealed record RunContext(StoredRun Run, Panel Panel, RunSpec Spec, IReadOnlyDictionary<string, WorkItem> Items);

/// <summary>Contexts of runs, each read from the store once for all workers of the process; the ones not used for longest are let go.</summary>
internal sealed class RunContexts(IDatasetStore datasets, IRunStore runs, StorePatience patience, int most = int.MaxValue)
{
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>The context of a run; a reading that failed is not kept.</summary>
    /// <exception cref="ForecastException">No such run, or one without data.</exception>
    public async Task<RunContext> GetAsync(string runId, CancellationToken cancellation)
    {
        // Not the caller's token: others may wait for the same reading.
        var kept = _kept.GetOrAdd(runId, id => new Kept(new Lazy<Task<RunContext>>(() => patience.AskAsync($"run '{id}'", () => ReadAsync(id, CancellationToken.None), CancellationToken.None))));
        kept.Used = Interlocked.Increment(ref _clock);
        try
        {
            var context = await kept.Reading.Value.WaitAsync(cancellation);
            while (_kept.Count > most && _kept.MinBy(k => k.Value.Used) is var oldest && !string.Equals(oldest.Key, runId, StringComparison.Ordinal)) _kept.TryRemove(oldest);
            return context;
        }
        finally
        {
            if (kept.Reading.Value.IsFaulted) _kept.TryRemove(new KeyValuePair<string, Kept>(runId, kept));
        }
    }

    public void Forget(string runId) => _kept.TryRemove(runId, out _);

    private async Task<RunContext> ReadAsync(string runId, CancellationToken cancellation)
    {
        var run = await runs.FindAsync(runId, cancellation) ?? throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run");
        var dataset = run.DatasetId ?? throw new ForecastException("run-without-data", $"run '{runId}' has no stored data", "run");
        var panel = await datasets.ReadPanelAsync(dataset, null, cancellation);
        var items = await runs.ItemsAsync(runId, cancellation);
        return new RunContext(run, panel, HostingJson.Read<RunSpec>(run.SpecJson), items.ToDictionary(i => i.Key, i => HostingJson.Read<WorkItem>(i.PayloadJson), StringComparer.Ordinal));
    }

    private sealed class Kept(Lazy<Task<RunContext>> reading)
    {
        private long _used;

        public Lazy<Task<RunContext>> Reading => reading;

        public long Used
        {
            get => Volatile.Read(ref _used);
            set => Volatile.Write(ref _used, value);
        }
    }
}
