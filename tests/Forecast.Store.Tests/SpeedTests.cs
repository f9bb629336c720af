using System.Diagnostics;
using Forecast.Store.Tests.Support;

namespace Forecast.Store.Tests;

public class SpeedTests
{
    /// <summary>
    /// About a second is what is wanted and what a free core gives; the bound is wide because tests share their machine, and still
    /// far below one transaction, or one unprepared statement, a row.
    /// </summary>
    [Fact]
    public async Task A_hundred_thousand_predictions_are_committed_and_read_in_seconds()
    {
        await using var temp = new TempStore();
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(1), TempStore.Cancellation);
        var block = Sample.Block(0, folds: 100_000, steps: 1);

        var watch = Stopwatch.StartNew();
        (await store.Runs.CommitBlockAsync(run, Sample.Key(0), block with { Folds = [] }, TempStore.Cancellation)).ShouldBeTrue();
        var written = watch.Elapsed;
        watch.Restart();
        (await store.Runs.PredictionsAsync(run, cancellation: TempStore.Cancellation)).Count.ShouldBe(100_000);
        var read = watch.Elapsed;

        TestContext.Current.TestOutputHelper?.WriteLine($"100,000 predictions: written in {written.TotalSeconds:F2} s, read in {read.TotalSeconds:F2} s");
        written.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        read.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }
}
