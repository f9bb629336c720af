using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Arima;
using Forecast.Models.Catalogue;
using NodaTime;
using static Forecast.Models.Tests.TestPanels;

namespace Forecast.Models.Tests.Arima;

public class ArimaForecasterTests
{
    private static readonly ArimaReferenceCase Airline = Case("log(AirPassengers)_011_011_12");
    private static readonly ArimaReferenceCase Huron = Case("LakeHuron_200_mean_xreg");

    private static ArimaReferenceCase Case(string id) =>
        ArimaReferenceCase.Load(ArimaReferenceCase.All().First(c => string.Equals(c.Id, id, StringComparison.Ordinal)).File, id);

    private static IForecaster Model(string text) => ModelCatalogue.Default.Create(text);

    private static PanelView Monthly(double[] values) => View(Frequency.Monthly, ("air", values));

    [Fact]
    public void The_airline_model_reports_what_R_reports()
    {
        var fitted = Model("arima(0,1,1)(0,1,1)[12]").Fit(Monthly(Airline.Values), SixSteps, Context);
        var summary = fitted.Summaries["air"];
        summary.Parameters.Keys.ShouldBe(["ma1", "sma1"]);
        summary.Parameters["ma1"].ShouldBe(-0.40182, 1e-4);
        summary.StdErrors["hessian"]["sma1"].ShouldBe(0.0731, 0.05 * 0.0731);
        summary.Criteria["loglik"].ShouldBe(244.69649, 1e-4);
        summary.Criteria["sigma2"].ShouldBe(0.00137126, 1e-6);
        summary.Criteria["sigma2_ml"].ShouldBe(0.00134810, 1e-6);
        summary.Paths["residuals"].Length.ShouldBe(144);
        summary.Observations.ShouldBe(144);
        summary.Converged.ShouldBeTrue();

        var law = fitted.Predict(KnownFuture.None, 24, 1)["air"];
        var mean = ArimaReferenceCase.Numbers(Airline.Expected["mean"]);
        var lower = ArimaReferenceCase.Numbers(Airline.Expected["interval_df"]!["lower80"]);
        for (var h = 1; h <= 24; h++)
        {
            law.Mean(h).ShouldBe(mean[h - 1], 1e-4);
            law.TryQuantile(h, 0.1, out var quantile).ShouldBeTrue();
            quantile.ShouldBe(lower[h - 1], 1e-4);
        }

        law.Timestamps[0].ShouldBe(Times(Frequency.Monthly, 145)[^1]);
    }

    [Fact]
    public void Standard_errors_that_nobody_asked_for_are_saved_all_the_same()
    {
        var model = Model("arima(0,1,1)(0,1,1)[12]");
        var archive = new ModelArchive();
        model.Fit(Monthly(Airline.Values), SixSteps, Context).Save(archive);
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        var loaded = model.Load(ModelArchive.Open(stream)).Condition(Monthly(Airline.Values));
        loaded.Summaries["air"].StdErrors["hessian"].ShouldBe(model.Fit(Monthly(Airline.Values), SixSteps, Context).Summaries["air"].StdErrors["hessian"]);
        loaded.Summaries["air"].StdErrors["hessian"]["ma1"].ShouldBe(0.0896, 0.05 * 0.0896);
    }

    [Fact]
    public void The_season_may_come_from_the_frequency()
    {
        var stated = Model("arima(0,1,1)(0,1,1)[12]").Fit(Monthly(Airline.Values), SixSteps, Context);
        var usual = Model("arima(0,1,1)(0,1,1)").Fit(Monthly(Airline.Values), SixSteps, Context);
        usual.Summaries["air"].Criteria["loglik"].ShouldBe(stated.Summaries["air"].Criteria["loglik"]);
        Should.Throw<ForecastException>(() => Model("arima(0,1,1)(0,1,1)").Fit(View(Airline.Values), SixSteps, Context)).Field.ShouldBe("period");
    }

    [Fact]
    public void The_variance_option_chooses_the_divisor()
    {
        var df = FitAndPredict(Model("arima(1,0,0)"), Huron.Values);
        var ml = FitAndPredict(Model("arima(1,0,0){variance: ml}"), Huron.Values);
        (ml.Marginal(3).Variance / df.Marginal(3).Variance).ShouldBe(96.0 / 98, 1e-9); // (n - k + 1) / n, k = 3
    }

    [Fact]
    public void Conditioning_on_more_data_equals_filtering_it_at_the_same_coefficients()
    {
        var model = Model("arima(0,1,1)(0,1,1)[12]");
        var fitted = model.Fit(Monthly(Airline.Values[..120]), SixSteps, Context);
        var parameters = fitted.Summaries["air"].Parameters;
        var moved = fitted.Condition(Monthly(Airline.Values)).Predict(KnownFuture.None, 12, 1)["air"];
        var expected = ArimaFit.At("air", Airline.Values, Airline.Options, [parameters["ma1"], parameters["sma1"]]).Project(12);
        var sigma2 = fitted.Summaries["air"].Criteria["sigma2"];
        for (var h = 1; h <= 12; h++)
        {
            moved.Mean(h).ShouldBe(expected.Mean[h - 1], 1e-12);
            moved.Marginal(h).Variance.ShouldBe(sigma2 * expected.UnitVariance[h - 1], 1e-12);
        }

        var again = fitted.Predict(KnownFuture.None, 12, 1)["air"];
        again.Mean(1).ShouldNotBe(moved.Mean(1));
        fitted.Predict(KnownFuture.None, 12, 1)["air"].Mean(1).ShouldBe(again.Mean(1));
    }

    [Fact]
    public void A_saved_model_forecasts_as_before()
    {
        var model = Model("arima(2,0,0){regressors: [year]}");
        var fitted = model.Fit(WithYears(Huron.Values.Length), SixSteps, Context);
        var loaded = Reload(model, fitted);
        Should.Throw<ForecastException>(() => loaded.Predict(KnownFuture.None, 2, 1)).Code.ShouldBe("history-missing");
        var future = FutureYears(12);
        var before = fitted.Predict(future, 12, 3)["huron"];
        var after = loaded.Condition(WithYears(Huron.Values.Length)).Predict(future, 12, 3)["huron"];
        var mean = ArimaReferenceCase.Numbers(Huron.Expected["mean"]);
        before.TryPaths(3, out var paths).ShouldBeTrue();
        after.TryPaths(3, out var samePaths).ShouldBeTrue();
        for (var h = 1; h <= 12; h++)
        {
            after.Mean(h).ShouldBe(before.Mean(h));
            after.Mean(h).ShouldBe(mean[h - 1], 1e-4);
            samePaths[2, h].ShouldBe(paths[2, h]);
        }
    }

    [Fact]
    public void Regressors_are_asked_for_by_name_in_past_and_future()
    {
        var view = WithYears(Huron.Values.Length);
        var all = Model("arima(2,0,0){regressors: *}").Fit(view, SixSteps, Context);
        all.Summaries["huron"].Parameters.Keys.ShouldBe(["ar1", "ar2", "intercept", "year"]);
        all.Summaries["huron"].Parameters["year"].ShouldBe(-0.021568, 1e-4);
        all.Predict(KnownFuture.None, 2, 1).Failures["huron"].Code.ShouldBe("future-covariate-missing");
        Should.Throw<ForecastException>(() => Model("arima(2,0,0){regressors: month}").Fit(view, SixSteps, Context)).Code.ShouldBe("column-unknown");
    }

    [Fact]
    public void Paths_have_the_joint_law()
    {
        var law = FitAndPredict(Model("arima(0,1,1)"), Huron.Values, horizon: 3);
        law.TryPaths(50_000, out var paths).ShouldBeTrue();
        var first = paths.Step(1);
        var last = paths.Step(3);
        for (var h = 1; h <= 3; h++)
        {
            paths.Step(h).Average().ShouldBe(law.Mean(h), 4 * Sd(law, h) / Math.Sqrt(50_000));
            paths.Step(h).Select(v => Math.Pow(v - law.Mean(h), 2)).Average().ShouldBe(law.Marginal(h).Variance, 0.03 * law.Marginal(h).Variance);
        }

        // Cov(y_1, y_3) = sigma^2 (1 + theta).
        var theta = Model("arima(0,1,1)").Fit(View(Huron.Values), SixSteps, Context).Summaries["s"].Parameters["ma1"];
        var covariance = first.Zip(last, (a, b) => (a - law.Mean(1)) * (b - law.Mean(3))).Average();
        covariance.ShouldBe(law.Marginal(1).Variance * (1 + theta), 0.03 * law.Marginal(1).Variance);
    }

    [Fact]
    public void A_trend_goes_on_when_the_window_rolls()
    {
        // Mean and drift without differences: the trend is anchored at the first training row.
        var values = Enumerable.Range(0, 80).Select(t => 3 + (0.5 * t) + Math.Sin(1.3 * t)).ToArray();
        var series = TimeSeries.Univariate("s", Frequency.Monthly, Times(Frequency.Monthly, 80), values);
        var panel = new Panel([series]);
        var fitted = Model("arima(0,0,0){drift: true}").Fit(panel.AsOf(series.Times[59]), SixSteps, Context);
        var expanding = fitted.Condition(panel.AsOf(Instant.MaxValue)).Predict(KnownFuture.None, 3, 1)["s"];
        var rolling = fitted.Condition(panel.AsOf(Instant.MaxValue, window: 30)).Predict(KnownFuture.None, 3, 1)["s"];
        for (var h = 1; h <= 3; h++)
            rolling.Mean(h).ShouldBe(expanding.Mean(h), 1e-9);
        expanding.Mean(1).ShouldBe(43, 1.5);
    }

    [Fact]
    public void One_bad_series_does_not_spoil_the_panel()
    {
        var view = View(Frequency.Index, ("good", Huron.Values), ("flat", [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]), ("short", [1, 2, 3]));
        var prediction = Model("arima(1,0,0)").Fit(view, SixSteps, Context).Predict(KnownFuture.None, 2, 1);
        prediction.Distributions.Keys.ShouldBe(["good"]);
        prediction.Failures["flat"].Code.ShouldBe("series-constant");
        prediction.Failures["short"].Code.ShouldBe("series-too-short");
        prediction.Failures["short"].Message.ShouldContain("'short' has 3 observations");
    }

    [Fact]
    public void A_history_too_short_to_start_from_is_refused_when_conditioning()
    {
        var fitted = Model("arima(0,1,1)(0,1,1)[12]").Fit(Monthly(Airline.Values), SixSteps, Context);
        fitted.Condition(Monthly(Airline.Values[..12])).Predict(KnownFuture.None, 1, 1).Failures["air"].Code.ShouldBe("series-too-short");
        fitted.Condition(Monthly([double.NaN, double.NaN])).Predict(KnownFuture.None, 1, 1).Failures["air"].Code.ShouldBe("series-empty");
    }

    [Theory]
    [InlineData("arima(0,1,1)(0,1,1)[12]")]
    [InlineData("arima(2,0,1)")]
    [InlineData("arima(1,0,0)(1,0,0)")]
    [InlineData("arima(1,1,0){drift: true}")]
    [InlineData("arima(1,0,0){mean: false, regressors: [a, b], variance: ml, starts: 5, max_iterations: 50}")]
    public void The_name_makes_the_model_again(string text)
    {
        Model(text).Name.ShouldBe(text);
        Model(Model(text).Name).Name.ShouldBe(text);
    }

    [Theory]
    [InlineData("arima")]
    [InlineData("arima(1,0)")]
    [InlineData("arima(1,0,x)")]
    [InlineData("arima(1,0,0)(1,0,0)(1,0,0)")]
    [InlineData("arima(0,1,1){mean: true}")]
    [InlineData("arima(0,2,1){drift: true}")]
    [InlineData("arima(1,0,0)(1,0,0)[1]")]
    [InlineData("arima(1,0,0){variance: huge}")]
    [InlineData("arima(1,0,0){regressors: [a,,b]}")]
    [InlineData("arima(1,0,0){order: 3}")]
    public void Model_strings_that_make_no_sense_are_refused(string text) =>
        Should.Throw<ForecastException>(() => Model(text)).Message.ShouldNotBeEmpty();

    private static PanelView WithYears(int rows)
    {
        var columns = new[]
        {
            new Column("level", ColumnRole.Target, Huron.Values[..rows]),
            new Column("year", ColumnRole.FutureCovariate, Huron.Regressors.Columns[0][..rows]),
        };
        return new Panel([new TimeSeries("huron", Frequency.Index, Times(Frequency.Index, rows), columns)]).AsOf(Instant.MaxValue);
    }

    private static KnownFuture FutureYears(int horizon) => new(new Dictionary<string, SeriesFuture>(StringComparer.Ordinal)
    {
        ["huron"] = new(new Dictionary<string, double[]>(StringComparer.Ordinal) { ["year"] = Huron.FutureRegressors.Columns[0][..horizon] }),
    });
}
