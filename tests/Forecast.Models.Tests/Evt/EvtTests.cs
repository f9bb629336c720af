using Forecast.Core;
using Forecast.Core.Numerics;
using Forecast.Models.Catalogue;
using Forecast.Models.Evt;

namespace Forecast.Models.Tests.Evt;

public sealed class EvtTests
{
    [Theory]
    [InlineData(0.25, 0.6)]
    [InlineData(-0.2, 1.5)]
    [InlineData(0, 1)]
    public void The_likelihood_has_its_maximum_where_the_law_was(double shape, double scale)
    {
        var law = new GeneralizedPareto(shape, scale);
        var x = new double[20_000];
        for (var i = 0; i < x.Length; i++) x[i] = law.Excess((i + 0.5) / x.Length);
        var fitted = GeneralizedPareto.Fit(x);
        fitted.Shape.ShouldBe(shape, 0.01);
        fitted.Scale.ShouldBe(scale, 0.01 * scale);
        var best = fitted.LogLikelihood(x);
        foreach (var (ds, db) in new[] { (1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3) })
            new GeneralizedPareto(fitted.Shape + ds, fitted.Scale + db).LogLikelihood(x).ShouldBeLessThan(best);
    }

    [Fact]
    public void Tail_quantiles_and_shortfall_are_those_of_McNeil_and_Frey()
    {
        var random = new RandomSource(5);
        var z = new double[2000];
        for (var i = 0; i < z.Length; i++) z[i] = random.NextNormal();
        var law = new TailedResiduals(z, 0.1, "s");
        var (xi, beta, u) = (law.Lower.Shape, law.Lower.Scale, -law.LowerThreshold);
        var loss = u + (beta / xi * (Math.Pow(0.01 / law.Share, -xi) - 1));
        law.Quantile(0.01).ShouldBe(-loss, 1e-10);
        law.LowerTailMean(0.01).ShouldBe(-((loss + beta - (xi * u)) / (1 - xi)), 1e-10);
        law.Quantile(0.01).ShouldBe(-2.326, 0.2);
        foreach (var p in new[] { 0.001, 0.05, 0.1, 0.3, 0.5, 0.9, 0.95, 0.999 }) law.Cdf(law.Quantile(p)).ShouldBe(p, 1e-3);
        var grid = law.Grid(100_000);
        law.LowerTailMean(0.3).ShouldBe(grid.Take(30_000).Average(), 2e-3);
        for (var i = 1; i < grid.Length; i++) grid[i].ShouldBeGreaterThanOrEqualTo(grid[i - 1]);
    }

    [Fact]
    public void A_forecast_has_tail_shortfall_and_later_steps()
    {
        var random = new RandomSource(9);
        var h = 1e-4;
        var r = new double[800];
        for (var t = 0; t < r.Length; t++)
        {
            r[t] = Math.Sqrt(h) * random.NextNormal();
            h = 2e-6 + (0.1 * r[t] * r[t]) + (0.88 * h);
        }

        foreach (var model in new[] { "evt(1,1)", "evt(1,1){variance: gjr, dist: std, threshold: 0.08}" })
        {
            var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(model), r, 3);
            law.TryQuantile(1, 0.01, out var q).ShouldBeTrue();
            law.TryExpectedShortfall(1, 0.01, out var es).ShouldBeTrue();
            es.ShouldBeGreaterThan(-q);
            (-q / Math.Sqrt(h)).ShouldBe(2.33, 0.5);
            law.TryQuantile(3, 0.01, out var late).ShouldBeTrue();
            late.ShouldBeLessThan(0);
        }

        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create("evt(1,1)"), r[..60])).Code.ShouldBe("series-too-short");
    }
}
