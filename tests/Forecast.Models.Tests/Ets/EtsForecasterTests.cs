using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Ets;

namespace Forecast.Models.Tests.Ets;

public sealed class EtsForecasterTests
{
    private const double Gap = double.NaN;

    private static readonly double[] Seasonal =
        [.. Enumerable.Range(0, 48).Select(t => (100 + t) * (1 + (0.2 * Math.Sin(t * Math.PI / 2))) * (1 + (0.02 * Math.Sin(t * t))))];

    public static TheoryData<string> Models => ["ets(A,N,N)", "ets(M,Ad,N)", "ets(A,A,A)[4]", "ets(M,A,M)[4]", "ets(M,M,M)[4]", "ets(A,N,M)[4]", "auto-ets[4]"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Saved_and_loaded_it_predicts_the_same(string name)
    {
        var model = ModelCatalogue.Default.Create(name);
        var view = TestPanels.View(Seasonal);
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var before = fitted.Predict(KnownFuture.None, 6, seed: 7)["s"];
        var after = TestPanels.Reload(model, fitted).Condition(view).Predict(KnownFuture.None, 6, seed: 7)["s"];
        for (var h = 1; h <= 6; h++)
        {
            after.Mean(h).ShouldBe(before.Mean(h));
            after.Quantile(h, 0.9, name).ShouldBe(before.Quantile(h, 0.9, name));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Quantiles_mean_and_paths_agree(string name)
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), Seasonal);
        law.TryPaths(20000, out var paths).ShouldBeTrue();
        for (var h = 1; h <= 6; h++)
        {
            var draws = paths.Step(h);
            var sd = TestPanels.Sd(law, h);
            sd.ShouldBeGreaterThan(0);
            draws.Average().ShouldBe(law.Mean(h), 0.05 * sd, $"mean of step {h}");
            Array.Sort(draws);
            draws[18000].ShouldBe(law.Quantile(h, 0.9, name), 0.06 * sd, $"upper decile of step {h}");
            law.Quantile(h, 0.1, name).ShouldBeLessThan(law.Mean(h));
        }
    }

    [Theory]
    [InlineData("ets(M,A,M)[4]")]
    [InlineData("ets(M,N,M)[4]")]
    [InlineData("ets(M,Ad,A)[4]")]
    public void Closed_variances_are_those_of_simulated_futures(string name)
    {
        // A noisy series, so that the terms beyond the first order in sigma2 count.
        var random = new Random(11);
        double[] noisy = [.. Seasonal.Select(v => v * (0.75 + (0.5 * random.NextDouble())))];
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), noisy, horizon: 12);
        law.TryPaths(200_000, out var paths).ShouldBeTrue();
        for (var h = 1; h <= 12; h++)
        {
            var draws = paths.Step(h);
            var mean = draws.Average();
            var sd = Math.Sqrt(draws.Average(d => (d - mean) * (d - mean)));
            mean.ShouldBe(law.Mean(h), 5 * sd / Math.Sqrt(draws.Length), $"mean of step {h}");
            sd.ShouldBe(TestPanels.Sd(law, h), 0.012 * sd, $"deviation of step {h}");
        }
    }

    [Theory]
    [InlineData(1e12)]
    [InlineData(1e-12)]
    public void Units_do_not_matter(double factor)
    {
        // A power of two near the factor leaves every digit of the data alone.
        var unit = Math.ScaleB(1, Math.ILogB(factor));
        var plain = Law(Seasonal);
        var scaled = Law([.. Seasonal.Select(v => v * unit)]);
        for (var h = 1; h <= 6; h++)
        {
            scaled.Mean(h).ShouldBe(plain.Mean(h) * unit, 1e-12 * plain.Mean(h) * unit);
            TestPanels.Sd(scaled, h).ShouldBe(TestPanels.Sd(plain, h) * unit, 1e-9 * TestPanels.Sd(plain, h) * unit);
        }

        static Core.Distributions.PredictiveDistribution Law(double[] y) => TestPanels.FitAndPredict(ModelCatalogue.Default.Create("auto-ets[4]"), y);
    }

    [Theory]
    [InlineData(7.25)]
    [InlineData(0.0)]
    [InlineData(-3e5)]
    public void A_constant_series_goes_on_without_doubt(double value)
    {
        var model = ModelCatalogue.Default.Create("auto-ets");
        double[] y = [.. Enumerable.Repeat(value, 20)];
        var fitted = model.Fit(TestPanels.View(y), TestPanels.SixSteps, TestPanels.Context);
        fitted.Summaries["s"].Notes.ShouldContain("ETS(A,N,N)");
        fitted.Summaries["s"].Notes.ShouldContain("the model fits every row exactly");
        var law = fitted.Predict(KnownFuture.None, 6, seed: 7)["s"];
        law.Mean(6).ShouldBe(value, 1e-9 * Math.Max(1, Math.Abs(value)));
        TestPanels.Sd(law, 6).ShouldBe(0, 1e-9 * Math.Max(1, Math.Abs(value)));
    }

    [Fact]
    public void A_straight_line_is_carried_on_exactly()
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("ets(A,A,N)"), [.. Enumerable.Range(0, 30).Select(t => 5 + (2.5 * t))]);
        law.Mean(6).ShouldBe(5 + (2.5 * 35), 1e-6);
    }

    [Fact]
    public void Gaps_inside_leave_innovations_out_and_gaps_at_the_end_are_forecast_over()
    {
        var model = ModelCatalogue.Default.Create("ets(A,A,A)[4]");
        var view = TestPanels.View(Seasonal);
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var whole = fitted.Predict(KnownFuture.None, 6, seed: 7)["s"];
        double[] longer = [.. Seasonal, Gap, Gap];
        var later = fitted.Condition(TestPanels.View(longer)).Predict(KnownFuture.None, 4, seed: 7)["s"];
        for (var h = 1; h <= 4; h++)
        {
            later.Mean(h).ShouldBe(whole.Mean(h + 2), 1e-9);
            TestPanels.Sd(later, h).ShouldBe(TestPanels.Sd(whole, h + 2), 1e-9);
        }

        double[] holed = (double[])Seasonal.Clone();
        holed[13] = holed[14] = holed[30] = Gap;
        var summary = model.Fit(TestPanels.View(holed), TestPanels.SixSteps, TestPanels.Context).Summaries["s"];
        summary.Observations.ShouldBe(45);
        double.IsNaN(summary.Paths["residuals"][13]).ShouldBeTrue();
        double.IsFinite(summary.Paths["fitted"][13]).ShouldBeTrue();
    }

    [Fact]
    public void A_window_that_begins_elsewhere_keeps_the_smoothing_parameters_and_finds_its_own_first_states()
    {
        var model = ModelCatalogue.Default.Create("ets(A,A,A)[4]");
        var times = TestPanels.Times(Frequency.Index, Seasonal.Length);
        var fitted = model.Fit(TestPanels.View(Seasonal), TestPanels.SixSteps, TestPanels.Context);
        var late = new Panel([TimeSeries.Univariate("s", Frequency.Index, times[9..], Seasonal[9..])]).AsOf(times[^1]);
        var moved = fitted.Condition(late).Predict(KnownFuture.None, 6, seed: 7)["s"];
        var whole = fitted.Predict(KnownFuture.None, 6, seed: 7)["s"];
        for (var h = 1; h <= 6; h++)
            moved.Mean(h).ShouldBe(whole.Mean(h), 0.1 * TestPanels.Sd(whole, h));
        fitted.Condition(late).Summaries["s"].Parameters["alpha"].ShouldBe(fitted.Summaries["s"].Parameters["alpha"]);
    }

    [Theory]
    [InlineData("ets(A,A,A)[4]", new[] { 1.0, 2, 3, 4, 5, 6 }, "series-too-short")]
    [InlineData("auto-ets", new[] { 1.0, 2, 3 }, "series-too-short")]
    [InlineData("ets(M,N,N)", new[] { 1.0, 2, 3, 0, 5, 6, 7 }, "values-not-positive")]
    [InlineData("ets(Z,N,M)[2]", new[] { 1.0, 2, 3, -1, 5, 6, 7, 8, 9, 10 }, "values-not-positive")]
    [InlineData("auto-ets", new[] { Gap, Gap, Gap }, "series-empty")]
    [InlineData("auto-ets", new[] { 1.0, 2, double.PositiveInfinity, 4, 5, 6 }, "value-infinite")]
    [InlineData("ets(A,N,A)", new[] { 1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, "ets-option-invalid")]
    public void Data_that_do_not_suit_are_named(string name, double[] y, string code)
    {
        var error = Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), y));
        error.Code.ShouldBe(code);
        error.Series.ShouldBe("s");
    }

    [Theory]
    [InlineData("ets", "ets")]
    [InlineData("ets(MAM)[12]", "ets(M,A,M)[12]")]
    [InlineData("ets(aadn)", "ets(A,Ad,N)")]
    [InlineData("ets(Z,A,N)", "ets(Z,A,N)")]
    [InlineData("ets(Z,A,N){damped: true, ic: bic, bounds: usual}", "ets(Z,Ad,N){ic: bic, bounds: usual}")]
    [InlineData("ets(Z,A,N){damped: auto}", "ets(Z,A,N){damped: auto}")]
    [InlineData("auto-ets[24]{restrict: false, multiplicative_trend: true, paths: 100}", "ets[24]{restrict: false, multiplicative_trend: true, paths: 100}")]
    public void Model_strings_are_read_and_written(string text, string name)
    {
        var made = ModelCatalogue.Default.Create(text);
        made.Name.ShouldBe(name);
        ModelCatalogue.Default.Create(made.Name).Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("ets(N,A,A)")]
    [InlineData("ets(A,A)")]
    [InlineData("ets(A,Q,N)")]
    [InlineData("ets(A,N,N){damped: true}")]
    [InlineData("ets(A,Ad,N){damped: false}")]
    [InlineData("auto-ets(A,A,A)")]
    public void Impossible_models_are_refused(string text) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(text)).Code.ShouldBeOneOf("model-argument", "ets-option-invalid");

    [Fact]
    public void Admissible_bounds_reach_what_usual_ones_forbid()
    {
        var y = Seasonal;
        var usual = EtsFit.Estimate("s", y, EtsForm.Parse("ETS(A,A,A)"), 4, cancellation: TestContext.Current.CancellationToken);
        var wide = EtsFit.Estimate("s", y, EtsForm.Parse("ETS(A,A,A)"), 4, EtsBounds.Admissible, TestContext.Current.CancellationToken);
        wide.LogLikelihood.ShouldBeGreaterThanOrEqualTo(usual.LogLikelihood - 1e-3);
        EtsStability.IsAdmissible(wide.Form, 4, wide.Point).ShouldBeTrue();
    }
}
