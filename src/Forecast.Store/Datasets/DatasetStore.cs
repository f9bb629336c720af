using System.Security.Cryptography;
using System.Text.Json;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Store.Database;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Datasets;

internal sealed class DatasetStore(StoreDatabase database, IClock clock, string? tenant = null) : IDatasetStore
{
    private const string Select = """
        SELECT d.id AS Id, n.name AS Name, n.version AS Version, d.data_hash AS DataHash, d.content_hash AS ContentHash, d.frequency AS Frequency,
               d.calendar AS Calendar, d.series_count AS SeriesCount, d.row_count AS RowCount, d.created_at AS CreatedAt, n.created_at AS NamedAt
        FROM dataset_names n JOIN datasets d ON d.id = n.dataset_id
        """;

    private const string Newest = "n.version = (SELECT max(m.version) FROM dataset_names m WHERE m.name = n.name)";

    private string Prefix => Tenant.Prefix(tenant ?? Tenant.Default);

    // Without a tenant, ids lead to everything, names and lists to the default tenant's.
    private const string OwnName = "substr(n.name, 1, length(@prefix)) = @prefix";

    private string Own => tenant is null ? "" : $"AND {OwnName}";

    private string Full(string name) => Tenant.Qualify(tenant ?? Tenant.Default, name);

    public Task<StoredDataset> ImportAsync(string name, Panel panel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(panel);
        StoredText.Named(name, "name");
        var contentHash = ContentHash(panel);
        return database.WriteAsync(
            async session =>
            {
                var dataset = new
                {
                    Id = contentHash[..32],
                    ContentHash = contentHash,
                    panel.DataHash,
                    Frequency = panel.Frequency.Code,
                    Calendar = SharedCalendar(panel),
                    SeriesCount = (long)panel.Series.Count,
                    RowCount = panel.Series.Sum(s => (long)s.Length),
                    Now = Micros.Floor(clock.GetCurrentInstant()),
                };
                var added = await session.ExecuteAsync(
                    """
                    INSERT INTO datasets (id, content_hash, data_hash, frequency, calendar, series_count, row_count, created_at)
                    VALUES (@Id, @ContentHash, @DataHash, @Frequency, @Calendar, @SeriesCount, @RowCount, @Now)
                    ON CONFLICT DO NOTHING
                    """,
                    dataset);
                if (added == 1) await PanelWriter.WriteAsync(session, dataset.Id, panel);
                return await PointAsync(session, Full(name), dataset.Id, dataset.Now);
            },
            cancellation);
    }

    public Task<StoredDataset?> FindAsync(string nameOrId, int? version = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        var full = Full(nameOrId);
        return database.ReadAsync(
            async session =>
            {
                var row = version is { } wanted
                    ? await session.FirstAsync<Row>($"{Select} WHERE n.name = @full AND n.version = @wanted", new { full, wanted = (long)wanted })
                    : await session.FirstAsync<Row>($"{Select} WHERE n.name = @full ORDER BY n.version DESC LIMIT 1", new { full })
                        ?? await session.FirstAsync<Row>($"{Select} WHERE d.id = @nameOrId {Own} ORDER BY n.created_at DESC, n.name LIMIT 1", new { nameOrId, prefix = Prefix });
                return row is null ? null : Of(row);
            },
            cancellation);
    }

    public Task<Paged<StoredDataset>> ListAsync(PageRequest? page = null, CancellationToken cancellation = default)
    {
        var (limit, time, after) = (page ?? new PageRequest()).Read();
        return database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<Row>(
                    $"""
                    {Select} WHERE {Newest} AND (n.created_at < @time OR (n.created_at = @time AND n.name > @after)) AND {OwnName}
                    ORDER BY n.created_at DESC, n.name LIMIT @count
                    """,
                    new { time, after, prefix = Prefix, count = limit + 1 });
                var named = Paged<Row>.From(rows, limit, r => PageRequest.Cursor(r.NamedAt, r.Name));
                return new Paged<StoredDataset>([.. named.Items.Select(Of)], named.Next);
            },
            cancellation);
    }

    public Task<IReadOnlyList<StoredSeries>> SeriesAsync(string datasetId, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(datasetId);
        return database.ReadAsync(
            async session =>
            {
                await RequireAsync(session, datasetId);
                return await new PanelReader(session, datasetId).SeriesAsync();
            },
            cancellation);
    }

    public Task<Panel> ReadPanelAsync(string datasetId, IReadOnlyCollection<string>? series = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(datasetId);
        return database.ReadAsync(
            async session =>
            {
                var dataset = await RequireAsync(session, datasetId);
                var panel = await new PanelReader(session, datasetId).PanelAsync(database, Frequency.Parse(dataset.Frequency), series);
                if (series is null && !string.Equals(panel.DataHash, dataset.DataHash, StringComparison.Ordinal))
                    throw new ForecastException("store-corrupt", $"dataset {datasetId} reads back with hash {panel.DataHash}, but was stored with {dataset.DataHash}; restore a copy", "dataset");
                return panel;
            },
            cancellation);
    }

    // Content is kept once for all; whoever has no name for it does not know that it is there.
    private async Task<Row> RequireAsync(StoreSession session, string datasetId) =>
        await session.FirstAsync<Row>(
            $"SELECT id AS Id, data_hash AS DataHash, frequency AS Frequency FROM datasets d WHERE id = @datasetId {(tenant is null ? "" : $"AND EXISTS (SELECT 1 FROM dataset_names n WHERE n.dataset_id = d.id AND {OwnName})")}",
            new { datasetId, prefix = Prefix })
        ?? throw new ForecastException("dataset-unknown", $"there is no dataset with id '{datasetId}'", "dataset");

    // A name that already points here keeps its version.
    private async Task<StoredDataset> PointAsync(StoreSession session, string name, string datasetId, long now)
    {
        await session.LockAsync($"dataset/{name}");
        var head = await session.FirstAsync<Row>($"{Select} WHERE n.name = @name ORDER BY n.version DESC LIMIT 1", new { name });
        if (string.Equals(head?.Id, datasetId, StringComparison.Ordinal)) return Of(head!);
        await session.ExecuteAsync(
            "INSERT INTO dataset_names (name, version, dataset_id, created_at) VALUES (@name, @version, @datasetId, @now)",
            new { name, version = (head?.Version ?? 0) + 1, datasetId, now });
        return Of((await session.FirstAsync<Row>($"{Select} WHERE n.name = @name ORDER BY n.version DESC LIMIT 1", new { name }))!);
    }

    // Units are not part of the data hash, yet losing them would change what a reader is told.
    private static string ContentHash(Panel panel)
    {
        var units = panel.Series.Select(s => s.Columns.Select(c => StoredText.Optional(c.Unit, "unit")));
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { panel.DataHash, units })));
    }

    private static string? SharedCalendar(Panel panel)
    {
        var first = panel.Series[0].Calendar.Name;
        return panel.Series.All(s => string.Equals(s.Calendar.Name, first, StringComparison.Ordinal)) ? first : null;
    }

    /// <summary>A tenant is not told that the same content was stored by another before.</summary>
    private StoredDataset Of(Row row) => new(
        row.Id, Tenant.Bare(row.Name), (int)row.Version, row.DataHash, row.ContentHash, row.Frequency, row.Calendar, (int)row.SeriesCount, row.RowCount, Micros.ToInstant(tenant is null ? row.CreatedAt : row.NamedAt));

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public long Version { get; init; }

        public string DataHash { get; init; } = "";

        public string ContentHash { get; init; } = "";

        public string Frequency { get; init; } = "";

        public string? Calendar { get; init; }

        public long SeriesCount { get; init; }

        public long RowCount { get; init; }

        public long CreatedAt { get; init; }

        public long NamedAt { get; init; }
    }
}
