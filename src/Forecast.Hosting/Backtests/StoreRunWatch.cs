using System.Collections.Concurrent;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>
/// Asks the store which runs are wanted: other processes start and stop them. While a run's item is at hand, its status is looked up
/// about once a second, so that a cancelled run stops within seconds everywhere.
/// </summary>
internal sealed class StoreRunWatch(IRunStore runs, StorePatience patience) : IRunWatch, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<Watched>> _watched = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    public async ValueTask<CancellationToken?> WantedAsync(string runId, CancellationToken cancellation)
    {
        if (_watched.TryGetValue(runId, out var known) && !known.Value.Source.IsCancellationRequested) return known.Value.Touch();
        if (!await IsWantedAsync(runId, cancellation)) return null;
        return _watched.AddOrUpdate(
            runId,
            id => new Lazy<Watched>(() => new Watched(id, this)),
            (id, old) => old.Value.Source.IsCancellationRequested ? new Lazy<Watched>(() => new Watched(id, this)) : old).Value.Touch();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watched.Values.Where(w => w.IsValueCreated).Select(w => w.Value.Watching));
        _stop.Dispose();
    }

    private async Task<bool> IsWantedAsync(string runId, CancellationToken cancellation) =>
        await patience.AskAsync($"run '{runId}'", () => runs.FindAsync(runId, cancellation), cancellation) is { Status: RunStatus.Created or RunStatus.Running };

    /// <summary>A run with work in this process.</summary>
    private sealed class Watched
    {
        private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

        private readonly StoreRunWatch _watch;
        private readonly string _runId;
        private long _touched;

        public Watched(string runId, StoreRunWatch watch)
        {
            (_runId, _watch) = (runId, watch);
            Touch();
            Watching = Task.Run(WatchAsync);
        }

        public CancellationTokenSource Source { get; } = new();

        public Task Watching { get; }

        public CancellationToken Touch()
        {
            Volatile.Write(ref _touched, TimeProvider.System.GetTimestamp());
            return Source.Token;
        }

        private async Task WatchAsync()
        {
            var stop = _watch._stop.Token;
            try
            {
                do await Task.Delay(Interval, stop);
                while (TimeProvider.System.GetElapsedTime(Volatile.Read(ref _touched)) < Forgotten && await _watch.IsWantedAsync(_runId, stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return; // the process ends; its workers hear of it by themselves
            }

            await Source.CancelAsync();
            _watch._watched.TryRemove(_runId, out _);
        }
    }
}
