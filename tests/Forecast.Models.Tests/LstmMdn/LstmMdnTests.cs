using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.LstmMdn;

public sealed class LstmMdnTests
{
    private const string Quick = "lstm-mdn(2){preset: robust, seeds: 3, epochs: 3, batch: 64}";

    [Theory]
    [InlineData("lstm-mdn(2){epochs: 2}")]
    [InlineData("lstm-mdn(3){regularise: 0.1, epochs: 2}")]
    [InlineData(Quick)]
    public void Same_seed_same_law_also_after_saving_and_conditioning_asks_no_training(string text)
    {
        var model = ModelCatalogue.Default.Create(text);
        var (returns, later) = (Returns(400), Returns(420));
        var task = new ForecastTask(1, [0.01]);
        var fitted = model.Fit(TestPanels.View(returns), task, TestPanels.Context);
        var again = TestPanels.Reload(model, model.Fit(TestPanels.View(returns), task, TestPanels.Context));
        var (one, two) = (Var(fitted.Condition(TestPanels.View(later))), Var(again.Condition(TestPanels.View(later))));
        one.ShouldBe(two);
        one.ShouldBeGreaterThan(0);
        Var(fitted).ShouldNotBe(one);
    }

    [Fact]
    public void The_robust_law_is_that_of_returns_whatever_their_unit()
    {
        var model = ModelCatalogue.Default.Create(Quick);
        var returns = Returns(400);
        var task = new ForecastTask(1, [0.01]);
        var fraction = Var(model.Fit(TestPanels.View(returns), task, TestPanels.Context));
        var percent = Var(model.Fit(TestPanels.View([.. returns.Select(r => 100 * r)]), task, TestPanels.Context));
        (percent / (100 * fraction)).ShouldBe(1, 0.02);
    }

    [Fact]
    public void Paths_agree_with_the_law_of_the_first_step_and_give_the_later_ones()
    {
        var law = ModelCatalogue.Default.Create(Quick).Fit(TestPanels.View(Returns(400)), new ForecastTask(5, [0.01]), TestPanels.Context).Predict(KnownFuture.None, 5, 3)["s"];
        law.TryPaths(20_000, out var paths).ShouldBeTrue();
        law.TryQuantile(1, 0.05, out var exact);
        law.TryExpectedShortfall(1, 0.05, out var shortfall);
        double[] first = [.. paths.Step(1).Order()];
        first[999].ShouldBe(exact, 0.05 * Math.Abs(exact));
        first.Take(1000).Average().ShouldBe(-shortfall, 0.05 * shortfall);
        law.TryQuantile(5, 0.01, out var late).ShouldBeTrue();
        late.ShouldBeLessThan(0);
    }

    /// <summary>Volatile days follow volatile days in these returns; a law that saw nothing of the past would be the same after both.</summary>
    [Fact]
    public void Risk_rises_after_volatile_days()
    {
        var fitted = ModelCatalogue.Default.Create(Quick).Fit(TestPanels.View(Returns(800)), new ForecastTask(1, [0.01]), TestPanels.Context);
        double[] calm = [.. Returns(800), .. Enumerable.Range(0, 15).Select(i => i % 2 == 0 ? 0.001 : -0.001)];
        double[] wild = [.. Returns(800), .. Enumerable.Range(0, 15).Select(i => i % 2 == 0 ? 0.05 : -0.05)];
        Var(fitted.Condition(TestPanels.View(wild))).ShouldBeGreaterThan(2 * Var(fitted.Condition(TestPanels.View(calm))));
    }

    [Fact]
    public void Bad_input_is_told()
    {
        Code("lstm-mdn(2){validation: 0.9}", Returns(100)).ShouldBe("validation-invalid");
        Code("lstm-mdn(0)", Returns(100)).ShouldBe("k-invalid");
        Code("lstm-mdn(2){preset: best}", Returns(100)).ShouldBe("model-argument");
        Code("lstm-mdn(2)", Returns(30)).ShouldBe("series-too-short");
        Code("lstm-mdn(2){preset: robust}", new double[200]).ShouldBe("series-constant");

        static string Code(string model, double[] values) =>
            Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model).Fit(TestPanels.View(values), new ForecastTask(1, [0.01]), TestPanels.Context)).Code;
    }

    private static double Var(IFittedForecaster fitted) => -fitted.Predict(KnownFuture.None, 1, 1)["s"].Quantile(1, 0.01, "lstm-mdn");

    /// <summary>Returns of a GARCH(1,1), the first of a longer series being those of a shorter one.</summary>
    private static double[] Returns(int count)
    {
        var random = new RandomSource(11);
        var h = 1e-4;
        var r = new double[count];
        for (var t = 0; t < count; t++)
        {
            r[t] = Math.Sqrt(h) * random.NextNormal();
            h = 2e-6 + (0.1 * r[t] * r[t]) + (0.88 * h);
        }

        return r;
    }
}
