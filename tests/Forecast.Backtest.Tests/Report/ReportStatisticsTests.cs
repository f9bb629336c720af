using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;

namespace Forecast.Backtest.Tests.Report;

/// <summary>The small statistics and roundings that only the report uses.</summary>
public sealed class ReportStatisticsTests
{
    /// <summary>Cumulative Binomial(250, 0.01), as in the Basel traffic-light table: 8.11 % at 0, 95.88 % at 5, 98.63 % at 6.</summary>
    [Theory]
    [InlineData(250, 0.01, 0.95, 0, 6)]
    [InlineData(10, 0.5, 0.95, 2, 8)]
    [InlineData(500, 0, 0.95, 0, 0)]
    [InlineData(500, 1, 0.95, 500, 500)]
    public void Binomial_bands_are_the_exact_quantiles(int n, double p, double confidence, int low, int high) => BinomialBand.Counts(n, p, confidence).ShouldBe((low, high));

    [Fact]
    public void Binomial_bands_of_many_trials_meet_the_normal_ones()
    {
        var (low, high) = BinomialBand.Counts(100_000, 0.3);
        var half = 1.96 * Math.Sqrt(100_000 * 0.3 * 0.7);
        ((double)low).ShouldBe(30_000 - half, 2);
        ((double)high).ShouldBe(30_000 + half, 2);
    }

    /// <summary>By hand: sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1, and never falling.</summary>
    [Fact]
    public void Holm_steps_down_and_leaves_out_what_was_not_tested()
    {
        var adjusted = HolmCorrection.Adjust([0.01, 0.04, double.NaN, 0.03, 0.005]);
        adjusted[2].ShouldBe(double.NaN);
        adjusted.Where((_, i) => i != 2).ShouldBe([0.03, 0.06, 0.06, 0.02], 1e-12);
    }

    [Fact]
    public void A_bootstrap_interval_holds_the_skill_repeats_and_needs_folds()
    {
        double[] baseline = [.. Enumerable.Range(0, 200).Select(i => 1 + (0.5 * Math.Sin(i)))];
        double[] model = [.. baseline.Select((b, i) => b * (0.9 + (0.05 * Math.Cos(3 * i))))];
        var interval = BlockBootstrap.SkillInterval([(model, baseline)], 3);
        interval.Low.ShouldBeInRange(0.08, 0.1);
        interval.High.ShouldBeInRange(0.1, 0.12);
        BlockBootstrap.SkillInterval([(model, baseline)], 3).ShouldBe(interval);
        BlockBootstrap.SkillInterval([(model[..9], baseline[..9])], 3).Low.ShouldBe(double.NaN);
    }

    [Fact]
    public void Thinning_keeps_every_extreme_and_every_gap()
    {
        double[] curve = [.. Enumerable.Range(0, 10_000).Select(i => Math.Sin(i * 0.01))];
        curve[1234] = 9;
        curve[5678] = -9;
        curve[8000] = double.NaN;
        var kept = Thinning.Keep([curve], 500);
        kept.Length.ShouldBeLessThanOrEqualTo(500);
        kept.ShouldBeInOrder();
        kept.ShouldContain(1234);
        kept.ShouldContain(5678);
        kept.ShouldContain(8000);
        Thinning.Keep([[1, 2, 3]], 500).ShouldBe([0, 1, 2]);
    }

    [Theory]
    [InlineData(-0.0231, 0.0193, -0.03, 0.02, 0.01)]
    [InlineData(0, 1, 0, 1, 0.2)]
    [InlineData(7, 7, 2, 12, 2)]
    public void Axes_end_at_round_numbers_that_hold_the_data(double low, double high, double min, double max, double step) =>
        NiceAxis.Holding([low, double.NaN, high]).ShouldBe(new NiceAxis(min, max, step));

    [Theory]
    [InlineData(0.0042134, "0.00421")]
    [InlineData(-1234.56, "−1,235")]
    [InlineData(12.345, "12.3")]
    [InlineData(0, "0.00")]
    [InlineData(3.2e-9, "3.20e-9")]
    [InlineData(double.NaN, "–")]
    public void Errors_have_three_significant_digits(double value, string text) => Numbers.Significant(value).ShouldBe(text);

    [Theory]
    [InlineData(-0.1244, "−12.4\u00a0%")]
    [InlineData(0.031, "+3.1\u00a0%")]
    [InlineData(0.0001, "0.0\u00a0%")]
    [InlineData(-0.0001, "0.0\u00a0%")]
    public void Differences_carry_their_sign(double value, string text) => Numbers.SignedPercent(value).ShouldBe(text);

    [Theory]
    [InlineData(0.0004, "<0.001")]
    [InlineData(0.0126, "0.013")]
    public void P_values_have_three_decimals(double p, string text) => Numbers.PValue(p).ShouldBe(text);
}
