using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Caviar;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.Caviar;

public sealed class CaviarTests
{
    [Theory]
    [InlineData("sav")]
    [InlineData("as")]
    [InlineData("indirect-garch")]
    [InlineData("adaptive")]
    public void In_the_sample_about_the_right_share_lies_below(string form)
    {
        var r = Returns(1500, out _);
        var model = ModelCatalogue.Default.Create($"caviar{{form: {form}, starts: 200}}");
        var fitted = model.Fit(TestPanels.View(r), new ForecastTask(1, [0.05]), TestPanels.Context);
        var below = 0;
        for (var t = 500; t < r.Length; t += 2)
        {
            if (r[t] < fitted.Condition(TestPanels.View(r[..t])).Predict(KnownFuture.None, 1, 1)["s"].Quantile(1, 0.05, form)) below++;
        }

        (below / 500.0).ShouldBe(0.05, 0.025);
    }

    /// <summary>Indirect GARCH is the quantile of a GARCH(1,1) whose innovations are independent: the truth is known.</summary>
    [Fact]
    public void Indirect_garch_finds_the_quantile_of_a_garch()
    {
        var r = Returns(4000, out var next);
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("caviar{form: indirect-garch}"), r, 1);
        law.Quantile(1, 0.1, "caviar").ShouldBe(-1.2816 * Math.Sqrt(next), 0.1 * Math.Sqrt(next));
    }

    [Fact]
    public void The_search_is_no_worse_than_a_fine_grid()
    {
        var r = Returns(400, out _);
        double[] unit = [.. r.Select(v => v / 0.01)];
        var equation = new CaviarEquation(CaviarForm.Adaptive, 0.05, 1);
        var beta = CaviarSearch.Fit(equation, unit, -1.6, 200, 1, TestContext.Current.CancellationToken);
        var grid = Enumerable.Range(-2000, 4001).Min(i => equation.Loss(unit, [i / 1000.0], -1.6));
        equation.Loss(unit, beta, -1.6).ShouldBeLessThanOrEqualTo(grid * (1 + 1e-6));
    }

    [Fact]
    public void Shortfall_is_known_at_modelled_levels_only_and_later_steps_have_equations_of_their_own()
    {
        var model = ModelCatalogue.Default.Create("caviar{starts: 100}");
        var fitted = model.Fit(TestPanels.View(Returns(600, out _)), new ForecastTask(2, [0.01, 0.05]), TestPanels.Context);
        var law = TestPanels.Reload(model, fitted).Condition(TestPanels.View(Returns(600, out _))).Predict(KnownFuture.None, 2, 1)["s"];
        for (var h = 1; h <= 2; h++)
        {
            law.TryExpectedShortfall(h, 0.01, out var es).ShouldBeTrue();
            es.ShouldBeGreaterThanOrEqualTo(-law.Quantile(h, 0.01, "caviar"));
            law.TryExpectedShortfall(h, 0.02, out _).ShouldBeFalse();
            law.TryQuantile(h, 0.005, out _).ShouldBeFalse();
        }

        Should.Throw<ForecastException>(() => fitted.Predict(KnownFuture.None, 3, 1)["s"]).Code.ShouldBe("horizon-too-long");
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(model, new double[20])).Code.ShouldBe("series-too-short");
    }

    private static double[] Returns(int count, out double next)
    {
        var random = new RandomSource(11);
        next = 1e-4;
        var r = new double[count];
        for (var t = 0; t < count; t++)
        {
            r[t] = Math.Sqrt(next) * random.NextNormal();
            next = 2e-6 + (0.1 * r[t] * r[t]) + (0.88 * next);
        }

        return r;
    }
}
