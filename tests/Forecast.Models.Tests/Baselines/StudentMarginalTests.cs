using Forecast.Core.Distributions;
using Forecast.Models.Baselines;

namespace Forecast.Models.Tests.Baselines;

public class StudentMarginalTests
{
    [Theory]
    [InlineData(1, 0.975, 12.706204736174705)] // tan(0.475 pi)
    [InlineData(2, 0.975, 4.302652729749464)] // (2p - 1) sqrt(2 / (1 - (2p - 1)^2)) by the closed form of nu = 2
    [InlineData(4, 0.975, 2.7764451051977934)]
    [InlineData(30, 0.001, -3.3851848668182144)]
    public void Quantiles_are_those_of_the_tables(int freedom, double level, double expected)
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
    public void The_expected_shortfall_is_the_mean_of_the_quantiles_below(int freedom, double alpha)
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

    [Theory]
    [InlineData(2, 1e-3)]
    [InlineData(3, 1e-6)]
    [InlineData(4, 1e-8)]
    [InlineData(30, 1e-10)]
    [InlineData(7_699, 1e-10)]
    public void The_score_is_the_integral_of_its_definition(int freedom, double tolerance)
    {
        var law = new StudentMarginal(0.3, 1.5, freedom);
        foreach (var y in (double[])[0.3, 1.1, -6])
        {
            // Integral of (F - 1{x at least y})^2 dx with x = y +- (e^v - 1), whose integrand dies away at both ends; midpoint rule.
            double sum = 0;
            const double step = 5e-4;
            for (var v = step / 2; v < 16; v += step)
            {
                law.TryCdf(y - Math.Exp(v) + 1, out var below).ShouldBeTrue();
                law.TryCdf((2 * 0.3) - y - Math.Exp(v) + 1, out var above).ShouldBeTrue();  // 1 - F(y + d), by symmetry
                sum += ((below * below) + (above * above)) * Math.Exp(v) * step;
            }

            law.TryCrps(y, out var score).ShouldBeTrue();
            score.ShouldBe(sum, Math.Max(tolerance, 1e-7));
        }
    }

    /// <summary>Quantiles by the expansion of Abramowitz and Stegun 26.7.5, whose next term is of the order nu^-4.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(3_000)]
    [InlineData(7_699)]
    [InlineData(1_000_000)]
    public void Many_degrees_of_freedom_come_near_the_normal(int freedom)
    {
        var law = new StudentMarginal(0, 1, freedom);
        foreach (var level in (double[])[1e-6, 0.01, 0.05, 0.3, 0.4, 0.49, 0.9, 0.999])
        {
            double x = NormalDistribution.Quantile(level), x2 = x * x, n = freedom;
            var expected = x * (1 + ((x2 + 1) / (4 * n)) + (((((5 * x2) + 16) * x2) + 3) / (96 * n * n)) + (((((((3 * x2) + 19) * x2) + 17) * x2) - 15) / (384 * n * n * n)));
            law.TryQuantile(level, out var value).ShouldBeTrue();
            value.ShouldBe(expected, 1e-8 * Math.Abs(expected));
            law.TryCdf(value, out var back).ShouldBeTrue();
            back.ShouldBe(level, 1e-16 * freedom * level + (1e-12 * level));
        }
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
