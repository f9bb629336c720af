using Forecast.Core;

namespace Forecast.Store.Lineage;

/// <summary>Which model made a forecast, from which run, data, seed and device.</summary>
public interface ILineageStore
{
    /// <summary>Keeps a fitted model as the next version of its name.</summary>
    /// <exception cref="ForecastException">A blank name, an unknown run or dataset.</exception>
    Task<StoredModelVersion> RegisterAsync(NewModelVersion version, CancellationToken cancellation = default);

    /// <summary>A version of a name (null = the newest), or null if there is none.</summary>
    Task<StoredModelVersion?> FindAsync(string name, int? version = null, CancellationToken cancellation = default);

    /// <summary>All versions of a name, newest first.</summary>
    Task<IReadOnlyList<StoredModelVersion>> VersionsAsync(string name, CancellationToken cancellation = default);

    /// <summary>The saved parameters of a version.</summary>
    /// <exception cref="ForecastException">No such version.</exception>
    Task<byte[]> ArchiveAsync(string modelVersionId, CancellationToken cancellation = default);

    /// <summary>Records a forecast that is given out.</summary>
    /// <returns>The forecast's id.</returns>
    /// <exception cref="ForecastException">No such version, or a cutoff finer than a microsecond.</exception>
    Task<string> RecordAsync(NewForecast forecast, CancellationToken cancellation = default);

    /// <summary>
    /// Registers fitted models and records forecasts under ids that were given out already, all in one transaction. What stands under
    /// such an id stays as it is, so that a batch may be written again.
    /// </summary>
    /// <exception cref="ForecastException">A blank name, an unknown run or dataset, a forecast of a version that is neither in the batch nor stored.</exception>
    Task RecordBatchAsync(IReadOnlyList<KeyedModelVersion> versions, IReadOnlyList<KeyedForecast> forecasts, CancellationToken cancellation = default);

    /// <summary>Where a forecast came from.</summary>
    /// <param name="forecastId">An id that <see cref="RecordAsync"/> gave, or a <see cref="PredictionId"/> of a back-test.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">No such forecast.</exception>
    Task<ForecastTrace> TraceAsync(string forecastId, CancellationToken cancellation = default);
}
