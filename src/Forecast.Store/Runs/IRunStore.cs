using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Runs;

/// <summary>Runs and their work: created once, committed block by block, resumed after a kill.</summary>
/// <remarks>An unknown run or item is a <see cref="ForecastException"/> (<c>run-unknown</c>, <c>work-item-unknown</c>) everywhere.</remarks>
public interface IRunStore
{
    /// <summary>Stores a run and all its items in one transaction.</summary>
    /// <returns>The run's id.</returns>
    /// <exception cref="ForecastException">An id that is taken, an item key that stands twice, an unknown dataset.</exception>
    Task<string> CreateAsync(NewRun run, CancellationToken cancellation = default);

    /// <summary>The run, or null.</summary>
    Task<StoredRun?> FindAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Runs, latest first.</summary>
    Task<Paged<StoredRun>> ListAsync(PageRequest? page = null, IReadOnlyCollection<RunStatus>? statuses = null, CancellationToken cancellation = default);

    /// <summary>Marks the run as running; one that failed or was cancelled goes on where it stopped: its failed items become pending, and all pending ones are sent again.</summary>
    /// <exception cref="ForecastException">The run is finished.</exception>
    Task StartAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Items not yet done or given up, in the run's order.</summary>
    Task<IReadOnlyList<StoredWorkItem>> PendingItemsAsync(string runId, CancellationToken cancellation = default);

    /// <summary>All items, in the run's order.</summary>
    Task<IReadOnlyList<StoredWorkItem>> ItemsAsync(string runId, CancellationToken cancellation = default);

    /// <summary>What was committed so far, block by block in the run's order.</summary>
    Task<IReadOnlyList<StoredBlock>> BlocksAsync(string runId, CancellationToken cancellation = default);

    Task<RunProgress> ProgressAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Counts an attempt at an item that is about to be worked on.</summary>
    /// <returns>The number of this attempt, from 1; null when the item is done already.</returns>
    Task<int?> StartItemAsync(string runId, string itemKey, string worker, CancellationToken cancellation = default);

    /// <summary>Gives an item up.</summary>
    /// <returns>False when it is done already, which stays so.</returns>
    Task<bool> FailItemAsync(string runId, string itemKey, string code, string message, CancellationToken cancellation = default);

    /// <summary>Writes predictions, folds, fits, failures and the end of the item in one transaction.</summary>
    /// <returns>False, and nothing changed, when the item was committed before.</returns>
    /// <exception cref="ForecastException">
    /// Arrays of unlike length, a time finer than a microsecond, or a (model, series, fold) that another item has committed.
    /// </exception>
    Task<bool> CommitBlockAsync(string runId, string itemKey, BlockRecord block, CancellationToken cancellation = default);

    /// <summary>Stores metrics and closes the run.</summary>
    /// <returns>False, and nothing changed, when it was finished with the same predictions hash before.</returns>
    /// <exception cref="ForecastException">An item is not done, or the run was finished with another hash.</exception>
    Task<bool> FinishAsync(string runId, RunOutcome outcome, CancellationToken cancellation = default);

    /// <summary>Records why the run stopped.</summary>
    /// <returns>False when the run is finished, which stays so.</returns>
    Task<bool> FailAsync(string runId, string code, string message, CancellationToken cancellation = default);

    /// <summary>Records that the run was stopped on request.</summary>
    /// <returns>False when the run is finished, which stays so.</returns>
    Task<bool> CancelAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Adds the messages of pending items to the outbox again that nobody has begun, or not for some time.</summary>
    /// <returns>How many messages were added.</returns>
    Task<int> ResendAsync(string runId, Duration silent, CancellationToken cancellation = default);

    /// <summary>All that was committed so far, at one moment.</summary>
    Task<RunContents> ReadAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Predictions of some models and series.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="models">Model strings; null = all.</param>
    /// <param name="series">Series ids; null = all.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<StoredPrediction>> PredictionsAsync(string runId, IReadOnlyCollection<string>? models = null, IReadOnlyCollection<string>? series = null, CancellationToken cancellation = default);

    /// <summary>Series and cutoffs that gave no forecast, among what was committed so far.</summary>
    Task<IReadOnlyList<StoredFailure>> FailuresAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Scores of a finished run.</summary>
    Task<IReadOnlyList<StoredMetric>> MetricsAsync(string runId, CancellationToken cancellation = default);
}
