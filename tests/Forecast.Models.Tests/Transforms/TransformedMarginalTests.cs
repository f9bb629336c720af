using Forecast.Core.Distributions;
using Forecast.Models.Transforms;

namespace Forecast.Models.Tests.Transforms;

/// <summary>The log of a lognormal law is normal, so that every quantity has a closed form to compare with.</summary>
public sealed class TransformedMarginalTests
{
    private const double Mu = 0.3;
    private const double Sigma = 0.4;
    private readonly TransformedMarginal _lognormal = new(LocationScaleMarginal.Normal(Mu, Sigma), lambda: 0, "s");

    [Fact]
    public void Mean_and_variance_are_those_of_the_lognormal()
    {
        var mean = Math.Exp(Mu + (Sigma * Sigma / 2));
        _lognormal.Mean.ShouldBe(mean, 1e-12);
        _lognormal.Variance.ShouldBe((Math.Exp(Sigma * Sigma) - 1) * mean * mean, 1e-11);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.975)]
    public void Quantiles_and_probabilities_map_one_to_one(double level)
    {
        _lognormal.TryQuantile(level, out var q).ShouldBeTrue();
        q.ShouldBe(Math.Exp(Mu + (Sigma * NormalDistribution.Quantile(level))), 1e-12);
        _lognormal.TryCdf(q, out var p).ShouldBeTrue();
        p.ShouldBe(level, 1e-12);
    }

    [Fact]
    public void Below_zero_there_is_no_probability()
    {
        _lognormal.TryCdf(-1, out var p).ShouldBeTrue();
        p.ShouldBe(0);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    public void Expected_shortfall_is_the_lognormal_partial_mean(double alpha)
    {
        // E[X; X <= q] = exp(mu + sigma^2/2) Phi(z - sigma) for the lognormal.
        var z = NormalDistribution.Quantile(alpha);
        _lognormal.TryExpectedShortfall(alpha, out var es).ShouldBeTrue();
        es.ShouldBe(-Math.Exp(Mu + (Sigma * Sigma / 2)) * NormalDistribution.Cdf(z - Sigma) / alpha, 1e-9);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.35)]
    [InlineData(9)]
    public void Crps_is_the_lognormal_one(double y)
    {
        // Baran and Lerch (2015): y (2 F(y) - 1) - 2 exp(mu + sigma^2/2) (Phi(w - sigma) + Phi(sigma / sqrt 2) - 1), w = (ln y - mu)/sigma.
        var w = (Math.Log(y) - Mu) / Sigma;
        var expected = (y * ((2 * NormalDistribution.Cdf(w)) - 1))
            - (2 * Math.Exp(Mu + (Sigma * Sigma / 2)) * (NormalDistribution.Cdf(w - Sigma) + NormalDistribution.Cdf(Sigma / Math.Sqrt(2)) - 1));
        _lognormal.TryCrps(y, out var crps).ShouldBeTrue();
        crps.ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void A_negative_lambda_has_quantiles_and_the_customary_point_forecast()
    {
        // By hand: lambda = -1, w = 1 - 1/y. At w = 0.5 y is 2; the expansion adds 2 * 0.01 * 2 / (2 * 0.25) = 0.08.
        var law = new TransformedMarginal(LocationScaleMarginal.Normal(0.5, 0.1), lambda: -1, "s");
        law.Mean.ShouldBe(2.08, 1e-12);
        law.TryQuantile(0.5, out var median).ShouldBeTrue();
        median.ShouldBe(2, 1e-12);
        law.TryQuantile(1 - 1e-12, out _).ShouldBeFalse("w beyond -1/lambda has no y");
    }

    [Fact]
    public void A_point_mass_stays_one()
    {
        var point = new TransformedMarginal(LocationScaleMarginal.Normal(2, 0), 0.5, "s");
        point.Mean.ShouldBe(4, 1e-12);
        point.Variance.ShouldBe(0);
    }
}
