using Forecast.Backtest.Metrics;
using Forecast.Backtest.Plan;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Metrics;

public class ModelComparisonTests
{
    [Theory]
    [InlineData(1, 1, 0, 1)]
    [InlineData(4, 2, 0, 2)]
    [InlineData(3, 2, 2, 3)]
    public void Folds_are_compared_in_time_with_their_overlap(int horizon, int step, int gap, int overlap)
    {
        var plan = new WalkForwardPlan { Horizon = horizon, Step = step, Gap = gap, InitialRows = 20 };
        var result = Run(new Panel([Series("a", 60), Series("b", 60, 2)]), Spec(plan, "m", "n"), new LastValue(), new Higher());
        var difference = ModelComparison.AgainstFirst(result, ComparedLoss.Squared);

        difference.Select(d => (d.Model, d.Baseline, d.Series)).ShouldBe([("n", "m", "a"), ("n", "m", "b")]);
        double[] folds =
        [
            .. result.Predictions.Where(p => p is { Model: "n", Series: "a" }).Zip(result.Predictions.Where(p => p is { Model: "m", Series: "a" }), (n, m) => (n.Cutoff, Loss: Squared(n) - Squared(m)))
                .GroupBy(l => l.Cutoff).Select(g => g.Average(l => l.Loss)),
        ];
        difference[0].Test.ShouldBe(DieboldMariano.OfDifferences(folds, overlap));
        double.IsFinite(difference[0].Test.PValue).ShouldBeTrue();

        static double Squared(Results.PredictionRow row) => (row.Actual - row.Mean) * (row.Actual - row.Mean);
    }

    [Fact]
    public void The_worse_model_has_the_positive_difference_under_every_loss()
    {
        var result = Run(new Panel([Series("a", 120)]), Spec(new WalkForwardPlan { Horizon = 1, InitialRows = 20 }, "m", "n"), new LastValue(), new Higher());

        foreach (var loss in Enum.GetValues<ComparedLoss>())
        {
            var test = ModelComparison.AgainstFirst(result, loss).Single().Test;
            test.MeanDifference.ShouldBeGreaterThan(0, $"{loss}");
            test.PGreater.ShouldBeLessThan(0.01, $"{loss}");
            test.Count.ShouldBe(100);
        }
    }

    /// <summary>A forecast that is 5 too high.</summary>
    private sealed class Higher : LastValue
    {
        protected override IMarginal Law(string series, double mean, double sd, int h) => base.Law(series, mean + 5, sd, h);
    }
}
