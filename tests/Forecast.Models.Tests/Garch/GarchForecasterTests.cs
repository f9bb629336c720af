using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;
using NodaTime;

namespace Forecast.Models.Tests.Garch;

public sealed class GarchForecasterTests
{
    private static readonly double[] Returns = GarchOracle.Find("dem2gbp_garch_std").Sample.Values.ToArray();
    private static readonly GarchForecaster StudentT = new(new GarchOptions { Distribution = InnovationKind.StudentT, Paths = 2000 });

    [Fact]
    public void The_first_step_is_the_fitted_law_moved_and_scaled()
    {
        var c = GarchOracle.Find("dem2gbp_garch_std");
        var (mean, variance, shape) = (c.Coefficients[0], c.Series("variance_forecast")[0], c.Coefficients[4]);
        var first = Fit(StudentT, Returns).Predict(KnownFuture.None, 1, 5)["s"];
        var law = new StudentTInnovation(shape);
        first.Mean(1).ShouldBe(mean, 1e-7);
        first.Marginal(1).Variance.ShouldBe(variance, 1e-6 * variance);
        first.TryQuantile(1, 0.01, out var q).ShouldBeTrue();
        q.ShouldBe(mean + Math.Sqrt(variance) * law.Quantile(0.01), 1e-6);
        first.TryExpectedShortfall(1, 0.025, out var shortfall).ShouldBeTrue();
        shortfall.ShouldBe(-(mean + Math.Sqrt(variance) * law.LowerTailMean(0.025)), 1e-6);
        first.Marginal(1).TryCdf(q, out var p).ShouldBeTrue();
        p.ShouldBe(0.01, 1e-12);
    }

    [Fact]
    public void Later_steps_have_the_closed_form_variance_and_quantiles_of_the_simulation()
    {
        var c = GarchOracle.Find("dem2gbp_garch_std");
        var expected = c.Series("variance_forecast");
        var prediction = Fit(StudentT, Returns).Predict(KnownFuture.None, expected.Length, 5)["s"];
        prediction.TryPaths(2000, out var paths).ShouldBeTrue();
        for (var h = 1; h <= expected.Length; h++)
        {
            prediction.Mean(h).ShouldBe(c.Coefficients[0], 1e-7);
            prediction.Marginal(h).Variance.ShouldBe(expected[h - 1], 1e-5 * expected[h - 1]);
            if (h == 1) continue;
            prediction.TryQuantile(h, 0.05, out var q).ShouldBeTrue();
            ((double)paths.Step(h).Count(x => x <= q) / 2000).ShouldBe(0.05, 0.001);
            prediction.TryExpectedShortfall(h, 0.05, out var shortfall).ShouldBeTrue();
            shortfall.ShouldBeGreaterThan(-q);
        }
    }

    [Fact]
    public void Simulated_paths_have_the_analytic_moments_and_depend_on_the_seed_alone()
    {
        var specification = new GarchSpecification(1, 1, arOrder: 1);
        double[] theta = [0.5, 0.6, 0.2, 0.1, 0.7];
        var path = GarchRecursion.Filter(specification, new GarchSample(GarchSimulator.Draw(specification, theta, 300, 2)), theta);
        var projection = new GarchProjection(specification, theta, path, []);
        const int Count = 40_000;
        var draws = projection.Simulate(Count, 6, 9);
        double[] mean = projection.Mean(6), variance = projection.Variance(6);
        for (var k = 0; k < 6; k++)
        {
            var step = Enumerable.Range(0, Count).Select(i => draws[i * 6 + k]).ToArray();
            var average = step.Average();
            average.ShouldBe(mean[k], 4 * Math.Sqrt(variance[k] / Count));
            step.Average(x => (x - average) * (x - average)).ShouldBe(variance[k], 0.04 * variance[k]);
        }

        projection.Simulate(10, 6, 9).ShouldBe(draws[..60]);
        projection.Simulate(10, 6, 10).ShouldNotBe(draws[..60]);
    }

    [Fact]
    public void Conditioning_on_the_same_data_changes_no_bit_and_new_data_move_the_forecast()
    {
        var fitted = Fit(StudentT, Returns[..1500]);
        var again = fitted.Condition(View(Returns[..1500]));
        var later = fitted.Condition(View(Returns));
        Variances(again, 5).ShouldBe(Variances(fitted, 5));
        Variances(later, 5).ShouldNotBe(Variances(fitted, 5));
        Variances(fitted.Condition(View(Returns[..1500])), 5).ShouldBe(Variances(fitted, 5));
        var (a, b) = (fitted.Predict(KnownFuture.None, 4, 3)["s"], again.Predict(KnownFuture.None, 4, 3)["s"]);
        a.TryQuantile(4, 0.01, out var qa).ShouldBeTrue();
        b.TryQuantile(4, 0.01, out var qb).ShouldBeTrue();
        qb.ShouldBe(qa);
    }

    [Fact]
    public void Saved_and_loaded_it_predicts_the_same_bits_and_keeps_its_summary()
    {
        var fitted = Fit(StudentT, Returns);
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        var loaded = StudentT.Load(ModelArchive.Open(stream)).Condition(View(Returns));
        Variances(loaded, 3).ShouldBe(Variances(fitted, 3));
        var (before, after) = (fitted.Summaries["s"], loaded.Summaries["s"]);
        after.Parameters.ShouldBe(before.Parameters);
        after.StdErrors["robust"].ShouldBe(before.StdErrors["robust"]);
        after.Criteria.ShouldBe(before.Criteria);
        after.Converged.ShouldBeTrue();
    }

    [Fact]
    public void The_summary_has_the_reference_names()
    {
        var c = GarchOracle.Find("dem2gbp_garch_std");
        var summary = Fit(StudentT, Returns).Summaries["s"];
        summary.Parameters.Keys.ShouldBe(["mu", "omega", "alpha1", "beta1", "shape"]);
        summary.StdErrors.Keys.ShouldBe(["hessian", "opg", "robust"]);
        summary.StdErrors["opg"]["alpha1"].ShouldBe(c.Vector("se_opg")[2], 1e-5);
        summary.Criteria["loglik"].ShouldBe(c.Number("loglik"), 1e-6);
        summary.Criteria["bic_per_obs"].ShouldBe(c.Number("bic_per_obs"), 1e-8);
        summary.Criteria["persistence"].ShouldBe(1.00909, 1e-4);
        summary.Criteria.ContainsKey("unconditional_variance").ShouldBeFalse();
        summary.Notes.ShouldContain(n => n.Contains("not stationary", StringComparison.Ordinal));
        summary.Paths["sigma"].Length.ShouldBe(Returns.Length);
        summary.Paths["sigma"][0].ShouldBe(c.Series("sigma_first10")[0], 1e-6);
        (summary.Paths["fitted"][7] + summary.Paths["residuals"][7]).ShouldBe(Returns[7], 1e-14);
        summary.Observations.ShouldBe(1974);
    }

    [Fact]
    public void Missing_values_inside_and_at_the_end_are_carried_over()
    {
        var gaps = GarchSimulator.WithGaps(Returns, 100, 6);
        gaps[0] = double.NaN;
        gaps[^1] = gaps[^2] = double.NaN;
        gaps[^3] = Returns[^3];
        var fitted = Fit(StudentT, gaps);
        var summary = fitted.Summaries["s"];
        summary.Observations.ShouldBe(gaps.Count(double.IsFinite));
        summary.Parameters["beta1"].ShouldBe(0.885, 0.05);
        summary.Paths["residuals"][^1].ShouldBe(double.NaN);
        summary.Paths["sigma"][^1].ShouldBeGreaterThan(0);

        // Two missing at the end: step 1 is step 3 after the last observation.
        var shorter = fitted.Condition(View(gaps[..^2]));
        var variances = Variances(shorter, 4);
        Variances(fitted, 2).ShouldBe(variances[2..]);
        fitted.Predict(KnownFuture.None, 1, 1)["s"].TryQuantile(1, 0.05, out var q).ShouldBeTrue();
        q.ShouldBeLessThan(0);
    }

    [Fact]
    public void Series_that_cannot_be_fitted_are_named_with_what_is_needed()
    {
        var constant = Should.Throw<ForecastException>(() => Fit(StudentT, [.. Enumerable.Repeat(1.0, 60)]));
        constant.Series.ShouldBe("s");
        constant.Code.ShouldBe("series-constant");
        var three = Should.Throw<ForecastException>(() => Fit(StudentT, [0.1, -0.2, 0.3]));
        three.Code.ShouldBe("series-too-short");
        three.Message.ShouldContain("at least 15 observations");
        Should.Throw<ForecastException>(() => Fit(StudentT, [.. Enumerable.Repeat(double.NaN, 60)])).Code.ShouldBe("series-too-short");
        Should.Throw<ForecastException>(() => View([1, double.PositiveInfinity])).Code.ShouldBe("value-infinite");
    }

    [Theory]
    [InlineData("garch(1,1)", "garch(1,1)")]
    [InlineData("garch", "garch(1,1)")]
    [InlineData("garch(1,1)-t", "garch(1,1){dist: std}")]
    [InlineData("garch-ged", "garch(1,1){dist: ged}")]
    [InlineData("garch(2,1){dist: normal, mean: zero}", "garch(2,1){mean: zero}")]
    [InlineData("garch(1,0){dist: t, paths: 500}", "garch(1,0){dist: std, paths: 500}")]
    [InlineData("garch(1,1)-skew-t", "garch(1,1){dist: sstd}")]
    [InlineData("garch{ar: 1, ma: 2, draws: historical}", "garch(1,1){ar: 1, ma: 2, draws: historical}")]
    [InlineData("gjr-garch", "gjr-garch(1,1)")]
    [InlineData("gjr-garch(2,1)-t", "gjr-garch(2,1){dist: std}")]
    [InlineData("egarch-t", "egarch(1,1){dist: std}")]
    [InlineData("aparch(1,1){dist: ged}", "aparch(1,1){dist: ged}")]
    [InlineData("igarch", "igarch(1,1)")]
    [InlineData("figarch(1,1)", "figarch(1,d,1)")]
    [InlineData("figarch(0,d,1){draws: fitted}", "figarch(0,d,1)")]
    [InlineData("arima-garch", "arima-garch(1,0,1)(1,1)")]
    [InlineData("arima-garch(1,1,0)(1,1){draws: historical}", "arima-garch(1,1,0)(1,1){draws: historical}")]
    [InlineData("arima-garch(1,0,1)(1,1){dist: std}", "arima-garch(1,0,1)(1,1){dist: std}")]
    [InlineData("arima-garch(2,1,0)-t", "arima-garch(2,1,0)(1,1){dist: std}")]
    public void Model_strings(string text, string canonical)
    {
        var forecaster = ModelCatalogue.Default.Create(text);
        forecaster.Name.ShouldBe(canonical);
        ModelCatalogue.Default.Create(forecaster.Name).Name.ShouldBe(canonical);
    }

    [Theory]
    [InlineData("garch(0,1)")]
    [InlineData("garch(1,1,1)")]
    [InlineData("garch(1,1){dist: cauchy}")]
    [InlineData("garch(1,1)-t{dist: std}")]
    [InlineData("garch(1,1){mean: maybe}")]
    [InlineData("garch(1,1){paths: 5}")]
    [InlineData("arima-garch(1,3,1)(1,1)")]
    [InlineData("arima-garch(1,1)")]
    [InlineData("garch(1,1)-cauchy")]
    [InlineData("igarch(1,0)")]
    [InlineData("figarch(2,d,1)")]
    [InlineData("figarch(1,0.4,1)")]
    [InlineData("figarch(-1,d,1)")]
    [InlineData("figarch(x,d,1)")]
    [InlineData("egarch(0,1)")]
    [InlineData("garch{draws: perhaps}")]
    public void Wrong_model_strings_are_refused(string text) => Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(text));

    private static double[] Variances(IFittedForecaster fitted, int horizon)
    {
        var prediction = fitted.Predict(KnownFuture.None, horizon, 1)["s"];
        return [.. Enumerable.Range(1, horizon).Select(h => prediction.Marginal(h).Variance)];
    }

    private static IFittedForecaster Fit(GarchForecaster forecaster, double[] values) =>
        forecaster.Fit(View(values), new ForecastTask(1, ForecastTask.DefaultLevels), new FitContext(1));

    private static PanelView View(double[] values)
    {
        var start = Instant.FromUtc(2020, 1, 1, 0, 0);
        var times = Enumerable.Range(0, values.Length).Select(i => start + Duration.FromDays(i)).ToArray();
        return new Panel([TimeSeries.Univariate("s", Frequency.Daily, times, values)]).AsOf(times[^1]);
    }
}
