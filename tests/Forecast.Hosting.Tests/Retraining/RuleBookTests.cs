using Forecast.Hosting.Retraining;

namespace Forecast.Hosting.Tests.Retraining;

/// <summary>Questions of a promotion rule, with answers worked out by hand.</summary>
public sealed class RuleBookTests
{
    private static readonly ContestFindings Held = new()
    {
        Folds = 20,
        FitCutoff = "2024-01-01",
        Metric = "MASE",
        Candidate = 0.95,
        Champion = 1,
        ChampionParameters = "stored",
        Calibration = [new LevelShare(0.5, 0.5, 400)],
        Risk = [],
        PredictionsHash = "",
    };

    [Theory]
    [InlineData(0, 0.95, true)]
    [InlineData(0.05, 0.95, true)]
    [InlineData(0.06, 0.95, false)]
    [InlineData(0, 1.01, false)]
    [InlineData(-0.02, 1.01, true)] // a little worse is fine where fresh parameters are wanted
    public void The_metric_must_be_as_much_better_as_was_asked(double improvement, double candidate, bool passes) =>
        Passes(new PromotionRule { MinImprovement = improvement }, Held with { Candidate = candidate }, "metric").ShouldBe(passes);

    [Fact]
    public void Without_a_champion_to_compare_with_the_other_questions_decide()
    {
        Passes(new PromotionRule(), Held with { Champion = null, ChampionParameters = "none" }, "metric").ShouldBeTrue();
        Passes(new PromotionRule(), Held with { Champion = null, ChampionParameters = "same" }, "metric").ShouldBeTrue();
        Passes(new PromotionRule(), Held with { Candidate = null }, "metric").ShouldBeFalse("a candidate without a score passes nothing");
    }

    /// <summary>400 values at level 1/2 have a standard error of 1/40: 2.576 of them are 0.064. 16 values have 1/8: 0.322.</summary>
    [Theory]
    [InlineData(0.05, 0.56, 400, true)]
    [InlineData(0.05, 0.57, 400, false)]
    [InlineData(0.1, 0.59, 400, true)]
    [InlineData(0.1, 0.39, 400, false)]
    [InlineData(0.05, 0.8, 16, true)]
    [InlineData(0.05, 0.85, 16, false)]
    public void Shares_below_quantiles_may_be_off_by_chance_or_as_much_as_was_allowed(double most, double share, int count, bool passes) =>
        Passes(new PromotionRule { Miscalibration = most }, Held with { Calibration = [new LevelShare(0.5, share, count)] }, "calibration").ShouldBe(passes);

    [Theory]
    [InlineData(0.5, 0.5, true)]
    [InlineData(0.009, 0.5, false)]
    [InlineData(0.5, 0.009, false)]
    public void Both_tests_of_VaR_must_pass(double kupiec, double christoffersen, bool passes) =>
        Passes(new PromotionRule { Risk = [0.05] }, Held with { Risk = [new TailFindings("s", 0.05, 250, 12, 0.9, 0.9), new TailFindings("t", 0.05, 250, 12, kupiec, christoffersen)] }, "risk").ShouldBe(passes);

    [Fact]
    public void A_candidate_without_VaR_fails_where_it_was_asked_for() => Passes(new PromotionRule { Risk = [0.05] }, Held, "risk").ShouldBeFalse();

    private static bool Passes(PromotionRule rule, ContestFindings contest, string question) => RuleBook.Ask(rule.Validated(), contest).Single(c => c.Name == question).Passed;
}
