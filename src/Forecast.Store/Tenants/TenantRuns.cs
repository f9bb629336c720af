using Forecast.Core;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Store.Tenants;

/// <summary>Runs of one tenant: each way to a run first asks whose it is. Work on runs is the platform's.</summary>
internal sealed class TenantRuns(RunStore runs, string tenant) : IRunStore
{
    public Task<string> CreateAsync(NewRun run, CancellationToken cancellation = default) => runs.CreateAsync(run with { Tenant = tenant }, cancellation);

    public Task<StoredRun?> FindAsync(string runId, CancellationToken cancellation = default) => runs.FindAsync(runId, cancellation);

    public Task<Paged<StoredRun>> ListAsync(PageRequest? page = null, IReadOnlyCollection<RunStatus>? statuses = null, CancellationToken cancellation = default) =>
        runs.ListAsync(page, statuses, cancellation);

    public Task<IReadOnlyList<StoredWorkItem>> PendingItemsAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.PendingItemsAsync(runId, cancellation), cancellation);

    public Task<IReadOnlyList<StoredWorkItem>> ItemsAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.ItemsAsync(runId, cancellation), cancellation);

    public Task<IReadOnlyList<StoredBlock>> BlocksAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.BlocksAsync(runId, cancellation), cancellation);

    public Task<RunProgress> ProgressAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.ProgressAsync(runId, cancellation), cancellation);

    public Task<RunContents> ReadAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.ReadAsync(runId, cancellation), cancellation);

    public Task<IReadOnlyList<StoredPrediction>> PredictionsAsync(string runId, IReadOnlyCollection<string>? models = null, IReadOnlyCollection<string>? series = null, CancellationToken cancellation = default) =>
        OwnAsync(runId, () => runs.PredictionsAsync(runId, models, series, cancellation), cancellation);

    public Task<IReadOnlyList<StoredFailure>> FailuresAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.FailuresAsync(runId, cancellation), cancellation);

    public Task<IReadOnlyList<StoredMetric>> MetricsAsync(string runId, CancellationToken cancellation = default) => OwnAsync(runId, () => runs.MetricsAsync(runId, cancellation), cancellation);

    public Task StartAsync(string runId, CancellationToken cancellation = default) => throw Work();

    public Task<int?> StartItemAsync(string runId, string itemKey, string worker, CancellationToken cancellation = default) => throw Work();

    public Task<bool> FailItemAsync(string runId, string itemKey, string code, string message, CancellationToken cancellation = default) => throw Work();

    public Task<bool> CommitBlockAsync(string runId, string itemKey, BlockRecord block, CancellationToken cancellation = default) => throw Work();

    public Task<bool> FinishAsync(string runId, RunOutcome outcome, CancellationToken cancellation = default) => throw Work();

    public Task<bool> FailAsync(string runId, string code, string message, CancellationToken cancellation = default) => throw Work();

    public Task<bool> CancelAsync(string runId, CancellationToken cancellation = default) => throw Work();

    public Task<int> ResendAsync(string runId, Duration silent, CancellationToken cancellation = default) => throw Work();

    private async Task<T> OwnAsync<T>(string runId, Func<Task<T>> read, CancellationToken cancellation) =>
        await runs.FindAsync(runId, cancellation) is null ? throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run") : await read();

    private static InvalidOperationException Work() => new("work on runs is done by the platform, not by tenants");
}
