using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;
using Forecast.Models.HistoricalSimulation;

namespace Forecast.Models.Tests.HistoricalSimulation;

public sealed class HistoricalSimulationTests
{
    [Fact]
    public void Weighted_quantiles_and_shortfall_follow_from_the_weights()
    {
        var law = new WeightedMarginal([3, -2, 1, -5], [0.1, 0.3, 0.5, 0.1]);
        Quantile(law, 0.05).ShouldBe(-5);
        Quantile(law, 0.25).ShouldBe(-5 + (0.15 / 0.3 * 3), 1e-12);
        law.TryExpectedShortfall(0.2, out var es);
        es.ShouldBe(((0.1 * 5) + (0.1 * 2)) / 0.2, 1e-12);
        law.Mean.ShouldBe(0.3 - 0.6 + 0.5 - 0.5, 1e-12);
        law.TryCdf(-2, out var p);
        p.ShouldBe(0.1 + 0.15, 1e-12);

        // E|X - y| - E|X - X'|/2 by all pairs.
        double[] x = [3, -2, 1, -5], w = [0.1, 0.3, 0.5, 0.1];
        double expected = 0;
        for (var i = 0; i < 4; i++)
        {
            expected += w[i] * Math.Abs(x[i] - 0.5);
            for (var j = 0; j < 4; j++) expected -= 0.5 * w[i] * w[j] * Math.Abs(x[i] - x[j]);
        }

        law.TryCrps(0.5, out var crps);
        crps.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Age_weights_forget_an_old_crash_and_remember_a_new_one()
    {
        double[] calm = [.. Enumerable.Range(0, 99).Select(i => 0.01 * Math.Sin(i))];
        var old = Risk("historical-simulation(100){weights: age, lambda: 0.95}", [-0.2, .. calm]);
        var recent = Risk("historical-simulation(100){weights: age, lambda: 0.95}", [.. calm, -0.2]);
        old.ShouldBeLessThan(0.02);
        recent.ShouldBe(0.2, 1e-12);
    }

    [Fact]
    public void The_filter_scales_the_window_to_the_volatility_of_today()
    {
        double[] calm = [.. Enumerable.Range(0, 200).Select(i => 0.01 * Math.Sin(7 * i))];
        double[] wild = [.. calm, .. Enumerable.Range(0, 30).Select(i => 0.05 * Math.Sin(7 * i))];
        Risk("historical-simulation(200){filter: volatility}", wild).ShouldBeGreaterThan(2 * Risk("historical-simulation(200){filter: volatility}", calm));
    }

    [Fact]
    public void Later_steps_and_paths_exist_and_short_series_are_refused()
    {
        double[] r = [.. Enumerable.Range(0, 120).Select(i => 0.01 * Math.Sin(7 * i))];
        foreach (var model in new[] { "historical-simulation(100)", "historical-simulation(100){weights: age}", "historical-simulation(100){filter: volatility}", "cmm(100)" })
        {
            var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(model), r, 4);
            law.TryPaths(5000, out var paths).ShouldBeTrue();
            paths.Step(1).Average().ShouldBe(law.Mean(1), 1e-3);
            law.TryExpectedShortfall(4, 0.05, out var es).ShouldBeTrue();
            law.TryQuantile(4, 0.05, out var q).ShouldBeTrue();
            es.ShouldBeGreaterThan(-q);
        }

        Should.Throw<ForecastException>(() => Risk("historical-simulation(121)", r)).Code.ShouldBe("series-too-short");
        Should.Throw<ForecastException>(() => Risk("cmm(121)", r)).Code.ShouldBe("series-too-short");
        Should.Throw<ForecastException>(() => Risk("historical-simulation(100){lambda: 2, weights: age}", r)).Code.ShouldBe("lambda-invalid");
    }

    private static double Quantile(WeightedMarginal law, double level)
    {
        law.TryQuantile(level, out var value).ShouldBeTrue();
        return value;
    }

    private static double Risk(string model, double[] values) =>
        -ModelCatalogue.Default.Create(model).Fit(TestPanels.View(values), new ForecastTask(1, [0.01]), TestPanels.Context).Predict(Core.Data.KnownFuture.None, 1, 1)["s"].Quantile(1, 0.01, model);
}
