using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Training;

public sealed class WindowSourceTests
{
    private const int Lookback = 6;
    private const int Horizon = 3;

    [Fact]
    public void A_window_holds_its_own_rows_in_its_own_units()
    {
        var values = Values(40);
        using var batch = Load([("a", Values(25)), ("b", values)], window: 25 - Lookback - Horizon + 1 + 4);  // the fifth window of the second series

        var look = values[4..10];
        var mean = look.Average();
        var sd = Math.Sqrt(look.Average(v => (v - mean) * (v - mean)));
        Host(batch.Batch.Past).ShouldBe([.. look.Select(v => (float)((v - mean) / sd))], 1e-4f);
        Host(batch.Batch.Targets).ShouldBe([.. values[10..13].Select(v => (float)((v - mean) / sd))], 1e-3f);
        Host(batch.Batch.Weights).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void A_missing_target_weighs_nothing_and_a_missing_input_counts_in_neither_mean_nor_deviation()
    {
        var values = Values(40);
        values[2] = double.NaN;
        values[7] = double.NaN;
        using var batch = Load([("a", values)], window: 0, gaps: true);

        var look = values[..6].Where(v => !double.IsNaN(v)).ToArray();
        var mean = look.Average();
        var sd = Math.Sqrt(look.Average(v => (v - mean) * (v - mean)));
        var past = Host(batch.Batch.Past);  // [1, 6, 2]: z, observed
        past.Where((_, i) => i % 2 == 1).ShouldBe([1f, 1, 0, 1, 1, 1]);
        past[0].ShouldBe((float)((values[0] - mean) / sd), 1e-4f);
        past[4].ShouldBe(past[2], "a gap takes the value before");
        Host(batch.Batch.Weights).ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void A_look_back_that_does_not_move_weighs_nothing()
    {
        double[] values = [.. Enumerable.Repeat(3.0, 8), .. Values(32)];
        using var batch = Load([("a", values)], window: 0);

        Host(batch.Batch.Weights).ShouldBe([0, 0, 0]);
        Host(batch.Batch.Past).ShouldAllBe(z => z == 0);
        Host(batch.Batch.Sd).ShouldBe([0]);
    }

    [Fact]
    public void Large_levels_lose_no_digits()
    {
        double[] values = [.. Values(40).Select(v => 1e9 + v)];
        using var high = Load([("a", values)], window: 3);
        using var low = Load([("a", Values(40))], window: 3);

        Host(high.Batch.Past).ShouldBe(Host(low.Batch.Past), 1e-3f);
    }

    [Fact]
    public void Past_and_known_future_covariates_stand_where_they_are_known()
    {
        var times = TestPanels.Times(Frequency.Daily, 30);
        double[] x = [.. Enumerable.Range(0, 30).Select(t => (double)t)], known = [.. Enumerable.Range(0, 30).Select(t => t % 7 == 0 ? 1.0 : 0.0)];
        var series = new TimeSeries("a", Frequency.Daily, times, [new Column("y", ColumnRole.Target, Values(30)), new Column("x", ColumnRole.PastCovariate, x), new Column("k", ColumnRole.FutureCovariate, known)]);
        var view = new Panel([series]).AsOf(NodaTime.Instant.MaxValue);
        var features = new PanelFeatures(["x"], ["k"], Calendar: true);
        var scaling = FutureScaling.Of(view.Series, features);
        TorchDevice.Describe(TestDevice.Name);
        using var scope = NewDisposeScope();
        using var panel = PanelTensor.Build(view.Series, features, scaling, device(TestDevice.Name));

        var batch = new WindowGatherer(panel, Lookback, Horizon, 1, showGaps: false).Gather([2], [0]);

        batch.Past.shape.ShouldBe([1, Lookback, 1 + 1 + 7]);
        batch.Future!.shape.ShouldBe([1, Horizon, 7]);
        var past = Host(batch.Past.select(2, 1));  // 2..7, in units of the window: mean 4.5, deviation sqrt(35/12)
        past[0].ShouldBe((float)(-2.5 / Math.Sqrt(35.0 / 12)), 1e-3f);
        Host(batch.Future.select(2, 0)).ShouldBe([.. known[8..11].Select(v => (float)((v - scaling.Means[0]) / scaling.Deviations[0]))], 1e-5f);
        Host(batch.Future.select(2, 3))[0].ShouldBe((float)Math.Sin(2 * Math.PI * ((int)times[8].InUtc().DayOfWeek - 1) / 7.0), 1e-5f);
    }

    private static double[] Values(int count) => [.. Enumerable.Range(0, count).Select(t => 50 + (10 * Math.Sin(0.7 * t)) + (0.3 * t))];

    private static Loaded Load((string Id, double[] Values)[] series, int window, bool gaps = false)
    {
        TorchDevice.Describe(TestDevice.Name);
        var view = TestPanels.View(Frequency.Daily, series);
        var panel = PanelTensor.Build(view.Series, PanelFeatures.None, new FutureScaling([], []), device(TestDevice.Name));
        panel.HasGaps.ShouldBe(gaps);
        var source = new WindowSource(new WindowGatherer(panel, Lookback, Horizon, 0, gaps), panel, WindowSplit.ByTime(view.Series, Lookback, Horizon, 0), Lookback);
        return new Loaded(panel, source.Load([window]));
    }

    private static float[] Host(Tensor values) => values.cpu().contiguous().data<float>().ToArray();

    private sealed record Loaded(PanelTensor Panel, WindowBatch Batch) : IDisposable
    {
        public void Dispose() => Panel.Dispose();
    }
}
