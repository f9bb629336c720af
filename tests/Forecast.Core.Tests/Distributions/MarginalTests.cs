using Forecast.Core.Distributions;
using FsCheck;
using FsCheck.Fluent;

namespace Forecast.Core.Tests.Distributions;

public class MarginalTests
{
    // 1, 2, 4, 8: every expected figure below is worked out by hand.
    private static readonly EmpiricalMarginal Draws = new([4, 1, 8, 2]);

    [Fact]
    public void Moments_are_those_of_the_draws()
    {
        Draws.Mean.ShouldBe(3.75);
        Draws.Variance.ShouldBe((85 / 4.0) - (3.75 * 3.75), 1e-14);
        new EmpiricalMarginal([1, 2], mean: 7, variance: 9).Mean.ShouldBe(7);
    }

    [Theory]
    [InlineData(1e-9, 1 + 3e-9)]
    [InlineData(0.5, 3)]         // position 1.5: halfway from 2 to 4
    [InlineData(0.25, 1.75)]     // position 0.75
    [InlineData(0.9, 6.8)]       // position 2.7
    [InlineData(1 - 1e-16, 8)]
    public void Quantiles_interpolate_between_order_statistics(double level, double expected)
    {
        Draws.TryQuantile(level, out var value).ShouldBeTrue();
        value.ShouldBe(expected, 1e-12);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(1, 0.125)]
    [InlineData(3, 0.5)]
    [InlineData(8, 0.875)]
    [InlineData(9, 1)]
    public void Distribution_function_counts_a_tie_by_half(double x, double expected)
    {
        Draws.TryCdf(x, out var p).ShouldBeTrue();
        p.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0.25, -1)]
    [InlineData(0.1, -1)]
    [InlineData(0.5, -1.5)]
    [InlineData(0.375, -4 / 3.0)]  // one whole draw 1 and half a draw 2, over 1.5
    public void Shortfall_is_the_mean_of_the_worst_draws(double alpha, double expected)
    {
        Draws.TryExpectedShortfall(alpha, out var value).ShouldBeTrue();
        value.ShouldBe(expected, 1e-14);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    [InlineData(8)]
    public void Crps_of_draws_is_its_double_sum(double y)
    {
        double[] x = [1, 2, 4, 8];
        var expected = x.Average(a => Math.Abs(a - y)) - (0.5 * x.Average(a => x.Average(b => Math.Abs(a - b))));
        Draws.TryCrps(y, out var score).ShouldBeTrue();
        score.ShouldBe(expected, 1e-14);
    }

    [Fact]
    public void A_single_draw_is_a_point()
    {
        var point = new EmpiricalMarginal([5]);
        point.TryQuantile(0.3, out var q).ShouldBeTrue();
        q.ShouldBe(5);
        point.TryCrps(7, out var score).ShouldBeTrue();
        score.ShouldBe(2);
        point.TryExpectedShortfall(0.01, out var es).ShouldBeTrue();
        es.ShouldBe(-5, 1e-14);
    }

    [Fact]
    public void Draws_must_be_there_and_finite()
    {
        Should.Throw<ArgumentException>(() => new EmpiricalMarginal([]));
        Should.Throw<ForecastException>(() => new EmpiricalMarginal([1, double.NaN])).Code.ShouldBe("forecast-not-finite");
        Should.Throw<ForecastException>(() => new EmpiricalMarginal([1, double.PositiveInfinity])).Code.ShouldBe("forecast-not-finite");
    }

    [Fact]
    public void Quantiles_of_draws_never_cross_and_stay_within_the_draws()
    {
        Prop.ForAll(Gen.Choose(-1000, 1000).NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 998).ToArbitrary(), (draws, level) =>
        {
            var marginal = new EmpiricalMarginal([.. draws.Select(d => d / 7.0)]);
            marginal.TryQuantile(level / 1000.0, out var low);
            marginal.TryQuantile((level + 1) / 1000.0, out var high);
            return low <= high && low >= draws.Min() / 7.0 && high <= draws.Max() / 7.0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Location_and_scale_move_every_quantity_of_the_normal_law()
    {
        var law = LocationScaleMarginal.Normal(10, 2);
        law.Mean.ShouldBe(10);
        law.Variance.ShouldBe(4);
        law.TryQuantile(0.975, out var q).ShouldBeTrue();
        q.ShouldBe(10 + (2 * 1.959963984540054), 1e-14);
        law.TryCdf(8, out var p).ShouldBeTrue();
        p.ShouldBe(0.15865525393145705, 1e-15);
        law.TryExpectedShortfall(0.05, out var es).ShouldBeTrue();
        es.ShouldBe(-10 + (2 * 2.0627128075074256), 1e-12);  // phi(1.6448536) / 0.05 = 2.0627128
        law.TryCrps(13, out var crps).ShouldBeTrue();
        crps.ShouldBe(2 * NormalDistribution.Standard.Crps(1.5), 1e-15);
    }

    [Fact]
    public void Without_spread_the_law_is_a_point()
    {
        var law = LocationScaleMarginal.Normal(10, 0);
        law.TryQuantile(0.01, out var q).ShouldBeTrue();
        law.TryCdf(9.99, out var below).ShouldBeTrue();
        law.TryCdf(10, out var at).ShouldBeTrue();
        law.TryExpectedShortfall(0.05, out var es).ShouldBeTrue();
        law.TryCrps(12, out var crps).ShouldBeTrue();
        (q, below, at, es, crps).ShouldBe((10, 0, 1, -10, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Levels_lie_strictly_between_0_and_1_for_every_law(double level)
    {
        foreach (var law in new IMarginal[] { Draws, LocationScaleMarginal.Normal(0, 1), LocationScaleMarginal.Normal(0, 0) })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => law.TryQuantile(level, out _));
            Should.Throw<ArgumentOutOfRangeException>(() => law.TryExpectedShortfall(level, out _));
        }
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(0, -1)]
    public void A_forecast_that_is_not_finite_is_refused(double mean, double sd) =>
        Should.Throw<ForecastException>(() => LocationScaleMarginal.Normal(mean, sd)).Code.ShouldBe("forecast-not-finite");
}
