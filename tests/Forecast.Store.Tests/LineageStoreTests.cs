using Forecast.Core;
using Forecast.Store.Lineage;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class LineageStoreTests(StoreKind kind)
{
    [Fact]
    public async Task A_forecast_leads_to_version_run_data_seed_and_device()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var dataset = await store.Datasets.ImportAsync("d", Sample.Panel(), TempStore.Cancellation);
        var run = await store.Runs.CreateAsync(Sample.Run() with { DatasetId = dataset.Id, DataHash = dataset.DataHash }, TempStore.Cancellation);
        var fitted = New("prod") with { RunId = run, DatasetId = dataset.Id, DataHash = dataset.DataHash, FitCutoff = Sample.At(3) };
        await store.Lineage.RegisterAsync(fitted, TempStore.Cancellation);
        var version = await store.Lineage.RegisterAsync(fitted with { Archive = [1, 2, 3] }, TempStore.Cancellation);

        var id = await store.Lineage.RecordAsync(new NewForecast(version.Id, "größe", Sample.At(5), "newer", 9, "cuda:0", "0.2.0", "{}"), TempStore.Cancellation);

        var trace = await store.Lineage.TraceAsync(id, TempStore.Cancellation);
        trace.ModelVersion.ShouldBe(version);
        (version.Version, version.Model, version.Seed, version.FitCutoff).ShouldBe((2, "arima(1,0,1)", ulong.MaxValue, Sample.At(3)));
        (trace.RunId, trace.DatasetId, trace.DataHash, trace.Series, trace.Cutoff).ShouldBe((run, dataset.Id, "newer", "größe", Sample.At(5)));
        (trace.Seed, trace.FitSeed, trace.Device, trace.Engine, trace.FitCutoff).ShouldBe((9UL, ulong.MaxValue, "cuda:0", "0.2.0", Sample.At(3)));
        (await store.Lineage.ArchiveAsync(version.Id, TempStore.Cancellation)).ShouldBe([1, 2, 3]);
        (await store.Lineage.FindAsync("prod", cancellation: TempStore.Cancellation)).ShouldBe(version);
        (await store.Lineage.FindAsync("prod", 1, TempStore.Cancellation))!.Version.ShouldBe(1);
        (await store.Lineage.VersionsAsync("prod", TempStore.Cancellation)).Select(v => v.Version).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task A_row_of_a_back_test_leads_to_its_fit()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(run, Sample.Key(1), Sample.Block(1, model: "garch(1,1){dist: ged~t}", series: "a/b %~ 日") with { Device = "cuda:1" }, TempStore.Cancellation);

        var trace = await store.Lineage.TraceAsync(new PredictionId(run, "garch(1,1){dist: ged~t}", "a/b %~ 日", 7).ToString(), TempStore.Cancellation);

        (trace.RunId, trace.Model, trace.Series, trace.Cutoff, trace.FitCutoff).ShouldBe((run, "garch(1,1){dist: ged~t}", "a/b %~ 日", Sample.At(7), Sample.At(5)));
        (trace.FitSeed, trace.Seed, trace.DataHash, trace.Device, trace.Engine, trace.ModelVersion).ShouldBe((ulong.MaxValue - 1, ulong.MaxValue, "00ff", "cuda:1", "0.1.0+test", null));
    }

    [Fact]
    public async Task A_series_of_a_global_model_leads_to_the_fit_of_its_item()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        var block = Sample.Block(0, series: "first");
        await store.Runs.CommitBlockAsync(run, Sample.Key(0), block with { Predictions = [.. block.Predictions, Sample.Prediction("naive", "second", 2, 2)] }, TempStore.Cancellation);

        var trace = await store.Lineage.TraceAsync(new PredictionId(run, "naive", "second", 2).ToString(), TempStore.Cancellation);

        (trace.Cutoff, trace.FitCutoff, trace.FitSeed).ShouldBe((Sample.At(2), Sample.At(0), ulong.MaxValue));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("run~model~series~0")]
    [InlineData("a~b~c~-1")]
    public async Task Unknown_forecasts_are_named(string id)
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var error = await Should.ThrowAsync<ForecastException>(() => store.Lineage.TraceAsync(id, TempStore.Cancellation));
        error.Code.ShouldBe("forecast-unknown");
        error.Message.ShouldContain(id);
    }

    [Fact]
    public async Task What_a_version_stands_on_must_exist()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        await Fails(() => store.Lineage.RegisterAsync(New("x") with { RunId = "none" }, TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Lineage.RegisterAsync(New("x") with { DatasetId = "none" }, TempStore.Cancellation), "dataset-unknown");
        await Fails(() => store.Lineage.RegisterAsync(New(" "), TempStore.Cancellation), "name-missing");
        await Fails(() => store.Lineage.RegisterAsync(New("x") with { FitCutoff = Sample.Start + Duration.FromNanoseconds(1) }, TempStore.Cancellation), "time-too-fine");
        await Fails(() => store.Lineage.RecordAsync(new NewForecast("none", "s", Sample.Start, "h", 1, "cpu", "e", "{}"), TempStore.Cancellation), "model-version-unknown");
        await Fails(() => store.Lineage.ArchiveAsync("none", TempStore.Cancellation), "model-version-unknown");
        (await store.Lineage.FindAsync("x", cancellation: TempStore.Cancellation)).ShouldBeNull();

        static async Task Fails(Func<Task> work, string code) => (await Should.ThrowAsync<ForecastException>(work)).Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("r", "m", "s", 0)]
    [InlineData("a~b", "%7E", "x y/z", 12)]
    [InlineData("r", "arima(1,0,1)(0,1,1)[12]", "日本 💶", 3)]
    public void The_id_of_a_row_reads_back(string run, string model, string series, int fold)
    {
        var id = new PredictionId(run, model, series, fold);
        id.ToString().ShouldNotContain("/");
        PredictionId.TryParse(id.ToString()).ShouldBe(id);
    }

    private static NewModelVersion New(string name) => new() { Name = name, Model = "arima(1,0,1)", DataHash = "h", Seed = ulong.MaxValue, Device = "cpu", Engine = "e" };
}

public sealed class LineageStoreOnSqliteTests() : LineageStoreTests(StoreKind.Sqlite);

public sealed class LineageStoreOnPostgresTests() : LineageStoreTests(StoreKind.Postgres);
