using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Lineage;
using Forecast.Store.Tenants;
using NodaTime;

namespace Forecast.Store.Registry;

internal sealed class RegistryStore(StoreDatabase database, IClock clock, string? tenant = null) : IRegistryStore
{
    private static readonly string Select = $"SELECT {ModelVersionRow.Columns}, stage AS Stage, artefact AS Artefact FROM model_versions WHERE stage IS NOT NULL AND name = @full";

    private long Now => Micros.Floor(clock.GetCurrentInstant());

    public Task<RegisteredVersion> AddAsync(NewModelVersion version, string artefact, string? reason = null, string? by = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        RegisteredName.Check(version.Name);
        return database.WriteAsync(
            async session =>
            {
                var id = NewId.Next();
                var owned = version with { Tenant = tenant ?? version.Tenant, Archive = [] };
                await ModelVersionWriter.InsertAsync(session, id, owned, Now);
                await session.ExecuteAsync("UPDATE model_versions SET artefact = @artefact WHERE id = @id", new { id, artefact });
                await MoveAsync(session, id, ModelStage.Candidate, reason, by);
                var row = await session.FirstAsync<RegistryRow>($"{Select} AND id = @id", new { full = Tenant.Qualify(owned.Tenant, owned.Name), id });
                return row!.ToRegistered();
            },
            cancellation);
    }

    public Task<RegisteredVersion?> FindAsync(string name, int version, CancellationToken cancellation = default) =>
        database.ReadAsync(async session => (await RowAsync(session, name, version))?.ToRegistered(), cancellation);

    public Task<RegisteredVersion?> FindChampionAsync(string name, CancellationToken cancellation = default) => database.ReadAsync(
        async session => (await session.FirstAsync<RegistryRow>($"{Select} AND stage = 'champion'", new { full = Full(name) }))?.ToRegistered(),
        cancellation);

    public Task<IReadOnlyList<string>> NamesAsync(int limit, string? after = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<IReadOnlyList<string>>(
            async session =>
            {
                var names = await session.QueryAsync<string>(
                    "SELECT DISTINCT name FROM model_versions WHERE stage IS NOT NULL AND substr(name, 1, length(@prefix)) = @prefix AND name > @after ORDER BY name LIMIT @limit",
                    new { prefix = Full(""), after = Full(after ?? ""), limit = (long)limit });
                return [.. names.Select(Tenant.Bare)];
            },
            cancellation);
    }

    public Task<IReadOnlyList<RegisteredVersion>> VersionsAsync(string name, int limit, int? before = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<IReadOnlyList<RegisteredVersion>>(
            async session =>
            {
                var rows = await session.QueryAsync<RegistryRow>(
                    $"{Select} AND version < @before ORDER BY version DESC LIMIT @limit", new { full = Full(name), before = (long)(before ?? int.MaxValue), limit = (long)limit });
                return [.. rows.Select(r => r.ToRegistered())];
            },
            cancellation);
    }

    public Task<RegisteredVersion> SetStageAsync(string name, int version, ModelStage stage, string? reason = null, string? by = null, CancellationToken cancellation = default) => database.WriteAsync(
        async session =>
        {
            await session.LockAsync($"model/{Full(name)}");
            var row = await RowAsync(session, name, version) ?? throw Unknown(name, version);
            if (row.Stage == StoredText.Word(stage)) return row.ToRegistered();  // asked twice is asked once
            if (stage == ModelStage.Champion && await session.FirstAsync<string?>("SELECT id FROM model_versions WHERE name = @full AND stage = 'champion'", new { full = Full(name) }) is { } former)
                await MoveAsync(session, former, ModelStage.Retired, $"version {version} took its place", by);
            await MoveAsync(session, row.Id, stage, reason, by);
            return (await RowAsync(session, name, version))!.ToRegistered();
        },
        cancellation);

    public Task<IReadOnlyList<StageChange>> StagesAsync(string name, int version, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StageChange>>(
        async session =>
        {
            var row = await RowAsync(session, name, version) ?? throw Unknown(name, version);
            var changes = await session.QueryAsync<(string Stage, string? Reason, string? By, long At)>(
                "SELECT stage, reason, changed_by, created_at FROM stage_changes WHERE version_id = @Id ORDER BY seq", new { row.Id });
            return [.. changes.Select(c => new StageChange(StoredText.Parse<ModelStage>(c.Stage), c.Reason, c.By, Micros.ToInstant(c.At)))];
        },
        cancellation);

    private string Full(string name) => Tenant.Qualify(tenant ?? Tenant.Default, name);

    private Task<RegistryRow?> RowAsync(StoreSession session, string name, int version) =>
        session.FirstAsync<RegistryRow>($"{Select} AND version = @version", new { full = Full(name), version = (long)version });

    private async Task MoveAsync(StoreSession session, string id, ModelStage stage, string? reason, string? by)
    {
        var word = StoredText.Word(stage);
        await session.ExecuteAsync("UPDATE model_versions SET stage = @word WHERE id = @id", new { id, word });
        await session.ExecuteAsync(
            """
            INSERT INTO stage_changes (version_id, seq, stage, reason, changed_by, created_at)
            VALUES (@id, (SELECT coalesce(max(seq), 0) + 1 FROM stage_changes WHERE version_id = @id), @word, @reason, @by, @now)
            """,
            new { id, word, reason = StoredText.Optional(reason, "reason"), by = StoredText.Optional(by, "by"), now = Now });
    }

    private static ForecastException Unknown(string name, int version) => new("model-version-unknown", $"there is no version {version} of a registered model '{name}'", "version");

    private sealed class RegistryRow : ModelVersionRow
    {
        public string Stage { get; init; } = "";

        public string Artefact { get; init; } = "";

        public RegisteredVersion ToRegistered() => new(ToVersion(), StoredText.Parse<ModelStage>(Stage), Artefact);
    }
}
