using Forecast.Core;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Forecast.Store.Keys;
using Forecast.Store.Lineage;
using Forecast.Store.Registry;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

/// <summary>Tenants, their registered models, and keys.</summary>
public abstract class TenantTests(StoreKind kind)
{
    [Fact]
    public async Task What_is_anothers_is_not_there()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var (own, other) = (store.ForTenant("acme"), store.ForTenant("beta"));
        var dataset = await own.Datasets.ImportAsync("cellar", Sample.Panel(), TempStore.Cancellation);
        var run = await own.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        var ticket = await own.Jobs.CreateAsync(new NewJob { Kind = "backtest", SpecJson = "{}", IdempotencyKey = "monday" }, TempStore.Cancellation);
        var version = await own.Lineage.RegisterAsync(New("m"), TempStore.Cancellation);
        var forecast = await own.Lineage.RecordAsync(new NewForecast(version.Id, "s", Sample.Start, "h", 1, "cpu", "e", "{}"), TempStore.Cancellation);

        dataset.Name.ShouldBe("cellar");
        ticket.Job.IdempotencyKey.ShouldBe("monday");
        (await own.Datasets.ListAsync(cancellation: TempStore.Cancellation)).Items.Single().Id.ShouldBe(dataset.Id);
        (await own.Datasets.ReadPanelAsync(dataset.Id, cancellation: TempStore.Cancellation)).Series.Count.ShouldBe(1);
        (await own.Events.ReadAfterAsync(Streams.OfJob(ticket.Job.Id), 0, cancellation: TempStore.Cancellation)).Count.ShouldBe(1);
        (await own.Runs.ProgressAsync(run, TempStore.Cancellation)).Total.ShouldBe(3);
        (await own.Lineage.TraceAsync(forecast, TempStore.Cancellation)).ModelVersion!.Name.ShouldBe("m");

        (await other.Datasets.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBeEmpty();
        (await other.Datasets.FindAsync("cellar", cancellation: TempStore.Cancellation)).ShouldBeNull();
        (await other.Datasets.FindAsync("acme/cellar", cancellation: TempStore.Cancellation)).ShouldBeNull();
        (await other.Datasets.FindAsync(dataset.Id, cancellation: TempStore.Cancellation)).ShouldBeNull();
        await Fails(() => other.Datasets.ReadPanelAsync(dataset.Id, cancellation: TempStore.Cancellation), "dataset-unknown");
        await Fails(() => other.Datasets.SeriesAsync(dataset.Id, TempStore.Cancellation), "dataset-unknown");
        (await other.Runs.FindAsync(run, TempStore.Cancellation)).ShouldBeNull();
        (await other.Runs.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBeEmpty();
        await Fails(() => other.Runs.ReadAsync(run, TempStore.Cancellation), "run-unknown");
        await Fails(() => other.Runs.PredictionsAsync(run, cancellation: TempStore.Cancellation), "run-unknown");
        (await other.Jobs.FindAsync(ticket.Job.Id, TempStore.Cancellation)).ShouldBeNull();
        (await other.Jobs.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBeEmpty();
        await Fails(() => other.Jobs.RequestCancelAsync(ticket.Job.Id, TempStore.Cancellation), "job-unknown");
        (await other.Events.ReadAfterAsync(Streams.OfJob(ticket.Job.Id), 0, cancellation: TempStore.Cancellation)).ShouldBeEmpty();
        await Fails(() => other.Lineage.TraceAsync(forecast, TempStore.Cancellation), "forecast-unknown");
        await Fails(() => other.Lineage.ArchiveAsync(version.Id, TempStore.Cancellation), "model-version-unknown");
        (await store.Jobs.FindAsync(ticket.Job.Id, TempStore.Cancellation))!.Tenant.ShouldBe("acme");
        (await store.Runs.FindAsync(run, TempStore.Cancellation))!.Tenant.ShouldBe("acme");
    }

    [Fact]
    public async Task Names_keys_and_version_numbers_are_each_tenants_own()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        foreach (var tenant in new[] { "acme", "beta" })
        {
            var own = store.ForTenant(tenant);
            (await own.Jobs.CreateAsync(new NewJob { Kind = "backtest", SpecJson = tenant, IdempotencyKey = "monday" }, TempStore.Cancellation)).Created.ShouldBeTrue();
            (await own.Jobs.CreateAsync(new NewJob { Kind = "backtest", SpecJson = tenant, IdempotencyKey = "monday" }, TempStore.Cancellation)).Created.ShouldBeFalse();
            (await own.Lineage.RegisterAsync(New("m"), TempStore.Cancellation)).Version.ShouldBe(1);
            (await own.Registry.AddAsync(New("r"), new string('a', 64), cancellation: TempStore.Cancellation)).Version.Version.ShouldBe(1);
            (await own.Datasets.ImportAsync("cellar", Sample.Panel(tenant.Length + 10), TempStore.Cancellation)).Version.ShouldBe(1);
        }

        // The same content under a name of one's own.
        var shared = await store.ForTenant("beta").Datasets.ImportAsync("mine", Sample.Panel(14), TempStore.Cancellation);
        (await store.ForTenant("acme").Datasets.FindAsync(shared.Id, cancellation: TempStore.Cancellation))!.Name.ShouldBe("cellar");
        (await store.ForTenant("beta").Datasets.FindAsync(shared.Id, cancellation: TempStore.Cancellation))!.Name.ShouldBeOneOf("mine", "cellar");
        Should.Throw<ForecastException>(() => store.ForTenant("a/b")).Code.ShouldBe("tenant-invalid");
    }

    [Fact]
    public async Task A_name_has_one_champion_and_remembers_every_stage()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var registry = store.ForTenant("acme").Registry;
        for (var i = 1; i <= 3; i++) (await registry.AddAsync(New("demand") with { Seed = (ulong)i }, new string('b', 64), "try", "me", TempStore.Cancellation)).Stage.ShouldBe(ModelStage.Candidate);
        (await registry.FindChampionAsync("demand", TempStore.Cancellation)).ShouldBeNull();
        await registry.SetStageAsync("demand", 1, ModelStage.Champion, "good", "me", TempStore.Cancellation);
        await registry.SetStageAsync("demand", 3, ModelStage.Champion, "better", "me", TempStore.Cancellation);
        await registry.SetStageAsync("demand", 3, ModelStage.Champion, "again", "me", TempStore.Cancellation);
        (await registry.FindChampionAsync("demand", TempStore.Cancellation))!.Version.Version.ShouldBe(3);
        (await registry.VersionsAsync("demand", 10, cancellation: TempStore.Cancellation)).Select(v => (v.Version.Version, v.Stage)).ShouldBe([(3, ModelStage.Champion), (2, ModelStage.Candidate), (1, ModelStage.Retired)]);
        (await registry.VersionsAsync("demand", 1, before: 3, TempStore.Cancellation)).Single().Version.Version.ShouldBe(2);
        (await registry.StagesAsync("demand", 1, TempStore.Cancellation)).Select(s => s.Stage).ShouldBe([ModelStage.Candidate, ModelStage.Champion, ModelStage.Retired]);
        (await registry.StagesAsync("demand", 3, TempStore.Cancellation)).Select(s => s.Reason).ShouldBe(["try", "better"]);
        await Fails(() => registry.SetStageAsync("demand", 9, ModelStage.Champion, cancellation: TempStore.Cancellation), "model-version-unknown");
        await Fails(() => store.ForTenant("beta").Registry.SetStageAsync("demand", 1, ModelStage.Champion, cancellation: TempStore.Cancellation), "model-version-unknown");
        await Fails(() => registry.AddAsync(New("a/b"), new string('b', 64), cancellation: TempStore.Cancellation), "model-name-invalid");

        // A fit that was kept for a forecast only is no version of a registered model.
        await store.ForTenant("acme").Lineage.RegisterAsync(New("fits"), TempStore.Cancellation);
        (await registry.VersionsAsync("fits", 10, cancellation: TempStore.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_promotions_at_once_leave_one_champion()
    {
        await using var temp = new TempStore(kind);
        var registry = (await temp.OpenAsync()).Registry;
        for (var i = 0; i < 6; i++) await registry.AddAsync(New("demand"), new string('c', 64), cancellation: TempStore.Cancellation);
        await Task.WhenAll(Enumerable.Range(1, 6).Select(v => Task.Run(() => registry.SetStageAsync("demand", v, ModelStage.Champion, cancellation: TempStore.Cancellation))));
        (await registry.VersionsAsync("demand", 10, cancellation: TempStore.Cancellation)).Count(v => v.Stage == ModelStage.Champion).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_are_found_listed_and_taken_back_for_good()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        (await store.Keys.AnyAsync(TempStore.Cancellation)).ShouldBeFalse();
        var end = Sample.Start + Duration.FromDays(9);
        await store.Keys.AddAsync("k1", "aa", new NewApiKey("acme", "nightly", ["read", "jobs"], 60, end), TempStore.Cancellation);
        await store.Keys.AddAsync("k2", "bb", new NewApiKey("beta", "other", [], 0, null), TempStore.Cancellation);
        var key = (await store.Keys.FindAsync("k1", TempStore.Cancellation))!;
        (key.Tenant, key.Name, key.SecretHash, key.RequestsPerMinute, key.ExpiresAt, key.RevokedAt).ShouldBe(("acme", "nightly", "aa", 60, end, null));
        key.Scopes.ShouldBe(["read", "jobs"]);
        (await store.Keys.ListAsync(cancellation: TempStore.Cancellation)).Select(k => k.Id).ShouldBe(["k1", "k2"]);
        (await store.Keys.ListAsync("beta", TempStore.Cancellation)).Single().Scopes.ShouldBeEmpty();
        var revoked = await store.Keys.RevokeAsync("k1", TempStore.Cancellation);
        revoked.RevokedAt.ShouldNotBeNull();
        (await store.Keys.RevokeAsync("k1", TempStore.Cancellation)).RevokedAt.ShouldBe(revoked.RevokedAt);
        await store.Keys.RevokeAsync("k2", TempStore.Cancellation);
        (await store.Keys.AnyAsync(TempStore.Cancellation)).ShouldBeFalse();
        await Fails(() => store.Keys.RevokeAsync("k3", TempStore.Cancellation), "key-unknown");
    }

    private static async Task Fails(Func<Task> work, string code) => (await Should.ThrowAsync<ForecastException>(work)).Code.ShouldBe(code);

    private static NewModelVersion New(string name) => new() { Name = name, Model = "naive", DataHash = "h", Seed = 1, Device = "cpu", Engine = "e" };
}

public sealed class TenantsOnSqliteTests() : TenantTests(StoreKind.Sqlite);

public sealed class TenantsOnPostgresTests() : TenantTests(StoreKind.Postgres);
