using Forecast.Models.Garch;

namespace Forecast.Models.Tests.Garch;

/// <summary>The fast parts of the volatility kernels against their plain forms.</summary>
public sealed class GarchKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(131)]
    public void Sums_over_lags_at_once_equal_those_of_each_time(int length)
    {
        const int Lags = 50;
        const double Before = 0.7;
        var random = new Random(length);
        double[] x = Draw(length), w = Draw(Lags), v = Draw(Lags);
        double[] beyondW = Beyond(w), beyondV = Beyond(v);
        double[] alone = new double[LagSums.Room(length)], one = new double[alone.Length], other = new double[alone.Length];
        var sums = new LagSums(length);
        sums.Set(Draw(length), 3);
        sums.Of(w, beyondW, alone);
        sums.Set(x, Before);
        sums.Of(w, beyondW, alone);
        sums.Of(w, beyondW, one, v, beyondV, other);
        for (var t = 0; t < length; t++)
        {
            alone[t].ShouldBe(Plain(w, t), 1e-13);
            one[t].ShouldBe(alone[t]);
            other[t].ShouldBe(Plain(v, t), 1e-13);
        }

        double[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        double Plain(double[] weights, int t) => Enumerable.Range(1, Lags).Sum(i => weights[Lags - i] * (t >= i ? x[t - i] : Before));
        static double[] Beyond(double[] weights) => [.. Enumerable.Range(0, Lags + 1).Select(t => Enumerable.Range(t + 1, Lags - t).Sum(i => weights[Lags - i]))];
    }

    [Fact]
    public void The_inline_exponential_is_that_of_the_runtime()
    {
        for (var i = -20_000; i <= 20_000; i++)
        {
            var x = i * 1e-3 / 1.0000001;
            var expected = Math.Exp(x);
            InlineExponential.Of(x).ShouldBe(expected, expected * (2 + Math.Abs(x)) * Math.ScaleB(1, -52));
        }
    }

    [Fact]
    public void Logarithms_through_products_equal_their_sum()
    {
        var random = new Random(5);
        var product = new LogProduct();
        double sum = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var v = Math.Exp(40 * (random.NextDouble() - 0.4));
            product.Add(v);
            sum += Math.Log(v);
        }

        product.Total.ShouldBe(sum, 1e-11 * sum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_factor_without_a_logarithm_leaves_no_number(double factor)
    {
        var product = new LogProduct();
        product.Add(2);
        product.Add(factor);
        product.Add(3);
        product.Total.ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_likelihood_of_figarch_with_all_lags_at_once_equals_the_plain_one(bool gaps)
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 1300).Select(t => gaps && t % 97 == 5 ? double.NaN : 0.1 + random.NextDouble() - random.NextDouble())];
        var specification = new GarchSpecification(1, 1, arOrder: 1, family: VarianceFamily.Figarch);
        var sample = new GarchSample(x);
        double[] theta = [0.1, 0.2, 0.01, 0.2, 0.4, 0.5];
        new GarchLikelihood(specification, sample).Value(theta).ShouldBe(GarchRecursion.LogLikelihood(specification, sample, theta), 1e-10);
    }
}
