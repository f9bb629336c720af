using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Models.Training;

namespace Forecast.Models.Tests.Training;

public sealed class WindowSplitTests
{
    [Theory]
    [InlineData(200, 200, 24, 6, 0.2)]
    [InlineData(300, 180, 10, 12, 0.1)]
    [InlineData(400, 90, 30, 1, 0.5)]
    public void Every_training_target_is_earlier_than_every_validation_target_with_an_embargo_of_the_horizon(int a, int b, int lookback, int horizon, double share)
    {
        // The shorter series begins later, so that the same instant is another row in each.
        var (full, late) = (TestPanels.Times(Frequency.Daily, a), TestPanels.Times(Frequency.Daily, b, first: a - b + 5));
        var view = new Panel([TimeSeries.Univariate("a", Frequency.Daily, full, new double[a]), TimeSeries.Univariate("b", Frequency.Daily, late, new double[b])]).AsOf(NodaTime.Instant.MaxValue);

        var split = WindowSplit.ByTime(view.Series, lookback, horizon, share);

        split.TrainingCount.ShouldBeGreaterThan(0);
        split.ValidationCount.ShouldBeGreaterThan(0);
        var lastTraining = split.Training.Where(r => r.Count > 0).Max(r => view.Series[r.Series].Times[r.Last + horizon]);
        var firstValidation = split.Validation.Where(r => r.Count > 0).Min(r => view.Series[r.Series].Times[r.First + 1]);
        (firstValidation - lastTraining).Days.ShouldBeGreaterThan(horizon);
        foreach (var (training, validation) in split.Training.Zip(split.Validation))
        {
            if (training.Count > 0) training.First.ShouldBe(lookback - 1);
            if (training.Count > 0 && validation.Count > 0) (validation.First + 1 - (training.Last + horizon)).ShouldBe(horizon + 1, "H rows lie between the targets of the two spans");
            if (validation.Count > 0) validation.Last.ShouldBe(view.Series[validation.Series].Length - 1 - horizon);
        }
    }

    [Fact]
    public void The_share_of_target_rows_is_met()
    {
        var view = TestPanels.View(new double[1000]);

        var split = WindowSplit.ByTime(view.Series, lookback: 100, horizon: 10, share: 0.2);

        (1000 - split.Validation[0].First - 1).ShouldBe(180);
    }

    [Fact]
    public void A_panel_too_short_for_two_spans_is_all_for_training()
    {
        var view = TestPanels.View(new double[40]);

        var split = WindowSplit.ByTime(view.Series, lookback: 24, horizon: 6, share: 0.2);

        split.Training.ShouldBe([new WindowRange(0, 23, 33)]);
        split.ValidationCount.ShouldBe(0);
    }
}
