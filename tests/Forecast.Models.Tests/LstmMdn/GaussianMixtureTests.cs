using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Models.LstmMdn;

namespace Forecast.Models.Tests.LstmMdn;

public sealed class GaussianMixtureTests
{
    private static readonly GaussianMixture Mixture = new([0.9, 0.08, 0.02], [0.05, -0.4, -1], [0.8, 1.9, 4]);

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void The_quantile_inverts_the_distribution_function(double level)
    {
        Mixture.TryQuantile(level, out var q).ShouldBeTrue();
        Mixture.Cdf(q).ShouldBe(level, 1e-13);
    }

    [Fact]
    public void One_component_is_the_normal_law()
    {
        var own = new GaussianMixture([1], [0.1], [2]);
        var normal = LocationScaleMarginal.Normal(0.1, 2);
        foreach (var level in new[] { 0.001, 0.01, 0.3, 0.9 })
        {
            own.TryQuantile(level, out var q);
            normal.TryQuantile(level, out var expected);
            q.ShouldBe(expected, 1e-12);
            own.TryExpectedShortfall(level, out var es);
            normal.TryExpectedShortfall(level, out var shortfall);
            es.ShouldBe(shortfall, 1e-12);
        }

        own.TryCrps(-3, out var crps);
        normal.TryCrps(-3, out var reference);
        crps.ShouldBe(reference, 1e-12);
    }

    /// <summary>The shortfall is the mean of the quantiles below the level, the CRPS twice the mean quantile loss: both by quadrature.</summary>
    [Fact]
    public void Shortfall_and_score_equal_their_integrals()
    {
        const double Alpha = 0.025;
        const int Points = 20_000;
        double tail = 0, score = 0;
        for (var i = 0; i < Points; i++)
        {
            Mixture.TryQuantile(Alpha * (i + 0.5) / Points, out var deep);
            tail += deep / Points;
            var p = (i + 0.5) / Points;
            Mixture.TryQuantile(p, out var q);
            score += 2.0 / Points * ((-1.3 < q ? 1 : 0) - p) * (q - -1.3);
        }

        Mixture.TryExpectedShortfall(Alpha, out var es);
        es.ShouldBe(-tail, 1e-3 * es);
        Mixture.TryCrps(-1.3, out var crps);
        crps.ShouldBe(score, 1e-4);
    }

    [Fact]
    public void Expectation_and_maximisation_finds_the_mixture_that_was_drawn_from()
    {
        var random = new RandomSource(3);
        var draws = new double[20_000];
        for (var i = 0; i < draws.Length; i++) draws[i] = random.NextDouble() < 0.8 ? 0.1 + (0.7 * random.NextNormal()) : -0.3 + (1.8 * random.NextNormal());
        var fitted = MixtureFit.Fit(draws, 2);
        fitted.Weights[0].ShouldBe(0.8, 0.03);
        fitted.Deviations[0].ShouldBe(0.7, 0.03);
        fitted.Deviations[1].ShouldBe(1.8, 0.1);
        fitted.Mean.ShouldBe(draws.Average(), 1e-6);
    }
}
