using System.Globalization;
using Forecast.Store.Database;
using Forecast.Store.Tenants;

namespace Forecast.Store.Lineage;

/// <summary>A row of <c>model_versions</c>, as Dapper fills it.</summary>
internal class ModelVersionRow
{
    public const string Columns = """
        id AS Id, name AS Name, version AS Version, model AS Model, run_id AS RunId, dataset_id AS DatasetId, data_hash AS DataHash, seed AS Seed,
               device AS Device, engine AS Engine, fit_cutoff AS FitCutoff, created_at AS CreatedAt
        """;

    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public long Version { get; init; }

    public string Model { get; init; } = "";

    public string? RunId { get; init; }

    public string? DatasetId { get; init; }

    public string DataHash { get; init; } = "";

    public string Seed { get; init; } = "";

    public string Device { get; init; } = "";

    public string Engine { get; init; } = "";

    public long? FitCutoff { get; init; }

    public long CreatedAt { get; init; }

    public StoredModelVersion ToVersion() => new(
        Id, Tenant.Bare(Name), (int)Version, Model, RunId, DatasetId, DataHash, ulong.Parse(Seed, CultureInfo.InvariantCulture), Device, Engine, Micros.ToInstant(FitCutoff), Micros.ToInstant(CreatedAt));
}
