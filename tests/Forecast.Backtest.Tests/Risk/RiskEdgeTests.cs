using System.Text.Json;
using Forecast.Backtest.Risk;
using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>No exceedance, nothing but exceedances, short series, and whether the tests reject what they should.</summary>
public class RiskEdgeTests
{
    [Fact]
    public void No_exceedance_has_an_answer_in_every_test()
    {
        var tests = Constant(500, value: 0.001, var: 0.02, es: 0.03, alpha: 0.01);
        tests.Exceedances.ShouldBe(0);
        tests.KupiecPof.Statistic.ShouldBe(-2 * 500 * Math.Log(0.99), 1e-10);
        tests.KupiecTuff.First.ShouldBeNull();
        tests.KupiecTuff.Statistic.ShouldBe(tests.KupiecPof.Statistic, 1e-10);
        (tests.Independence.Statistic, tests.Independence.PValue, tests.Independence.Pi11).ShouldBe((0, 1, null));
        tests.ConditionalCoverage.Sum.ShouldBe(tests.KupiecPof.Statistic, 1e-10);
        tests.DynamicQuantileHits.Degrees.ShouldBe(1);
        tests.DynamicQuantileHits.Statistic!.Value.ShouldBe(496 * 0.01 / 0.99, 1e-9);
        (tests.Duration.Statistic, tests.Duration.PValue).ShouldBe((0, 1));
        tests.TrafficLight.Zone.ShouldBe("green");
        tests.TrafficWindows.Count.ShouldBe(2);
        tests.Shortfall!.Z1.ShouldBeNull();
        tests.Shortfall.Z2.ShouldBe(1);
        tests.Shortfall.McNeilFrey.Count.ShouldBe(0);
        tests.DuEscanciano!.Unconditional.ShouldBeLessThan(0);
        Should.NotThrow(() => JsonSerializer.Serialize(tests));
        RiskRow.Of(tests).Single(r => r.Id == "Z1").PValue.ShouldBe(double.NaN);
    }

    [Fact]
    public void Nothing_but_exceedances_has_an_answer_in_every_test()
    {
        var tests = Constant(300, value: -0.05, var: 0.02, es: 0.03, alpha: 0.01);
        tests.Exceedances.ShouldBe(300);
        tests.KupiecPof.Statistic.ShouldBe(-2 * 300 * Math.Log(0.01), 1e-9);
        tests.KupiecTuff.First.ShouldBe(1);
        (tests.Independence.Statistic, tests.Independence.Pi01, tests.Independence.Pi11).ShouldBe((0, null, 1));
        tests.DynamicQuantileHits.Statistic!.Value.ShouldBe(296 * 0.99 / 0.01, 1e-6);
        tests.DynamicQuantileHits.Degrees.ShouldBe(1);
        (tests.Duration.Statistic, tests.Duration.PValue).ShouldBe((0, 1));
        tests.TrafficLight.Zone.ShouldBe("red");
        tests.TrafficLight.Multiplier.ShouldBe(4);
        tests.TrafficLight.CurrentMultiplier.ShouldBe(2);
        tests.Shortfall!.Z1!.Value.ShouldBe(1 - (0.05 / 0.03), 1e-12);
        tests.Shortfall.McNeilFrey.Note.ShouldBe("all residuals are equal");
        Should.NotThrow(() => JsonSerializer.Serialize(tests));
    }

    [Fact]
    public void One_day_is_enough_for_an_answer()
    {
        var tests = RiskTests.Of(RiskSeries.Of("", [-0.05], [0.02], [0.03], pit: [0.001]), 0.01);
        (tests.Days, tests.DynamicQuantileHits.Statistic, tests.Independence.PValue, tests.TrafficWindows.Count).ShouldBe((1, null, 1, 0));
        tests.DuEscanciano!.Conditional.ShouldBeNull();
        Should.NotThrow(() => JsonSerializer.Serialize(tests));
    }

    [Fact]
    public void Rows_without_a_number_are_left_out_and_counted()
    {
        var series = RiskSeries.Of("m", [0.01, double.NaN, -0.03, 0.02], [0.02, 0.02, 0.02, double.NaN]);
        (series.Length, series.LeftOut, series.Exceedances).ShouldBe((2, 2, 1));
        series.Rows.ShouldBe([0, 2]);
    }

    [Theory]
    [InlineData("es-below-var", 0.02, 0.01)]
    [InlineData("es-invalid", -0.02, -0.01)]
    [InlineData("value-infinite", double.PositiveInfinity, 1)]
    public void What_no_tail_can_be_is_refused_with_its_row(string code, double var, double es)
    {
        var e = Should.Throw<ForecastException>(() => RiskSeries.Of("m", [0.01, 0.01], [0.02, var], [0.03, es]));
        (e.Code, e.Index).ShouldBe((code, 1));
        e.Message.ShouldContain("row 2");
    }

    [Fact]
    public void A_right_model_passes_and_a_wrong_one_is_found()
    {
        var random = new RandomSource(3);
        double[] returns = [.. Enumerable.Range(0, 4000).Select(_ => 0.01 * random.NextNormal())];
        var right = Normal(returns, 0.01);
        RiskRow.Of(right).Where(r => r.PValue < 0.002).ShouldBeEmpty();
        var low = Normal(returns, 0.007);
        foreach (var id in new[] { "kupiec_pof", "christoffersen_cc", "dq_hits_only_lags4", "Z2", "mcneil_frey", "du_escanciano" })
            RiskRow.Of(low).Single(r => r.Id == id).PValue.ShouldBeLessThan(0.01, id);
    }

    [Fact]
    public void Clusters_are_found_by_the_tests_of_independence_and_regular_gaps_by_the_duration_test()
    {
        var clustered = new bool[1000];
        for (var start = 100; start < 1000; start += 300)
            for (var i = 0; i < 8; i++) clustered[start + i] = true;
        ChristoffersenIndependence.Of(clustered).PValue.ShouldBeLessThan(1e-6);
        var clusters = DurationTest.Of(clustered);
        clusters.Shape!.Value.ShouldBeLessThan(0.6);
        clusters.PValue.ShouldBeLessThan(1e-3);

        var regular = new bool[1000];
        for (var t = 49; t < 1000; t += 50) regular[t] = true;
        var even = DurationTest.Of(regular);
        even.Shape!.Value.ShouldBeGreaterThan(50);
        even.PValue.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void The_duration_test_holds_its_level_for_exceedances_without_memory()
    {
        var random = new RandomSource(8);
        var rejected = Enumerable.Range(0, 400).Count(_ => DurationTest.Of([.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble() < 0.05)]).PValue < 0.05);
        ((double)rejected / 400).ShouldBeInRange(0.01, 0.1);
    }

    [Fact]
    public void The_joint_score_and_the_tick_loss_are_least_at_the_truth()
    {
        var random = new RandomSource(4);
        double[] returns = [.. Enumerable.Range(0, 20_000).Select(_ => 0.01 * random.NextNormal())];
        var (truth, wide, narrow) = (Normal(returns, 0.01), Normal(returns, 0.014), Normal(returns, 0.0075));
        truth.TickLoss.ShouldBeLessThan(Math.Min(wide.TickLoss, narrow.TickLoss));
        truth.Shortfall!.JointLoss.ShouldBeLessThan(Math.Min(wide.Shortfall!.JointLoss, narrow.Shortfall!.JointLoss));
    }

    [Fact]
    public void A_comparison_uses_the_days_that_all_have_and_knows_equal_models()
    {
        var random = new RandomSource(5);
        double[] returns = [.. Enumerable.Range(0, 600).Select(_ => 0.01 * random.NextNormal())];
        double[] good = [.. returns.Select(_ => 0.0233)], bad = [.. returns.Select((_, t) => t == 7 ? double.NaN : 0.08)];
        var comparison = RiskComparison.Of([RiskSeries.Of("bad", returns, bad), RiskSeries.Of("good", returns, good), RiskSeries.Of("same", returns, good)], 0.01)!;
        comparison.Days.ShouldBe(599);
        comparison.Ranking.Single(r => r.Model == "bad").ShouldSatisfyAllConditions(r => r.Rank.ShouldBe(3), r => r.InConfidenceSet.ShouldBeFalse());
        comparison.Ranking.Where(r => r.Model != "bad").ShouldAllBe(r => r.InConfidenceSet && r.ConfidenceSetP == 1);
        comparison.Pairs.Single(p => p.First == "same" && p.Second == "good").ShouldSatisfyAllConditions(p => p.Statistic.ShouldBeNull(), p => p.Note.ShouldNotBeNull());
        RiskComparison.Of([RiskSeries.Of("alone", returns, good)], 0.01).ShouldBeNull();
    }

    private static RiskTests Constant(int days, double value, double var, double es, double alpha) => RiskTests.Of(
        RiskSeries.Of("", [.. Enumerable.Repeat(value, days)], [.. Enumerable.Repeat(var, days)], [.. Enumerable.Repeat(es, days)], pit: [.. Enumerable.Repeat(value < 0 ? 0.001 : 0.6, days)]), alpha);

    private static RiskTests Normal(double[] returns, double sd)
    {
        var (var, es) = TailFormulas.LocationScale(0, sd, NormalDistribution.Standard, 0.025);
        return RiskTests.Of(
            RiskSeries.Of("normal", returns, [.. returns.Select(_ => var)], [.. returns.Select(_ => es)], [.. returns.Select(_ => sd)], [.. returns.Select(r => NormalDistribution.Cdf(r / sd))]), 0.025);
    }
}
