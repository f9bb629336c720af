using Forecast.Core.Distributions;

namespace Forecast.Core.Tests.Distributions;

public sealed class QuantileMarginalTests
{
    private static readonly QuantileMarginal Law = new([0.1, 0.5, 0.9], [2, 4, 10]);

    [Fact]
    public void Known_levels_are_given_and_levels_between_them_are_interpolated()
    {
        Quantile(0.1).ShouldBe(2);
        Quantile(0.9).ShouldBe(10);
        Quantile(0.3).ShouldBe(3, 1e-12);
        Quantile(0.8).ShouldBe(8.5, 1e-12);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.95)]
    public void Levels_outside_are_denied(double level)
    {
        Law.TryQuantile(level, out var value).ShouldBeFalse();
        value.ShouldBe(double.NaN);
        Law.TryExpectedShortfall(0.05, out _).ShouldBeFalse();
        Law.TryCrps(3, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_distribution_function_undoes_the_quantile_and_ends_where_knowledge_ends()
    {
        Law.TryCdf(8.5, out var p).ShouldBeTrue();
        p.ShouldBe(0.8, 1e-12);
        Law.TryCdf(1.9, out _).ShouldBeFalse();
        Law.TryCdf(10.1, out _).ShouldBeFalse();
        new QuantileMarginal([0.1, 0.3, 0.5], [1, 1, 2]).TryCdf(1, out var tied).ShouldBeTrue();
        tied.ShouldBe(0.2, 1e-12);
    }

    [Fact]
    public void The_mean_is_winsorised() => Law.Mean.ShouldBe(0.2 + (0.4 * 3) + (0.4 * 7) + 1, 1e-12);

    [Fact]
    public void Crossed_quantiles_and_levels_out_of_order_are_refused()
    {
        Should.Throw<ForecastException>(() => new QuantileMarginal([0.1, 0.5], [2, 1])).Code.ShouldBe("quantiles-cross");
        Should.Throw<ArgumentException>(() => new QuantileMarginal([0.5, 0.5], [1, 1]));
        Should.Throw<ForecastException>(() => new QuantileMarginal([0.5], [double.NaN])).Code.ShouldBe("forecast-not-finite");
    }

    [Fact]
    public void A_map_moves_the_quantiles()
    {
        Law.Select(v => v * v).TryQuantile(0.9, out var value).ShouldBeTrue();
        value.ShouldBe(100);
    }

    private static double Quantile(double level) => Law.TryQuantile(level, out var value) ? value : throw new InvalidOperationException($"no quantile at {level}");
}
