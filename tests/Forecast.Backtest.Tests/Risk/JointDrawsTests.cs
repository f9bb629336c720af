using Forecast.Backtest.Risk;
using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>Portfolios of two assets whose risk is known.</summary>
public class JointDrawsTests
{
    private const int Count = 20_000;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    [InlineData(-0.8)]
    public void Two_normal_assets_have_the_portfolio_risk_of_the_variance_formula(double correlation)
    {
        var past = Correlated(4_000, correlation, seed: 21);
        double[][] totals = [JointDraws.Totals(Normal(0.01), 1, Count, ReturnKind.Simple), JointDraws.Totals(Normal(0.02), 1, Count, ReturnKind.Simple)];
        var portfolio = new EmpiricalMarginal(JointDraws.Portfolio(totals, past, [0.7, 0.3], 1, Dependence.Copula, 1));
        var sd = Math.Sqrt((0.007 * 0.007) + (0.006 * 0.006) + (2 * correlation * 0.007 * 0.006));
        portfolio.TryQuantile(0.05, out var q).ShouldBeTrue();
        portfolio.TryExpectedShortfall(0.05, out var es).ShouldBeTrue();
        (-q).ShouldBe(1.6448536 * sd, 0.06 * 1.6448536 * sd);
        es.ShouldBe(2.0627128 * sd, 0.06 * 2.0627128 * sd);
    }

    [Fact]
    public void Assets_that_always_moved_together_add_their_risks_and_opposite_ones_cancel()
    {
        var one = Correlated(1_000, 0, seed: 3)[0];
        double[][] totals = [JointDraws.Totals(Normal(0.01), 1, Count, ReturnKind.Simple), JointDraws.Totals(Normal(0.02), 1, Count, ReturnKind.Simple)];
        Value(JointDraws.Portfolio(totals, [one, [.. one.Select(r => 3 * r)]], [0.5, 0.5], 1, Dependence.Copula, 1)).ShouldBe(2.3263479 * 0.015, 2e-4);
        Value(JointDraws.Portfolio(totals, [one, one], [0.5, 0.5], 1, Dependence.Comonotone, 1)).ShouldBe(2.3263479 * 0.015, 2e-5);
        double[][] equal = [totals[0], totals[0]];
        Value(JointDraws.Portfolio(equal, [one, [.. one.Select(r => -r)]], [0.5, 0.5], 1, Dependence.Copula, 1)).ShouldBeLessThan(0.001);
        Value(JointDraws.Portfolio(equal, [one, one], [1, -1], 1, Dependence.Comonotone, 1)).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void One_asset_keeps_its_own_law_whatever_the_dependence()
    {
        var past = Correlated(500, 0.5, seed: 9);
        double[][] totals = [JointDraws.Totals(Normal(0.01), 1, Count, ReturnKind.Simple), JointDraws.Totals(Normal(0.02), 1, Count, ReturnKind.Simple)];
        foreach (var dependence in Enum.GetValues<Dependence>())
            JointDraws.Portfolio(totals, past, [1, 0], 1, dependence, 5).Order().ShouldBe(totals[0]);
    }

    [Fact]
    public void Several_days_compound_simple_returns_and_add_log_returns()
    {
        var paths = new SamplePaths(2, 2, 1, [0.1, 0.1, -0.5, 0.2]);
        var law = new PredictiveDistribution([Instant.MinValue, Instant.MaxValue], [LocationScaleMarginal.Normal(0, 1), LocationScaleMarginal.Normal(0, 1)], _ => paths);
        JointDraws.Totals(law, 2, 2, ReturnKind.Simple).ShouldBe([-0.4, 0.21], 1e-12);
        JointDraws.Totals(law, 2, 2, ReturnKind.Log).ShouldBe([Math.Exp(-0.3) - 1, Math.Exp(0.2) - 1], 1e-12);
        var silent = new PredictiveDistribution([Instant.MinValue, Instant.MaxValue], [LocationScaleMarginal.Normal(0, 1), LocationScaleMarginal.Normal(0, 1)]);
        Should.Throw<ForecastException>(() => JointDraws.Totals(silent, 2, 10, ReturnKind.Simple)).Code.ShouldBe("paths-unavailable");
    }

    [Fact]
    public void A_dependence_needs_common_windows()
    {
        double[][] totals = [JointDraws.Totals(Normal(0.01), 1, 1_000, ReturnKind.Simple)];
        Should.Throw<ForecastException>(() => JointDraws.Portfolio(totals, [new double[60]], [1], 12, Dependence.Copula, 1)).Code.ShouldBe("history-too-short");
    }

    private static double Value(double[] returns)
    {
        new EmpiricalMarginal(returns).TryQuantile(0.01, out var q).ShouldBeTrue();
        return -q;
    }

    private static PredictiveDistribution Normal(double sd) => new([Instant.MinValue], [LocationScaleMarginal.Normal(0, sd)]);

    private static double[][] Correlated(int rows, double correlation, ulong seed)
    {
        var random = new RandomSource(seed);
        double[][] both = [new double[rows], new double[rows]];
        for (var t = 0; t < rows; t++)
        {
            both[0][t] = random.NextNormal();
            both[1][t] = (correlation * both[0][t]) + (Math.Sqrt(1 - (correlation * correlation)) * random.NextNormal());
        }

        return both;
    }
}
