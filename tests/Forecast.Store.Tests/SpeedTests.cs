using System.Diagnostics;
using Forecast.Store.Tests.Support;

namespace Forecast.Store.Tests;

[CollectionDefinition(nameof(SpeedTests), DisableParallelization = true)]
[Collection(nameof(SpeedTests))]
public class SpeedTests
{
    /// <summary>
    /// About a second is what is wanted and what a free core gives. Tests share their machine, so the bound is relative: a row among
    /// many must cost far less than a row in a commit of its own, measured beside it.
    /// </summary>
    [Fact]
    public async Task A_hundred_thousand_predictions_cost_little_more_than_their_bytes()
    {
        const int Rows = 100_000;
        const int Singles = 100;
        await using var temp = new TempStore();
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(Singles + 1), TempStore.Cancellation);
        var bulk = Sample.Block(0, folds: Rows, steps: 1) with { Folds = [] };
        await store.Runs.CommitBlockAsync(run, Sample.Key(1), One(1), TempStore.Cancellation); // compiled and mapped once

        var watch = Stopwatch.StartNew();
        for (var i = 2; i <= Singles; i++) await store.Runs.CommitBlockAsync(run, Sample.Key(i), One(i), TempStore.Cancellation);
        var single = watch.Elapsed / (Singles - 1);
        watch.Restart();
        await store.Runs.CommitBlockAsync(run, Sample.Key(0), bulk, TempStore.Cancellation);
        var written = watch.Elapsed;
        watch.Restart();
        var read = await store.Runs.PredictionsAsync(run, cancellation: TempStore.Cancellation);
        var reading = watch.Elapsed;

        TestContext.Current.TestOutputHelper?.WriteLine($"{Rows} predictions: written in {written.TotalSeconds:F2} s, read in {reading.TotalSeconds:F2} s; a commit of one: {single.TotalMilliseconds:F2} ms");
        read.Count.ShouldBe(Rows + Singles);
        (written / Rows).ShouldBeLessThan(single / 10);

        static Runs.BlockRecord One(int item) => new() { Predictions = [Sample.Prediction("naive", $"single {item}", 0, 1)] };
    }
}
