using Forecast.Backtest.Metrics;

namespace Forecast.Backtest.Tests.Metrics;

/// <summary>What scores do where their formula has no value.</summary>
public class MetricEdgeTests
{
    private const double NaN = double.NaN;

    [Fact]
    public void A_missing_actual_is_left_out()
    {
        PointMetrics.MeanAbsoluteError([1, NaN, 3], [2, 100, 5]).ShouldBe(1.5);
        QuantileMetrics.MeanPinball([1, NaN], [2, 100], 0.1).ShouldBe(0.9);
        IntervalMetrics.Coverage([1, NaN, 9], [0, 0, 0], [2, 2, 2]).ShouldBe(0.5);
    }

    [Fact]
    public void A_missing_forecast_leaves_no_score()
    {
        PointMetrics.MeanAbsoluteError([1, 2], [1, NaN]).ShouldBe(NaN);
        QuantileMetrics.LevelCoverage([1, 2], [1, NaN]).ShouldBe(NaN);
        IntervalMetrics.Coverage([1, 2], [0, 0], [3, NaN]).ShouldBe(NaN);
    }

    [Fact]
    public void No_pair_no_score()
    {
        PointMetrics.RootMeanSquaredError([], []).ShouldBe(NaN);
        PointMetrics.SymmetricMape([NaN], [1]).ShouldBe(NaN);
        IntervalMetrics.MeanWinkler([], [], [], 0.1).ShouldBe(NaN);
        QuantileMetrics.CrpsFromQuantiles([]).ShouldBe(NaN);
        Crps.Sample(1, []).ShouldBe(NaN);
        Crps.FairSample(1, [2]).ShouldBe(NaN);
        PointMetrics.TheilU([1], [1]).ShouldBe(NaN);
    }

    [Fact]
    public void Zeros_in_the_denominator_leave_no_score()
    {
        PointMetrics.MeanAbsolutePercentageError([0, 1], [1, 1]).ShouldBe(NaN);
        PointMetrics.MeanPercentageError([0, 1], [0, 1]).ShouldBe(NaN);
        PointMetrics.WeightedAbsolutePercentageError([0, 0], [1, 1]).ShouldBe(NaN);
        PointMetrics.NormalizedRmse([0, 0], [1, 1]).ShouldBe(NaN);
        PointMetrics.MeanAbsoluteScaledError([1], [2], 0).ShouldBe(NaN);
        PointMetrics.RootMeanSquaredScaledError([1], [2], NaN).ShouldBe(NaN);
        PointMetrics.TheilU([1, 1], [1, 2]).ShouldBe(NaN);
        QuantileMetrics.WeightedQuantileLoss([0], [1], 0.5).ShouldBe(NaN);
        OverallWeightedAverage.Of(1, 1, 0, 1).ShouldBe(NaN);
    }

    [Fact]
    public void Symmetric_mape_counts_two_zeros_as_met_and_one_as_missed()
    {
        PointMetrics.SymmetricMape([0, 0], [0, 3]).ShouldBe(100);
        PointMetrics.SymmetricMape([1], [-1]).ShouldBe(200);
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        Should.Throw<ArgumentException>(() => PointMetrics.MeanAbsoluteError([1, 2], [1]));
        Should.Throw<ArgumentException>(() => IntervalMetrics.Coverage([1, 2], [1, 2], [1]));
        Should.Throw<ArgumentException>(() => DieboldMariano.OfErrors([1, 2], [1], 1));
        Should.Throw<ArgumentException>(() => Crps.NormalMixture(0, [1], [0, 1], [1, 1]));
    }

    [Fact]
    public void Scales_skip_pairs_with_a_missing_value()
    {
        SeasonalScale.Absolute([1, NaN, 4, 6], 1).ShouldBe(2);
        SeasonalScale.Absolute([1, 2], 2).ShouldBe(NaN);
        SeasonalScale.Squared([5, 5, 5], 1).ShouldBe(0);
    }

    [Fact]
    public void A_point_on_the_edge_is_inside()
    {
        IntervalMetrics.Coverage([1, 2], [1, 1], [2, 2]).ShouldBe(1);
        QuantileMetrics.LevelCoverage([2], [2]).ShouldBe(1);
        QuantileMetrics.Pinball(2, 2, 0.3).ShouldBe(0);
    }

    [Fact]
    public void A_mixture_of_one_is_the_normal()
    {
        Crps.NormalMixture(1.7, [3], [0.4], [2]).ShouldBe(Crps.Normal(1.7, 0.4, 2), 1e-14);
        Should.Throw<ArgumentOutOfRangeException>(() => Crps.Normal(0, 0, 0));
    }

    [Fact]
    public void Diebold_mariano_says_why_there_is_no_statistic()
    {
        DieboldMariano.OfErrors([1, 2, 3], [1, 2, 3], 1).Note.ShouldBe("the loss difference never changes");
        DieboldMariano.OfDifferences([1], 1).Note.ShouldBe("fewer than two pairs of forecasts");
        DieboldMariano.OfDifferences([1, NaN, NaN], 1).Count.ShouldBe(1);
        DieboldMariano.OfDifferences([1, 2, 3], 3).Note.ShouldBe("3 pairs are too few for forecasts that overlap over 2");

        // Differences that swing from place to place have a negative rectangular variance at h = 2; the Bartlett one is positive.
        double[] swinging = [1, -1, 1.1, -1, 1, -1.1, 1, -1];
        var rectangular = DieboldMariano.OfDifferences(swinging, 2);
        (rectangular.Statistic, rectangular.PValue).ShouldBe((NaN, NaN));
        rectangular.Note.ShouldContain("Bartlett");
        DieboldMariano.OfDifferences(swinging, 2, LongRunKernel.Bartlett).PValue.ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Swapping_the_models_turns_the_test_round()
    {
        double[] first = [0.3, -1.2, 0.8, 2.0, -0.4, 1.1], second = [0.1, -0.9, 1.4, 1.2, -0.2, 0.3];
        var (one, other) = (DieboldMariano.OfErrors(first, second, 1), DieboldMariano.OfErrors(second, first, 1));

        other.Corrected.ShouldBe(-one.Corrected, 1e-14);
        other.PValue.ShouldBe(one.PValue, 1e-14);
        other.PGreater.ShouldBe(one.PLess, 1e-14);
        (one.PGreater + one.PLess).ShouldBe(1, 1e-14);
    }

    [Fact]
    public void Diagnostics_of_a_constant_have_no_value()
    {
        ResidualDiagnostics.Autocorrelations([2, 2, 2, 2], 2).ShouldAllBe(r => double.IsNaN(r));
        ResidualDiagnostics.LjungBox([2, 2, 2, 2], 2).PValue.ShouldBe(NaN);
        ResidualDiagnostics.ArchLm([.. Enumerable.Repeat(1.0, 20)], 2).PValue.ShouldBe(NaN);
        ResidualDiagnostics.JarqueBera([1, 1, 1]).PValue.ShouldBe(NaN);
    }

    [Fact]
    public void Diagnostics_refuse_gaps_and_too_many_lags()
    {
        Should.Throw<ArgumentException>(() => ResidualDiagnostics.JarqueBera([1, NaN]));
        Should.Throw<ArgumentException>(() => ResidualDiagnostics.Autocorrelations([1, 2], 2));
        Should.Throw<ArgumentException>(() => ResidualDiagnostics.ArchLm([1, 2, 4, 3, 5, 1], 3));
        Should.Throw<ArgumentOutOfRangeException>(() => ResidualDiagnostics.LjungBox([1, 2, 4, 3, 5, 1], 2, fitted: 2));
    }

    [Fact]
    public void Naive2_needs_three_periods_and_a_clear_pattern_to_see_a_season()
    {
        double[] twice = [1, 5, 1, 5], often = [.. Enumerable.Range(0, 24).Select(t => t % 2 == 0 ? 1.0 : 5.0)];
        Naive2.IsSeasonal(twice, 2).ShouldBeFalse();
        Naive2.Forecast(twice, 2, 2).ShouldBe([5, 5]);
        Naive2.IsSeasonal(often, 2).ShouldBeTrue();
        Naive2.Forecast(often, 2, 3).ShouldBe([1, 5, 1], 1e-12);
    }
}
