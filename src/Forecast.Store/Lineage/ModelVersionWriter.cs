using System.Globalization;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tenants;

namespace Forecast.Store.Lineage;

/// <summary>Writes a model version inside an open transaction, under the next number of its name.</summary>
internal static class ModelVersionWriter
{
    /// <exception cref="ForecastException">A blank name, an unknown run or dataset.</exception>
    public static async Task InsertAsync(StoreSession session, string id, NewModelVersion version, long now)
    {
        await RequireAsync(session, "runs", version.RunId, "run");
        await RequireAsync(session, "datasets", version.DatasetId, "dataset");
        var name = Tenant.Qualify(version.Tenant, StoredText.Named(version.Name, "name"));
        await session.LockAsync($"model/{name}");
        await session.ExecuteAsync(
            """
            INSERT INTO model_versions (id, name, version, model, run_id, dataset_id, data_hash, seed, device, engine, fit_cutoff, archive, created_at)
            VALUES (@id, @name, (SELECT coalesce(max(version), 0) + 1 FROM model_versions WHERE name = @name),
                    @model, @RunId, @DatasetId, @DataHash, @seed, @Device, @Engine, @fitCutoff, @Archive, @now)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                id,
                name,
                model = StoredText.Named(version.Model, "model"),
                version.RunId,
                version.DatasetId,
                version.DataHash,
                seed = version.Seed.ToString(CultureInfo.InvariantCulture),
                version.Device,
                version.Engine,
                fitCutoff = Micros.Exact(version.FitCutoff, "fitCutoff"),
                version.Archive,
                now,
            });
    }

    /// <exception cref="ForecastException">No such row.</exception>
    public static async Task RequireAsync(StoreSession session, string table, string? id, string what)
    {
        if (id is not null && await session.FirstAsync<long>($"SELECT count(*) FROM {table} WHERE id = @id", new { id }) == 0) throw Unknown(what, id);
    }

    public static ForecastException Unknown(string what, string id) => new($"{what.Replace(' ', '-')}-unknown", $"there is no {what} '{id}'", what);
}
