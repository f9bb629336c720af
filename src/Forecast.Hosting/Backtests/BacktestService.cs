using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Backtest.Strategies;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Queues;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store.Datasets;
using Forecast.Store.Runs;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Hosting.Backtests;

/// <summary>Whose a run is, and where its data are stored.</summary>
public sealed record RunOwner(string Tenant, string DatasetId);

/// <summary>
/// Back-tests from plan to result. A run and all its work items are stored in one transaction before anything is computed; what
/// is shown at the end is always read back from the store, so that an undisturbed run and a resumed one take the same way.
/// </summary>
public sealed class BacktestService : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PollBroker = TimeSpan.FromMilliseconds(250);

    private readonly IDatasetStore _datasets;
    private readonly IRunStore _runs;
    private readonly IWorkQueue _queue;
    private readonly ModelCatalogue _catalogue;
    private readonly StorePatience _patience;
    private readonly RunContexts _contexts;
    private readonly Lazy<WorkerPool> _pool;

    /// <param name="datasets">Where panels are kept.</param>
    /// <param name="runs">Where runs are kept.</param>
    /// <param name="queue">How work reaches workers.</param>
    /// <param name="catalogue">The models.</param>
    /// <param name="workers">Work items done at once in this process; of no account where a broker hands them out.</param>
    /// <param name="patience">How long a store that does not answer is waited for, and who is told.</param>
    public BacktestService(IDatasetStore datasets, IRunStore runs, IWorkQueue queue, ModelCatalogue catalogue, int workers, StorePatience patience)
    {
        _datasets = datasets;
        _runs = runs;
        _queue = queue;
        _catalogue = catalogue;
        _patience = patience;
        _contexts = new RunContexts(datasets, runs, patience);
        _pool = new Lazy<WorkerPool>(() => new WorkerPool(_contexts, runs, queue, QueueOf("cpu"), catalogue, workers, patience));
    }

    /// <summary>How long a run on a broker may stand still until somebody looks whether its messages were lost.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Stores the data and the run with its work.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="spec">What to do.</param>
    /// <param name="runId">An id of the caller's choice, or null. A run of that id that asks the same of the same data is gone on with.</param>
    /// <param name="command">The command line, for the lineage.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="owner">Whose run it is, of data that are stored already; null = the default tenant's, and the data are stored now.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="ForecastException">A model, plan or series at fault, or a run of that id that asks something else.</exception>
    public async Task<string> CreateAsync(Panel panel, RunSpec spec, string? runId, string command, CancellationToken cancellation, RunOwner? owner = null)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        CheckId(runId);
        if (spec.Models.Distinct(StringComparer.Ordinal).Count() < spec.Models.Count)
            throw new ForecastException("models-duplicate", $"model '{spec.Models.GroupBy(m => m, StringComparer.Ordinal).First(g => g.Count() > 1).Key}' stands twice in the list", "models");
        StrategyRunner.Require(panel, spec);
        IForecaster[] forecasters = [.. spec.Models.Select(_catalogue.Create)];
        var engines = forecasters.Select(f => f.EngineOn(spec.Device)).OfType<string>().Distinct(StringComparer.Ordinal);
        var items = FoldSchedule.Build(panel, spec, forecasters);
        var specJson = HostingJson.Write(spec);
        if (runId is not null && await _runs.FindAsync(runId, cancellation) is { } existing)
        {
            return string.Equals(existing.SpecJson, specJson, StringComparison.Ordinal) && string.Equals(existing.DataHash, panel.DataHash, StringComparison.Ordinal)
                ? runId
                : throw new ForecastException("run-differs", $"run '{runId}' exists and asks something else, or of other data; go on with it by --run {runId} alone, or choose another id", "run");
        }

        var datasetId = owner?.DatasetId ?? (await _datasets.ImportAsync($"run:{spec.Data}", panel, cancellation)).Id;
        return await _runs.CreateAsync(
            new NewRun
            {
                Id = runId,
                SpecJson = specJson,
                DataName = spec.Data,
                DataHash = panel.DataHash,
                Tenant = owner?.Tenant ?? Tenant.Default,
                DatasetId = datasetId,
                Seed = spec.Seed,
                Device = spec.Device,
                Engine = string.Join("; ", engines.Prepend(EngineVersion.Current)),
                Threads = 1,
                Command = command,
                Items = [.. items.Select(i => new NewWorkItem(i.Key, HostingJson.Write(i)))],
                Queue = _queue.IsDurable ? QueueOf(spec.Device) : null,
            },
            cancellation);
    }

    /// <exception cref="ForecastException">There is no such run.</exception>
    public async Task RequireAsync(string runId, CancellationToken cancellation)
    {
        if (await _runs.FindAsync(runId, cancellation) is null) throw new ForecastException("run-unknown", $"there is no run '{runId}'", "run");
    }

    /// <summary>Does what is not done yet, and puts the result together.</summary>
    /// <exception cref="ForecastException">No such run.</exception>
    /// <exception cref="InvalidOperationException">Work was given up after several attempts.</exception>
    public async Task<BacktestResult> RunAsync(string runId, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var context = await _contexts.GetAsync(runId, cancellation);
        try
        {
            if (context.Run.Status != RunStatus.Finished)
            {
                await AskAsync(runId, () => _runs.StartAsync(runId, cancellation), cancellation);
                await (_queue.IsDurable ? AwaitAsync(context, progress, cancellation) : WorkAsync(context, progress, cancellation));
            }

            return await FinishAsync(context, cancellation);
        }
        finally
        {
            _contexts.Forget(runId);
            if (_pool.IsValueCreated) _pool.Value.Forget(runId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pool.IsValueCreated) await _pool.Value.DisposeAsync();
    }

    private static void CheckId(string? runId)
    {
        if (runId is null) return;
        if (runId.Length is 0 or > 100 || runId.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) || runId[0] == '.')
            throw new ForecastException("run-id-invalid", $"run id '{runId}' is not 1 to 100 letters, digits, '-', '_' or '.'", "run");
    }

    /// <summary>What a worker must be able to do for a device.</summary>
    private static string QueueOf(string device) => device.StartsWith("cuda", StringComparison.Ordinal) ? "gpu" : "cpu";

    /// <summary>Waits while workers, wherever they are, do the run's items; a folds' share is told by its items.</summary>
    private async Task AwaitAsync(RunContext context, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        var runId = context.Run.Id;
        var folds = context.Items.Values.Sum(i => i.Folds.Count);
        var (pending, since, wait) = (-1, TimeProvider.System.GetTimestamp(), Quiet);
        while (await AskAsync(runId, () => _runs.ProgressAsync(runId, cancellation), cancellation) is { Pending: > 0 } now)
        {
            progress.Report(new RunProgress(folds, (int)((long)folds * now.Done / Math.Max(1, now.Total)), 0));
            if (now.Pending != pending) (pending, since, wait) = (now.Pending, TimeProvider.System.GetTimestamp(), Quiet);
            else if (TimeProvider.System.GetElapsedTime(since) > wait && await ResendAsync(context.Run, wait > 4 * Quiet ? wait : 4 * Quiet, cancellation)) wait *= 2;
            await Task.Delay(PollBroker, cancellation);
        }

        progress.Report(new RunProgress(folds, folds, 0));
    }

    /// <summary>
    /// Sends messages again that the broker must have lost: its queue is empty, and items wait that nobody has begun, or whose worker has
    /// been silent for long. A message too many changes nothing, and costs the time of a worker that has nothing else to do.
    /// </summary>
    /// <returns>False when the broker could not be asked.</returns>
    private async Task<bool> ResendAsync(StoredRun run, TimeSpan silent, CancellationToken cancellation)
    {
        try
        {
            if (await _queue.WaitingAsync(QueueOf(run.Device), cancellation) > 0) return true;
        }
        catch (ForecastException e) when (RabbitQueue.MayPass(e))
        {
            return false;
        }

        var again = await AskAsync(run.Id, () => _runs.ResendAsync(run.Id, Duration.FromTimeSpan(silent), cancellation), cancellation);
        if (again > 0) _patience.Tell($"run '{run.Id}': {again} items wait and the broker knows nothing of them; they are sent again", new ForecastException("broker-queue-lost", "messages were lost", "broker"));
        return true;
    }

    private async Task WorkAsync(RunContext context, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        var runId = context.Run.Id;
        _pool.Value.Open(runId);
        var pending = await AskAsync(runId, () => _runs.PendingItemsAsync(runId, cancellation), cancellation);
        var open = pending.Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        var total = context.Items.Values.Sum(i => i.Folds.Count);
        var committed = context.Items.Values.Where(i => !open.Contains(i.Key)).Sum(i => i.Folds.Count);
        await _queue.PublishAsync(QueueOf("cpu"), [.. pending.Select(i => new WorkMessage(runId, i.Key))], cancellation);
        var breakdown = _pool.Value.Breakdown();
        while ((await AskAsync(runId, () => _runs.ProgressAsync(runId, cancellation), cancellation)).Pending > 0)
        {
            progress.Report(new RunProgress(total, committed + open.Sum(key => _pool.Value.FoldsDone(runId, key)), _pool.Value.Count));
            if (await Task.WhenAny(breakdown, Task.Delay(Poll, cancellation)) == breakdown) await await breakdown;
        }

        progress.Report(new RunProgress(total, total, _pool.Value.Count));
    }

    private async Task<BacktestResult> FinishAsync(RunContext context, CancellationToken cancellation)
    {
        var run = context.Run;
        var blocks = await AskAsync(run.Id, () => _runs.BlocksAsync(run.Id, cancellation), cancellation);
        if (blocks.Count < context.Items.Count) await GiveUpAsync(run.Id, cancellation);
        var lineage = new Lineage
        {
            RunId = run.Id,
            CreatedAt = run.CreatedAt,
            Engine = run.Engine,
            Device = run.Device,
            Threads = run.Threads,
            Seed = run.Seed,
            Command = run.Command,
        };
        var results = blocks.Select(b => BlockMapping.FromStore(context.Items[b.Item.Key], b.Block, context.Spec)).ToArray();
        var result = ResultAssembler.Assemble(context.Panel, context.Spec, results, lineage);
        var outcome = new RunOutcome
        {
            PredictionsHash = result.PredictionsHash,
            Metrics = [.. result.Metrics.Select(m => new StoredMetric(m.Model, m.Series, m.Name, m.Value, m.Count, m.Note))],
            CertificateJson = HostingJson.Write(CertificateSummary.Of(result.Certificate)),
        };
        await AskAsync(run.Id, () => _runs.FinishAsync(run.Id, outcome, cancellation), cancellation);
        return result;
    }

    private Task<T> AskAsync<T>(string runId, Func<Task<T>> call, CancellationToken cancellation) => _patience.AskAsync($"run '{runId}'", call, cancellation);

    private Task AskAsync(string runId, Func<Task> call, CancellationToken cancellation) => _patience.AskAsync($"run '{runId}'", call, cancellation);

    private async Task GiveUpAsync(string runId, CancellationToken cancellation)
    {
        var failed = (await _runs.ItemsAsync(runId, cancellation)).First(i => i.State == WorkItemState.Failed);
        var message = $"run '{runId}': work item '{failed.Key}' was given up after {failed.Attempts} attempts: {failed.ErrorMessage}";
        await _runs.FailAsync(runId, failed.ErrorCode ?? "defect", message, cancellation);
        throw new InvalidOperationException(message);
    }
}
