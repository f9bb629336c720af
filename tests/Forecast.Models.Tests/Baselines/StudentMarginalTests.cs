using Forecast.Models.Baselines;

namespace Forecast.Models.Tests.Baselines;

public class StudentMarginalTests
{
    [Theory]
    [InlineData(1, 0.975, 12.706204736174705)] // tan(0.475 pi)
    [InlineData(2, 0.975, 4.302652729749464)] // (2p - 1) sqrt(2 / (1 - (2p - 1)^2)) by the closed form of nu = 2
    [InlineData(4, 0.975, 2.7764451051977934)]
    [InlineData(30, 0.001, -3.3851848668182144)]
    public void Quantiles_are_those_of_the_tables(double freedom, double level, double expected)
    {
        var law = new StudentMarginal(0, 1, freedom);
        law.TryQuantile(level, out var value).ShouldBeTrue();
        value.ShouldBe(expected, 1e-9 * Math.Abs(expected));
        law.TryCdf(value, out var back).ShouldBeTrue();
        back.ShouldBe(level, 1e-12);
    }

    [Theory]
    [InlineData(3, 0.05)]
    [InlineData(5, 0.01)]
    [InlineData(12, 0.025)]
    public void The_expected_shortfall_is_the_mean_of_the_quantiles_below(double freedom, double alpha)
    {
        var law = new StudentMarginal(1, 2, freedom);
        law.TryExpectedShortfall(alpha, out var shortfall).ShouldBeTrue();

        // Mean of the quantile function over (0, alpha); p = alpha u^6 tames the tail. Midpoint rule.
        const int n = 4000;
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var u = (i + 0.5) / n;
            law.TryQuantile(alpha * Math.Pow(u, 6), out var q).ShouldBeTrue();
            sum += q * 6 * Math.Pow(u, 5) / n;
        }

        shortfall.ShouldBe(-sum, 1e-4);
    }

    [Fact]
    public void The_score_is_the_integral_of_its_definition()
    {
        var law = new StudentMarginal(0.3, 1.5, 4);
        law.TryCrps(1.1, out var score).ShouldBeTrue();
        var sum = 0.0;
        const double step = 1e-3;
        for (var x = -300 + (step / 2); x < 300; x += step)
        {
            law.TryCdf(x, out var p).ShouldBeTrue();
            var gap = p - (x >= 1.1 ? 1 : 0);
            sum += gap * gap * step;
        }

        score.ShouldBe(sum, 1e-3);
    }

    [Fact]
    public void Without_a_mean_there_is_no_shortfall_and_no_score()
    {
        var cauchy = new StudentMarginal(0, 1, 1);
        cauchy.TryExpectedShortfall(0.05, out _).ShouldBeFalse();
        cauchy.TryCrps(0, out _).ShouldBeFalse();
        double.IsNaN(new StudentMarginal(0, 1, 2).Variance).ShouldBeTrue();
    }
}
