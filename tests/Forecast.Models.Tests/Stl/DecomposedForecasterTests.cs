using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Stl;
using static Forecast.Models.Tests.TestPanels;

namespace Forecast.Models.Tests.Stl;

/// <summary>stl and mstl as forecasters around another model.</summary>
public class DecomposedForecasterTests
{
    private static readonly double[] Monthly = Seasonal(96, t => 0.3 * t, (12, 8));

    [Fact]
    public void The_law_is_the_inner_model_s_shifted_by_the_last_figure()
    {
        var law = FitAndPredict(Model("stl(drift)[12]"), Monthly, 15);
        var stl = StlDecomposition.Of(Monthly, new StlSettings { Period = 12 });
        double[] adjusted = [.. Monthly.Zip(stl.Seasonal, (y, s) => y - s)];
        var inner = FitAndPredict(Model("drift"), adjusted, 15);
        law.TryPaths(3, out var paths).ShouldBeTrue();
        inner.TryPaths(3, out var innerPaths).ShouldBeTrue();
        for (var h = 1; h <= 15; h++)
        {
            var season = stl.Seasonal[84 + ((h - 1) % 12)];
            law.Mean(h).ShouldBe(inner.Mean(h) + season, 1e-10);
            law.Marginal(h).Variance.ShouldBe(inner.Marginal(h).Variance, 1e-10);
            law.Quantile(h, 0.1, "stl").ShouldBe(inner.Quantile(h, 0.1, "drift") + season, 1e-10);
            law.TryExpectedShortfall(h, 0.05, out var es).ShouldBeTrue();
            inner.TryExpectedShortfall(h, 0.05, out var innerEs).ShouldBeTrue();
            es.ShouldBe(innerEs - season, 1e-10);
            law.Marginal(h).TryCdf(law.Mean(h), out var half).ShouldBeTrue();
            half.ShouldBe(0.5, 1e-9);
            law.Marginal(h).TryCrps(1 + law.Mean(h), out var crps).ShouldBeTrue();
            inner.Marginal(h).TryCrps(1 + inner.Mean(h), out var innerCrps).ShouldBeTrue();
            crps.ShouldBe(innerCrps, 1e-10);
            paths[2, h].ShouldBe(innerPaths[2, h] + season, 1e-10);
        }
    }

    [Fact]
    public void It_forecasts_better_than_the_model_alone_and_knows_the_season_after_saving()
    {
        var truth = Seasonal(108, t => 0.3 * t, (12, 8));
        var model = Model("stl(arima(0,1,1){drift: true})[12]");
        var fitted = model.Fit(View(truth[..80]), SixSteps, Context);
        var conditioned = fitted.Condition(View(truth[..96])).Predict(KnownFuture.None, 12, 3)["s"];
        var loaded = Reload(model, fitted).Condition(View(truth[..96])).Predict(KnownFuture.None, 12, 3)["s"];
        for (var h = 1; h <= 12; h++)
        {
            conditioned.Mean(h).ShouldBe(truth[95 + h], 2.5);
            loaded.Mean(h).ShouldBe(conditioned.Mean(h));
        }

        var summary = fitted.Summaries["s"];
        summary.Notes[0].ShouldStartWith("seasonally adjusted with period 12");
        for (var t = 20; t < 80; t++)
            (summary.Paths["fitted"][t] + summary.Paths["residuals"][t]).ShouldBe(truth[t], 1e-9);
    }

    [Fact]
    public void Two_seasons_are_taken_out_and_put_back()
    {
        var values = Seasonal(400, _ => 20, (7, 4), (30, 6));
        var law = FitAndPredict(Model("mstl(mean)[30, 7]{s_window: periodic}"), values[..365], 30);
        for (var h = 1; h <= 30; h++)
            law.Mean(h).ShouldBe(values[364 + h], 2);
    }

    [Fact]
    public void Gaps_are_bridged_for_the_season_and_stay_gaps_for_the_model()
    {
        var gaps = (double[])Monthly.Clone();
        gaps[0] = gaps[40] = gaps[41] = gaps[95] = double.NaN;
        var model = Model("stl(arima(1,0,0){drift: true})[12]{robust: true}");
        var fitted = model.Fit(View(gaps), SixSteps, Context);
        fitted.Summaries["s"].Observations.ShouldBe(92);
        var law = fitted.Predict(KnownFuture.None, 12, 1)["s"];
        var whole = FitAndPredict(model, Monthly, 12);
        for (var h = 1; h <= 12; h++)
            law.Mean(h).ShouldBe(whole.Mean(h), 1.5);
    }

    [Fact]
    public void Series_that_have_no_two_seasons_fail_alone()
    {
        var prediction = Model("stl(naive)[12]").Fit(View(Frequency.Index, ("good", Monthly), ("short", Monthly[..24]), ("none", [double.NaN, double.NaN])), SixSteps, Context).Predict(KnownFuture.None, 2, 1);
        prediction.Distributions.Keys.ShouldBe(["good"]);
        prediction.Failures["short"].Code.ShouldBe("series-too-short");
        prediction.Failures["none"].Code.ShouldBe("series-empty");
        Should.Throw<ForecastException>(() => Model("mstl(naive)[7, 30]").Fit(View(Monthly[..60]), SixSteps, Context)).Code.ShouldBe("series-too-short");
        Should.Throw<ForecastException>(() => Model("stl(naive)").Fit(View(Monthly), SixSteps, Context)).Code.ShouldBe("stl-option-invalid");
    }

    [Theory]
    [InlineData("stl")]
    [InlineData("stl(naive, drift)[12]")]
    [InlineData("stl(naive)[1]")]
    [InlineData("stl(naive)[7, 30]")]
    [InlineData("stl(naive)[7]{s_window: 2}")]
    [InlineData("stl(nothing)[7]")]
    public void Model_strings_that_make_no_sense_are_refused(string text) =>
        Should.Throw<ForecastException>(() => Model(text)).Message.ShouldNotBeEmpty();

    private static IForecaster Model(string text) => ModelCatalogue.Default.Create(text);

    private static double[] Seasonal(int n, Func<int, double> trend, params (int Period, double Size)[] seasons)
    {
        var random = new RandomSource(17);
        return [.. Enumerable.Range(0, n).Select(t => trend(t) + seasons.Sum(s => s.Size * Math.Sin(Math.Tau * t / s.Period)) + (0.4 * random.NextNormal()))];
    }
}
