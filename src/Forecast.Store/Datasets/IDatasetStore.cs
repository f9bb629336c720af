using Forecast.Core;
using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Store.Datasets;

/// <summary>A panel in the store, under one of its names.</summary>
/// <param name="Id">Derived from the content: the same content has the same id in every store.</param>
/// <param name="Name">The name it was asked for by, or its latest.</param>
/// <param name="Version">How many contents the name has had, from 1.</param>
/// <param name="DataHash"><see cref="Panel.DataHash"/>.</param>
/// <param name="ContentHash">SHA-256 over the data hash and all units.</param>
/// <param name="Frequency">Frequency code.</param>
/// <param name="Calendar">Calendar that all series share; null if they differ.</param>
/// <param name="SeriesCount">Series.</param>
/// <param name="RowCount">Rows of all series together.</param>
/// <param name="CreatedAt">When the content was first stored.</param>
public sealed record StoredDataset(string Id, string Name, int Version, string DataHash, string ContentHash, string Frequency, string? Calendar, int SeriesCount, long RowCount, Instant CreatedAt);

/// <summary>A series of a dataset, without its values.</summary>
/// <param name="Id">Series id.</param>
/// <param name="Unit">Unit of its first target.</param>
/// <param name="Calendar">Calendar name.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Columns">Its columns in order.</param>
public sealed record StoredSeries(string Id, string? Unit, string Calendar, int RowCount, IReadOnlyList<StoredColumn> Columns);

/// <summary>A column of a stored series.</summary>
public sealed record StoredColumn(string Name, ColumnRole Role, string? Unit);

/// <summary>Panels: written once, found by name, id or content, read back bit for bit.</summary>
public interface IDatasetStore
{
    /// <summary>Stores a panel under a name. Content that is there already is not stored again; a name that had other content gets a version more.</summary>
    /// <exception cref="ForecastException">A blank name, a text that cannot be stored, or a time finer than a microsecond.</exception>
    Task<StoredDataset> ImportAsync(string name, Panel panel, CancellationToken cancellation = default);

    /// <summary>The dataset that a name points to now (or, with <paramref name="version"/>, pointed to), or that has this id; null if there is none.</summary>
    Task<StoredDataset?> FindAsync(string nameOrId, int? version = null, CancellationToken cancellation = default);

    /// <summary>The newest content of every name, latest first.</summary>
    Task<Paged<StoredDataset>> ListAsync(PageRequest? page = null, CancellationToken cancellation = default);

    /// <summary>What series a dataset has.</summary>
    /// <exception cref="ForecastException">No such dataset.</exception>
    Task<IReadOnlyList<StoredSeries>> SeriesAsync(string datasetId, CancellationToken cancellation = default);

    /// <summary>The panel as it was imported; its hash is checked against the one stored.</summary>
    /// <param name="datasetId">Id, not name.</param>
    /// <param name="series">Ids of the series wanted, in their order in the panel; null = all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">No such dataset or series, or content that does not match its hash.</exception>
    Task<Panel> ReadPanelAsync(string datasetId, IReadOnlyCollection<string>? series = null, CancellationToken cancellation = default);
}
