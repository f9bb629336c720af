using System.Globalization;
using Forecast.Store.Database;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Lineage;

internal sealed class LineageStore(StoreDatabase database, IClock clock, string? tenant = null) : ILineageStore
{
    private const string Select = $"SELECT {ModelVersionRow.Columns} FROM model_versions";

    // A global model leaves one fold and one fit for all series of its item, under the name of the first: so the item leads to them.
    private const string Prediction = """
        SELECT p.cutoff AS Cutoff, f.fit_cutoff AS FitCutoff, x.seed AS FitSeed, r.dataset_id AS DatasetId, r.data_hash AS DataHash, r.seed AS Seed,
               coalesce(w.device, r.device) AS Device, r.engine AS Engine
        FROM predictions p
        JOIN runs r ON r.id = p.run_id
        JOIN work_items w ON w.run_id = p.run_id AND w.position = p.item_position
        LEFT JOIN folds f ON f.run_id = p.run_id AND f.model = p.model AND f.item_position = p.item_position AND f.cutoff = p.cutoff
        LEFT JOIN fits x ON x.run_id = p.run_id AND x.item_position = p.item_position AND x.model = p.model AND x.fit_cutoff = f.fit_cutoff
        WHERE p.run_id = @RunId AND p.model = @Model AND p.series_id = @Series AND p.fold = @fold AND (@tenant IS NULL OR r.tenant = @tenant)
        ORDER BY CASE WHEN f.series_id = p.series_id THEN 0 ELSE 1 END, CASE WHEN x.series_id = p.series_id THEN 0 ELSE 1 END
        """;

    private static readonly string[] ForecastColumns = ["id", "model_version_id", "series_id", "cutoff", "data_hash", "seed", "device", "engine", "task", "created_at"];

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    private string Prefix => Tenant.Prefix(tenant ?? "");

    private string OwnName => tenant is null ? "" : "AND substr(name, 1, length(@prefix)) = @prefix";

    public Task<StoredModelVersion> RegisterAsync(NewModelVersion version, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        StoredText.Named(version.Name, "name");
        return database.WriteAsync(
            async session =>
            {
                var id = NewId.Next();
                await ModelVersionWriter.InsertAsync(session, id, Owned(version), Now);
                return (await session.FirstAsync<ModelVersionRow>($"{Select} WHERE id = @id", new { id }))!.ToVersion();
            },
            cancellation);
    }

    public Task RecordBatchAsync(IReadOnlyList<KeyedModelVersion> versions, IReadOnlyList<KeyedForecast> forecasts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(forecasts);
        return database.WriteAsync(
            async session =>
            {
                foreach (var (id, version) in versions) await ModelVersionWriter.InsertAsync(session, id, Owned(version), Now);
                var known = versions.Select(v => v.Id).ToHashSet(StringComparer.Ordinal);
                foreach (var id in forecasts.Select(f => f.Forecast.ModelVersionId).Where(known.Add)) await ModelVersionWriter.RequireAsync(session, "model_versions", id, "model version");

                // The first row tells whether this batch was written before: a transaction writes all or nothing.
                if (forecasts.Count > 0 && await session.FirstAsync<long>("SELECT count(*) FROM forecasts WHERE id = @Id", new { forecasts[0].Id }) > 0) return;
                await session.BulkInsertAsync("forecasts", ForecastColumns, forecasts.Select(Row));
            },
            cancellation);
    }

    public Task<StoredModelVersion?> FindAsync(string name, int? version = null, CancellationToken cancellation = default) => database.ReadAsync(
        async session =>
        {
            var row = version is { } number
                ? await session.FirstAsync<ModelVersionRow>($"{Select} WHERE name = @full AND version = @number", new { full = Full(name), number = (long)number })
                : await session.FirstAsync<ModelVersionRow>($"{Select} WHERE name = @full ORDER BY version DESC LIMIT 1", new { full = Full(name) });
            return row?.ToVersion();
        },
        cancellation);

    public Task<IReadOnlyList<StoredModelVersion>> VersionsAsync(string name, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StoredModelVersion>>(
        async session => [.. (await session.QueryAsync<ModelVersionRow>($"{Select} WHERE name = @full ORDER BY version DESC", new { full = Full(name) })).Select(r => r.ToVersion())],
        cancellation);

    public Task<byte[]> ArchiveAsync(string modelVersionId, CancellationToken cancellation = default) => database.ReadAsync(
        async session => await session.FirstAsync<byte[]>($"SELECT archive FROM model_versions WHERE id = @modelVersionId {OwnName}", new { modelVersionId, prefix = Prefix })
            ?? throw ModelVersionWriter.Unknown("model version", modelVersionId),
        cancellation);

    public Task<string> RecordAsync(NewForecast forecast, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        return database.WriteAsync(
            async session =>
            {
                await ModelVersionWriter.RequireAsync(session, "model_versions", forecast.ModelVersionId, "model version");
                var id = NewId.Next();
                await session.BulkInsertAsync("forecasts", ForecastColumns, [Row(new KeyedForecast(id, forecast, clock.GetCurrentInstant()))]);
                return id;
            },
            cancellation);
    }

    public Task<ForecastTrace> TraceAsync(string forecastId, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(forecastId);
        return database.ReadAsync(
            async session => (PredictionId.TryParse(forecastId) is { } key ? await OfPredictionAsync(session, forecastId, key) : await OfForecastAsync(session, forecastId))
                ?? throw ModelVersionWriter.Unknown("forecast", forecastId),
            cancellation);
    }

    private string Full(string name) => Tenant.Qualify(tenant ?? Tenant.Default, name);

    private NewModelVersion Owned(NewModelVersion version) => tenant is null ? version : version with { Tenant = tenant };

    private static object?[] Row(KeyedForecast entry)
    {
        var f = entry.Forecast;
        return
        [
            entry.Id, f.ModelVersionId, StoredText.Checked(f.Series, "series"), Micros.Exact(f.Cutoff, "cutoff", f.Series), f.DataHash,
            f.Seed.ToString(CultureInfo.InvariantCulture), f.Device, f.Engine, StoredText.Checked(f.TaskJson, "task"), Micros.Floor(entry.At),
        ];
    }

    private async Task<ForecastTrace?> OfPredictionAsync(StoreSession session, string forecastId, PredictionId key)
    {
        var row = await session.FirstAsync<TraceRow>(Prediction, new { key.RunId, key.Model, key.Series, fold = (long)key.Fold, tenant });
        return row is null ? null : row.ToTrace(forecastId, key.Model, key.Series) with { RunId = key.RunId };
    }

    private async Task<ForecastTrace?> OfForecastAsync(StoreSession session, string forecastId)
    {
        var row = await session.FirstAsync<TraceRow>(
            """
            SELECT model_version_id AS ModelVersionId, series_id AS Series, cutoff AS Cutoff, data_hash AS DataHash, seed AS Seed, device AS Device, engine AS Engine
            FROM forecasts WHERE id = @forecastId
            """,
            new { forecastId });
        if (row is null) return null;
        var version = (await session.FirstAsync<ModelVersionRow>($"{Select} WHERE id = @ModelVersionId {OwnName}", new { row.ModelVersionId, prefix = Prefix }))?.ToVersion();
        if (version is null) return null;  // another tenant's
        return row.ToTrace(forecastId, version.Model, row.Series) with
        {
            ModelVersion = version,
            RunId = version.RunId,
            DatasetId = version.DatasetId,
            FitCutoff = version.FitCutoff,
            FitSeed = version.Seed,
        };
    }

    private sealed class TraceRow
    {
        public string ModelVersionId { get; init; } = "";

        public string Series { get; init; } = "";

        public long Cutoff { get; init; }

        public long? FitCutoff { get; init; }

        public string? FitSeed { get; init; }

        public string? DatasetId { get; init; }

        public string DataHash { get; init; } = "";

        public string Seed { get; init; } = "";

        public string Device { get; init; } = "";

        public string Engine { get; init; } = "";

        public ForecastTrace ToTrace(string forecastId, string model, string series) => new()
        {
            ForecastId = forecastId,
            Model = model,
            Series = series,
            Cutoff = Micros.ToInstant(Cutoff),
            FitCutoff = Micros.ToInstant(FitCutoff),
            FitSeed = FitSeed is null ? null : ulong.Parse(FitSeed, CultureInfo.InvariantCulture),
            DatasetId = DatasetId,
            DataHash = DataHash,
            Seed = ulong.Parse(Seed, CultureInfo.InvariantCulture),
            Device = Device,
            Engine = Engine,
        };
    }
}
