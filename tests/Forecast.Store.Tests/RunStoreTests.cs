using Forecast.Core;
using Forecast.Store.Runs;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class RunStoreTests(StoreKind kind)
{
    [Fact]
    public async Task A_run_is_stored_with_its_items()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var dataset = await store.Datasets.ImportAsync("eurusd", Sample.Panel(), TempStore.Cancellation);
        var asked = Sample.Run() with { DatasetId = dataset.Id, DataHash = dataset.DataHash };

        var id = await store.Runs.CreateAsync(asked, TempStore.Cancellation);

        var run = (await store.Runs.FindAsync(id, TempStore.Cancellation))!;
        run.Status.ShouldBe(RunStatus.Created);
        (run.SpecJson, run.DataName, run.DataHash, run.DatasetId).ShouldBe((asked.SpecJson, asked.DataName, dataset.DataHash, dataset.Id));
        (run.Seed, run.Device, run.Engine, run.Threads, run.Command).ShouldBe((ulong.MaxValue, "cpu", "0.1.0+test", 2, "forecast backtest"));
        (run.StartedAt, run.FinishedAt, run.PredictionsHash, run.ReportPath).ShouldBe((null, null, null, null));
        var items = await store.Runs.PendingItemsAsync(id, TempStore.Cancellation);
        items.Select(i => (i.Key, i.Position, i.PayloadJson, i.State, i.Attempts)).ShouldBe(
            Enumerable.Range(0, 3).Select(b => (Sample.Key(b), b, $$"""{"block":{{b}}}""", WorkItemState.Pending, 0)));
    }

    [Fact]
    public async Task A_run_that_cannot_be_stored_leaves_nothing()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        await store.Runs.CreateAsync(Sample.Run(id: "mine"), TempStore.Cancellation);
        var twice = Sample.Run() with { Items = [new("a", "{}"), new("b", "{}"), new("a", "{}")] };

        await Fails(Sample.Run(id: "mine"), "run-exists");
        await Fails(Sample.Run(id: " "), "name-missing");
        await Fails(twice, "work-item-duplicate");
        await Fails(Sample.Run() with { DatasetId = "none" }, "dataset-unknown");

        (await temp.CountAsync("runs")).ShouldBe(1);
        (await temp.CountAsync("work_items")).ShouldBe(3);

        async Task Fails(NewRun run, string code) =>
            (await Should.ThrowAsync<ForecastException>(() => store.Runs.CreateAsync(run, TempStore.Cancellation))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_block_comes_back_bit_for_bit()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        BlockRecord[] blocks = [.. Enumerable.Range(0, 3).Select(b => Sample.Block(b, series: "größe/日本 💶"))];

        foreach (var b in (int[])[2, 0, 1]) (await store.Runs.CommitBlockAsync(id, Sample.Key(b), blocks[b], TempStore.Cancellation)).ShouldBeTrue();

        var read = await (await temp.OpenAsync()).Runs.ReadAsync(id, TempStore.Cancellation);
        read.Predictions.Count.ShouldBe(15);
        foreach (var (was, now) in blocks.SelectMany(b => b.Predictions).Zip(read.Predictions)) ShouldBeSame(now, was);
        read.Folds.ShouldBe(blocks.SelectMany(b => b.Folds)); // in the order of the items, not of the commits
        read.Failures.ShouldBe(blocks.SelectMany(b => b.Failures));
        foreach (var (was, now) in blocks.SelectMany(b => b.Fits).Zip(read.Fits))
        {
            (now.Model, now.Series, now.FitCutoff, now.Seed, now.Converged).ShouldBe((was.Model, was.Series, was.FitCutoff, was.Seed, was.Converged));
            now.Parameters.Keys.ShouldBe(was.Parameters.Keys);
            now.Parameters.Values.Select(BitConverter.DoubleToInt64Bits).ShouldBe(was.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));
            now.Notes.ShouldBe(was.Notes);
        }

        foreach (var item in read.Items)
            (item.State, item.Worker, item.FitSeconds, item.PredictSeconds, item.Device, item.Exposure).ShouldBe((WorkItemState.Done, "worker-1", 0.25, 0.125, "cpu", "clean"));
    }

    [Fact]
    public async Task Blocks_come_back_one_by_one_as_they_were_committed()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        var last = Sample.Block(2) with { DetailsJson = """{"iterations":[7,9]}""", Exposure = "unknown", Device = "cuda:0" };
        await store.Runs.CommitBlockAsync(id, Sample.Key(2), last, TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(id, Sample.Key(0), Sample.Block(0) with { Fits = [] }, TempStore.Cancellation);

        var blocks = await store.Runs.BlocksAsync(id, TempStore.Cancellation);

        blocks.Select(b => (b.Item.Key, b.Block.Predictions.Count, b.Block.Folds.Count, b.Block.Fits.Count, b.Block.Failures.Count, b.Block.DetailsJson))
            .ShouldBe([(Sample.Key(0), 5, 5, 0, 1, null), (Sample.Key(2), 5, 5, 1, 1, last.DetailsJson)]);
        (blocks[1].Block.Exposure, blocks[1].Block.Device, blocks[1].Block.Worker, blocks[1].Block.FitSeconds).ShouldBe(("unknown", "cuda:0", "worker-1", 0.25));
        blocks[1].Block.Folds.ShouldBe(last.Folds);
        (await store.Runs.ItemsAsync(id, TempStore.Cancellation)).Select(i => i.State).ShouldBe([WorkItemState.Done, WorkItemState.Pending, WorkItemState.Done]);
    }

    [Fact]
    public async Task Predictions_of_some_models_and_series_can_be_read_alone()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(id, Sample.Key(0), Sample.Block(0, model: "garch(1,1)-t", series: "a"), TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(id, Sample.Key(1), Sample.Block(0, model: "garch(1,1)-t", series: "b"), TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(id, Sample.Key(2), Sample.Block(0, model: "naive", series: "a"), TempStore.Cancellation);

        (await Keys(null, null)).Count.ShouldBe(3);
        (await Keys(["garch(1,1)-t"], null)).ShouldBe([("garch(1,1)-t", "a"), ("garch(1,1)-t", "b")]);
        (await Keys(["garch(1,1)-t", "naive"], ["a"])).ShouldBe([("garch(1,1)-t", "a"), ("naive", "a")]);
        (await Keys([], null)).ShouldBeEmpty();

        async Task<List<(string, string)>> Keys(string[]? models, string[]? series) =>
            [.. (await store.Runs.PredictionsAsync(id, models, series, TempStore.Cancellation)).Select(p => (p.Model, p.Series)).Distinct()];
    }

    [Fact]
    public async Task A_second_commit_changes_nothing()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        var block = Sample.Block(0) with { Event = new BlockEvent("block", "{}") };
        (await store.Runs.CommitBlockAsync(id, Sample.Key(0), block, TempStore.Cancellation)).ShouldBeTrue();

        var other = Sample.Block(0, folds: 7) with { Worker = "late", Event = new BlockEvent("block", "{}") };
        (await store.Runs.CommitBlockAsync(id, Sample.Key(0), other, TempStore.Cancellation)).ShouldBeFalse();

        var read = await store.Runs.ReadAsync(id, TempStore.Cancellation);
        (read.Predictions.Count, read.Folds.Count, read.Fits.Count, read.Failures.Count, read.Items[0].Worker).ShouldBe((5, 5, 1, 1, "worker-1"));
        (await temp.CountAsync("events")).ShouldBe(1);
    }

    [Fact]
    public async Task A_block_that_fails_half_way_leaves_nothing_and_can_be_committed_again()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        var block = Sample.Block(0);
        var late = block with { Failures = [block.Failures[0] with { Cutoff = Sample.Start + Duration.FromNanoseconds(10) }] };
        var bent = block with { Predictions = [.. block.Predictions.SkipLast(1), block.Predictions[^1] with { Means = [1, 2, 3] }] };

        await Fails(late, "time-too-fine");
        await Fails(bent, "prediction-shape");
        await Fails(block with { Predictions = [.. block.Predictions, block.Predictions[0]] }, "store-conflict");
        foreach (var table in (string[])["predictions", "folds", "fits", "failures"]) (await temp.CountAsync(table)).ShouldBe(0, table);

        (await store.Runs.CommitBlockAsync(id, Sample.Key(0), block, TempStore.Cancellation)).ShouldBeTrue();

        // The folds of one block under another's key would count twice.
        (await Should.ThrowAsync<ForecastException>(() => store.Runs.CommitBlockAsync(id, Sample.Key(1), block, TempStore.Cancellation))).Code.ShouldBe("store-conflict");
        (await store.Runs.ProgressAsync(id, TempStore.Cancellation)).ShouldBe(new RunProgress(3, 2, 1, 0));

        async Task Fails(BlockRecord record, string code) =>
            (await Should.ThrowAsync<ForecastException>(() => store.Runs.CommitBlockAsync(id, Sample.Key(0), record, TempStore.Cancellation))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Attempts_are_counted_until_the_item_is_done()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync(new StepClock(Duration.FromSeconds(1)));
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);

        (await store.Runs.StartItemAsync(id, Sample.Key(1), "w1", TempStore.Cancellation)).ShouldBe(1);
        (await store.Runs.StartItemAsync(id, Sample.Key(1), "w2", TempStore.Cancellation)).ShouldBe(2);
        var item = (await store.Runs.PendingItemsAsync(id, TempStore.Cancellation))[1];
        (item.Attempts, item.Worker, item.StartedAt.HasValue, item.FinishedAt.HasValue).ShouldBe((2, "w2", true, false));

        await store.Runs.CommitBlockAsync(id, Sample.Key(1), Sample.Block(1), TempStore.Cancellation);
        (await store.Runs.StartItemAsync(id, Sample.Key(1), "w3", TempStore.Cancellation)).ShouldBeNull();
        (await store.Runs.FailItemAsync(id, Sample.Key(1), "late", "too late", TempStore.Cancellation)).ShouldBeFalse();
        (await store.Runs.PendingItemsAsync(id, TempStore.Cancellation)).Select(i => i.Key).ShouldBe([Sample.Key(0), Sample.Key(2)]);
        var done = (await store.Runs.ReadAsync(id, TempStore.Cancellation)).Items[1];
        (done.Attempts, done.State, done.FitSeconds).ShouldBe((2, WorkItemState.Done, 0.25)); // after a row of which all that is NULL
        done.FinishedAt!.Value.ShouldBeGreaterThan(done.StartedAt!.Value);
    }

    [Fact]
    public async Task A_run_finishes_once_and_only_when_all_is_done()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(1), TempStore.Cancellation);
        StoredMetric[] metrics = [new("naive", "all", "MAE", 0.1 + 0.2, 15), new("naive", "", "MASE", double.NaN, 0, "scale is zero"), new("naive", "all", "WQL", double.PositiveInfinity, 1)];
        var outcome = new RunOutcome { PredictionsHash = "abc", Metrics = metrics, ReportPath = "out/report.html" };

        await store.Runs.StartAsync(id, TempStore.Cancellation);
        (await Should.ThrowAsync<ForecastException>(() => store.Runs.FinishAsync(id, outcome, TempStore.Cancellation))).Code.ShouldBe("run-unfinished");
        await store.Runs.CommitBlockAsync(id, Sample.Key(0), Sample.Block(0), TempStore.Cancellation);
        (await store.Runs.FinishAsync(id, outcome, TempStore.Cancellation)).ShouldBeTrue();
        (await store.Runs.FinishAsync(id, outcome, TempStore.Cancellation)).ShouldBeFalse();

        var run = (await store.Runs.FindAsync(id, TempStore.Cancellation))!;
        (run.Status, run.PredictionsHash, run.ReportPath, run.FinishedAt >= run.StartedAt).ShouldBe((RunStatus.Finished, "abc", "out/report.html", true));
        (await store.Runs.MetricsAsync(id, TempStore.Cancellation)).ShouldBe(metrics);
        (await Should.ThrowAsync<ForecastException>(() => store.Runs.FinishAsync(id, outcome with { PredictionsHash = "abd" }, TempStore.Cancellation))).Code.ShouldBe("run-finished");
        (await Should.ThrowAsync<ForecastException>(() => store.Runs.StartAsync(id, TempStore.Cancellation))).Code.ShouldBe("run-finished");
        (await store.Runs.FailAsync(id, "late", "too late", TempStore.Cancellation)).ShouldBeFalse();
        (await store.Runs.CancelAsync(id, TempStore.Cancellation)).ShouldBeFalse();
        (await store.Runs.FindAsync(id, TempStore.Cancellation))!.Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public async Task A_run_that_stopped_goes_on_where_it_stopped()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        await store.Runs.StartAsync(id, TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(id, Sample.Key(0), Sample.Block(0), TempStore.Cancellation);
        (await store.Runs.FailItemAsync(id, Sample.Key(1), "singular", "no fit", TempStore.Cancellation)).ShouldBeTrue();
        (await store.Runs.FailAsync(id, "singular", "no fit", TempStore.Cancellation)).ShouldBeTrue();

        var stopped = (await store.Runs.FindAsync(id, TempStore.Cancellation))!;
        (stopped.Status, stopped.ErrorCode, stopped.ErrorMessage, stopped.FinishedAt.HasValue).ShouldBe((RunStatus.Failed, "singular", "no fit", true));
        (await store.Runs.ProgressAsync(id, TempStore.Cancellation)).ShouldBe(new RunProgress(3, 1, 1, 1));
        await store.Runs.StartAsync(id, TempStore.Cancellation);

        var resumed = (await store.Runs.FindAsync(id, TempStore.Cancellation))!;
        (resumed.Status, resumed.ErrorCode, resumed.FinishedAt, resumed.StartedAt).ShouldBe((RunStatus.Running, null, null, stopped.StartedAt));
        (await store.Runs.PendingItemsAsync(id, TempStore.Cancellation)).Select(i => i.Key).ShouldBe([Sample.Key(1), Sample.Key(2)]);
        (await store.Runs.CancelAsync(id, TempStore.Cancellation)).ShouldBeTrue();
        (await store.Runs.FindAsync(id, TempStore.Cancellation))!.Status.ShouldBe(RunStatus.Cancelled);
    }

    [Fact]
    public async Task Runs_are_listed_by_status_in_pages()
    {
        await using var temp = new TempStore(kind);
        var clock = new StepClock(Duration.Zero); // standing still: the order must not hang on the clock alone
        var store = await temp.OpenAsync(clock);
        for (var i = 0; i < 5; i++) await store.Runs.CreateAsync(Sample.Run(1, $"r{i}"), TempStore.Cancellation);
        clock.Advance(Duration.FromDays(1));
        await store.Runs.CreateAsync(Sample.Run(1, "r5"), TempStore.Cancellation);
        foreach (var id in (string[])["r1", "r3", "r5"]) await store.Runs.StartAsync(id, TempStore.Cancellation);
        await store.Runs.CancelAsync("r3", TempStore.Cancellation);

        (await Ids(null)).ShouldBe(["r5", "r0", "r1", "r2", "r3", "r4"]);
        (await Ids([RunStatus.Running])).ShouldBe(["r5", "r1"]);
        (await Ids([RunStatus.Running, RunStatus.Cancelled])).ShouldBe(["r5", "r1", "r3"]);
        (await Ids([])).ShouldBeEmpty();

        async Task<List<string>> Ids(RunStatus[]? statuses)
        {
            var ids = new List<string>();
            for (var next = new PageRequest(2); ;)
            {
                var page = await store.Runs.ListAsync(next, statuses, TempStore.Cancellation);
                ids.AddRange(page.Items.Select(r => r.Id));
                if (page.Next is null) return ids;
                next = new PageRequest(2, page.Next);
            }
        }
    }

    [Fact]
    public async Task An_empty_block_is_a_result_too()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(1), TempStore.Cancellation);
        var nothing = new BlockRecord { Predictions = [Sample.Prediction("naive", "", 0, 0)], FitSeconds = double.NaN };

        (await store.Runs.CommitBlockAsync(id, Sample.Key(0), nothing, TempStore.Cancellation)).ShouldBeTrue();

        var read = await store.Runs.ReadAsync(id, TempStore.Cancellation);
        ShouldBeSame(read.Predictions.ShouldHaveSingleItem(), nothing.Predictions[0]);
        (read.Folds.Count, read.Fits.Count, read.Failures.Count, read.Metrics.Count, read.Items[0].FitSeconds).ShouldBe((0, 0, 0, 0, 0.0));
    }

    [Fact]
    public async Task Unknown_runs_and_items_are_named()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var id = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);

        (await store.Runs.FindAsync("none", TempStore.Cancellation)).ShouldBeNull();
        await Fails(() => store.Runs.StartAsync("none", TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.PendingItemsAsync("none", TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.ReadAsync("none", TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.BlocksAsync("none", TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.ItemsAsync("none", TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.CommitBlockAsync("none", Sample.Key(0), Sample.Block(0), TempStore.Cancellation), "run-unknown");
        await Fails(() => store.Runs.CommitBlockAsync(id, "none", Sample.Block(0), TempStore.Cancellation), "work-item-unknown");
        await Fails(() => store.Runs.StartItemAsync(id, "none", "w", TempStore.Cancellation), "work-item-unknown");
        await Fails(() => store.Runs.FailItemAsync(id, "none", "c", "m", TempStore.Cancellation), "work-item-unknown");

        static async Task Fails(Func<Task> work, string code) => (await Should.ThrowAsync<ForecastException>(work)).Code.ShouldBe(code);
    }

    private static void ShouldBeSame(StoredPrediction now, StoredPrediction was)
    {
        (now.Model, now.Series, now.Fold, now.Cutoff).ShouldBe((was.Model, was.Series, was.Fold, was.Cutoff));
        now.Steps.ShouldBe(was.Steps);
        now.Timestamps.ShouldBe(was.Timestamps);
        now.ObservedAt.ShouldBe(was.ObservedAt);
        foreach (var (a, b) in ((double[], double[])[])[(now.Actuals, was.Actuals), (now.Means, was.Means), (now.Quantiles, was.Quantiles), (now.Crps, was.Crps), (now.Pit, was.Pit), (now.Shortfalls, was.Shortfalls)])
            a.Select(BitConverter.DoubleToInt64Bits).ShouldBe(b.Select(BitConverter.DoubleToInt64Bits));
    }
}

public sealed class RunStoreOnSqliteTests() : RunStoreTests(StoreKind.Sqlite);

public sealed class RunStoreOnPostgresTests() : RunStoreTests(StoreKind.Postgres);
