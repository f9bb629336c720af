using Forecast.Hosting.Backtests;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Hosting.Tests.Backtests;

/// <summary>Models of several runs, side by side on what all of them forecast.</summary>
public sealed class RunComparisonTests
{
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);

    /// <summary>Forecasts of one step whose error is the same at each cutoff, but for a little that alternates.</summary>
    private static Contender Of(string model, double error, int from = 0, int to = 20, string series = "a") => new("run", model, [.. Enumerable.Range(from, to - from).Select(fold => new StoredPrediction
    {
        Model = model,
        Series = series,
        Fold = fold,
        Cutoff = Start + Duration.FromDays(fold),
        Steps = [1],
        Timestamps = [Start + Duration.FromDays(fold + 1)],
        ObservedAt = [Start + Duration.FromDays(fold + 1)],
        Actuals = [fold],
        Means = [fold + error + (fold % 2 * 0.1 * error)],
        Quantiles = [],
        Crps = [double.NaN],
        Pit = [double.NaN],
    })]);

    [Fact]
    public void Only_common_forecasts_count_and_ratios_are_against_the_first()
    {
        var found = RunComparison.Of([Of("base", 2), Of("half", 1, from: 5, to: 25)], overlap: 1);
        (found.Score, found.Common, found.LeftOut, found.Cutoffs).ShouldBe(("MAE", 15, 10, 15));
        found.Standings[0].Ratio.ShouldBe(1, 1e-12);
        found.Standings[1].Ratio.ShouldBe(0.5, 1e-12);
        found.Standings.Select(s => s.Rank).ShouldBe([2, 1]);
        var duel = found.Duels.ShouldHaveSingleItem();
        duel.Difference.ShouldBe(-0.5, 1e-9);
        duel.PValue.ShouldBeLessThan(0.001);
    }

    [Fact]
    public void Equal_models_share_their_rank_and_no_test_is_made_of_differences_that_never_change()
    {
        var found = RunComparison.Of([Of("one", 1), Of("other", 1)], overlap: 1);
        found.Standings.Select(s => s.Rank).ShouldBe([1.5, 1.5]);
        double.IsNaN(found.Duels[0].PValue).ShouldBeTrue();
        found.Duels[0].Note.ShouldNotBeEmpty();
    }

    [Fact]
    public void Runs_of_other_data_have_nothing_in_common()
    {
        var found = RunComparison.Of([Of("one", 1), Of("other", 1, series: "b")], overlap: 1);
        (found.Common, found.Series.Count, found.LeftOut).ShouldBe((0, 0, 40));
        found.Standings.ShouldAllBe(s => double.IsNaN(s.Ratio));
    }
}
