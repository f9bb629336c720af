using System.Globalization;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

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

    [Theory]
    [InlineData(0.2, -0.05, 0.9, true)]
    [InlineData(-0.15, 0.1, 0.95, false)]
    public void Egarchs_exponent_is_the_rate_at_which_a_difference_before_the_sample_grows(double alpha, double gamma, double beta, bool forgets)
    {
        const int Length = 25;
        var random = new Random(8);
        double[] x = [.. Enumerable.Range(0, Length + 1).Select(_ => 2.4 * (random.NextDouble() - random.NextDouble()))];
        GarchSample sample = new(x.AsSpan(0, Length)), longer = new(x);
        double[] theta = [0, -0.01, alpha, beta, gamma];
        var specification = new GarchSpecification(1, 1, family: VarianceFamily.Egarch);
        var exponent = EgarchInvertibility.Exponent(specification, sample, theta, GarchRecursion.Filter(specification, sample, theta, 1));
        (exponent < 0).ShouldBe(forgets);
        const double Apart = 1e-7;
        var grown = Math.Log(GarchRecursion.Filter(specification, longer, theta, Math.Exp(Apart)).Variance[^1] / GarchRecursion.Filter(specification, longer, theta, Math.Exp(-Apart)).Variance[^1]);
        Math.Log(Math.Abs(grown) / (2 * Apart * beta)).ShouldBe(Length * exponent, 1e-3);

        // The likelihood is there either way: in the kernels, and in the plain version for a mean that they do not have.
        var kernel = new GarchLikelihood(specification, sample);
        var value = kernel.Value(theta);
        kernel.Differentiate(theta, new double[5], new double[25]).ShouldBe(value, 1e-9);
        new GarchLikelihood(new GarchSpecification(1, 1, arOrder: 1, family: VarianceFamily.Egarch), sample).Value([0, 0, .. theta[1..]]).ShouldBe(value, 1e-9);
    }

    [Theory]
    [InlineData(1087, 100)]
    [InlineData(0, 250)]
    [InlineData(1234, 250)]
    public void Figarch_on_the_edge_of_its_weights_is_no_worse_than_any_point_near_it(int start, int length)
    {
        // Short windows of exchange rate returns whose best weights include zeros.
        var series = File.ReadLines(Repository.At("datasets", "dem2gbp.csv")).Skip(1 + start).Take(length).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();
        var specification = new GarchSpecification(1, 1, family: VarianceFamily.Figarch);
        var sample = new GarchSample(series);
        var fit = GarchEstimator.Fit(specification, sample, cancellation: TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        var likelihood = new GarchLikelihood(specification, sample);
        likelihood.Value(fit.Parameters.ToArray()).ShouldBe(fit.LogLikelihood, 1e-8);
        var random = new Random(start);
        for (var i = 0; i < 3000; i++)
        {
            var size = Math.Pow(10, -1 - 4 * random.NextDouble());
            double[] point = [.. fit.Parameters.Select(p => p + size * (2 * random.NextDouble() - 1) * Math.Max(0.1, Math.Abs(p)))];
            if (!(point[1] > 0) || point[3] is < 0 or > 1 || Math.Abs(point[2]) >= 1 || Math.Abs(point[4]) >= 1) continue;
            var value = likelihood.Value(point);
            if (double.IsFinite(value)) value.ShouldBeLessThan(fit.LogLikelihood + 2e-6);
        }
    }

    [Theory]
    [InlineData("norm")]
    [InlineData("std")]
    [InlineData("ged")]
    public void Points_side_by_side_have_the_likelihoods_that_they_have_alone(string law)
    {
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 403).Select(i => (i % 50 == 0 ? 9 : 2) * (random.NextDouble() - random.NextDouble()) + 0.1)];
        var innovation = law switch { "norm" => InnovationKind.Normal, "std" => InnovationKind.StudentT, _ => InnovationKind.Ged };
        var specification = new GarchSpecification(1, 1, innovation);
        double[][] points = [.. Enumerable.Range(0, 11).Select(i => (double[])[0.05, 1e-4 + 0.3 * random.NextDouble(), 0.4 * random.NextDouble(), 0.7 * random.NextDouble(), 2.5 + law.Length])];
        if (law == "norm") points = Array.ConvertAll(points, p => p[..4]);
        var likelihood = new GarchLikelihood(specification, new GarchSample(x));
        var together = new double[points.Length];
        likelihood.Values(points, together);
        for (var i = 0; i < points.Length; i++) together[i].ShouldBe(likelihood.Value(points[i]), 1e-11 * Math.Abs(together[i]));
        likelihood.Evaluations.ShouldBe(2 * points.Length);
    }
}
