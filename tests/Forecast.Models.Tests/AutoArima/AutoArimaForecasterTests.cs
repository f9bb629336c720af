using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Arima;
using Forecast.Models.AutoArima;
using Forecast.Models.Catalogue;
using NodaTime;
using static Forecast.Models.Tests.TestPanels;

namespace Forecast.Models.Tests.AutoArima;

/// <summary>The seam of auto-arima, hard series, and the searches against each other.</summary>
public class AutoArimaForecasterTests
{
    private static readonly IForecaster Auto = ModelCatalogue.Default.Create("auto-arima");

    [Fact]
    public void A_choice_survives_saving_and_conditioning()
    {
        var values = Walk(120, 3);
        var view = View(values[..100]);
        var fitted = Auto.Fit(view, SixSteps, Context);
        fitted.Summaries["s"].Notes[0].ShouldStartWith("chosen: arima(");
        var whole = View(values);
        var direct = fitted.Condition(whole).Predict(KnownFuture.None, 6, 2)["s"];
        var loaded = Reload(Auto, fitted).Condition(whole).Predict(KnownFuture.None, 6, 2)["s"];
        for (var h = 1; h <= 6; h++)
            loaded.Mean(h).ShouldBe(direct.Mean(h));
    }

    [Theory]
    [InlineData(1e12)]
    [InlineData(1e-12)]
    public void The_choice_does_not_depend_on_the_unit(double unit)
    {
        var values = Walk(90, 5);
        var plain = Choose(values);
        var scaled = Choose([.. values.Select(v => v * unit)]);
        scaled.Options.ShouldBe(plain.Options with { Regressors = scaled.Options.Regressors, Fixed = scaled.Options.Fixed });
        scaled.Fit!.Project(4).Mean[3].ShouldBe(unit * plain.Fit!.Project(4).Mean[3], 1e-4 * unit * Math.Sqrt(plain.Fit.Sigma2Df));
    }

    [Fact]
    public void Series_without_error_go_on_without_error()
    {
        double[] flat = [.. Enumerable.Repeat(7.0, 20)];
        double[] zero = new double[20];
        double[] line = [.. Enumerable.Range(0, 20).Select(t => 3 + (0.1 * t))];
        double[] season = [.. Enumerable.Range(0, 48).Select(t => Math.Sin(Math.Tau * t / 12) + (0.25 * (t / 12)))];
        Check(flat, 1, [7, 7, 7]);
        Check(zero, 1, [0, 0, 0]);
        Check(line, 1, [5, 5.1, 5.2]);
        Check(season, 12, [.. Enumerable.Range(48, 3).Select(t => Math.Sin(Math.Tau * t / 12) + 1)]);

        static void Check(double[] values, int period, double[] expected)
        {
            var law = FitAndPredict(new AutoArimaForecaster(new AutoArimaOptions { Period = period }), values, 3);
            law.TryPaths(2, out var paths).ShouldBeTrue();
            for (var h = 1; h <= 3; h++)
            {
                law.Mean(h).ShouldBe(expected[h - 1], 1e-9);
                law.Marginal(h).Variance.ShouldBe(0);
                paths[1, h].ShouldBe(law.Mean(h));
            }
        }
    }

    [Fact]
    public void Short_and_broken_series_are_fitted_or_refused()
    {
        FitAndPredict(Auto, [1, 3, 2], 2).Mean(2).ShouldBeInRange(0, 4);
        var gaps = Walk(80, 8);
        for (var t = 0; t < gaps.Length; t += 3)
            gaps[t] = double.NaN;
        FitAndPredict(Auto, gaps, 2).Mean(1).ShouldBeInRange(gaps.Where(v => !double.IsNaN(v)).Min() - 5, gaps.Where(v => !double.IsNaN(v)).Max() + 5);
        Refused([1, 2], "series-too-short");
        Refused([double.NaN, double.NaN], "series-empty");
        Refused([1, 2, double.PositiveInfinity, 3], "value-infinite");

        static void Refused(double[] values, string code) =>
            Should.Throw<ForecastException>(() => Auto.Fit(View(values), SixSteps, Context)).Code.ShouldBe(code);
    }

    [Fact]
    public void The_full_search_is_no_worse_and_criteria_differ_in_their_penalty()
    {
        var values = Walk(100, 12);
        var stepwise = Choose(values);
        var full = AutoArimaChoice.Of("s", values, new AutoArimaOptions { Stepwise = false, MaxTotal = 4, MaxOrder = 4 }, 1, cancellation: TestContext.Current.CancellationToken);
        full.Tried.ShouldBeGreaterThan(14);
        if (stepwise.Options.Order.Ar + stepwise.Options.Order.Ma <= 4)
            full.Fit!.Aicc.ShouldBeLessThanOrEqualTo(stepwise.Fit!.Aicc + 0.01);
        var bic = AutoArimaChoice.Of("s", values, new AutoArimaOptions { Criterion = InformationCriterion.Bic }, 1, cancellation: TestContext.Current.CancellationToken);
        bic.Fit!.ParameterCount.ShouldBeLessThanOrEqualTo(stepwise.Fit!.ParameterCount);
    }

    [Fact]
    public void A_regressor_explains_what_would_look_like_a_root()
    {
        var random = new RandomSource(31);
        double[] x = [.. Enumerable.Range(0, 120).Select(t => t < 60 ? 0.0 : 10)];
        double[] y = [.. x.Select(v => v + random.NextNormal())];
        Choose(y).Options.Order.Differences.ShouldBe(1);
        var columns = new[] { new Column("y", ColumnRole.Target, y), new Column("step", ColumnRole.FutureCovariate, x) };
        var view = new Panel([new TimeSeries("s", Frequency.Index, Times(Frequency.Index, 120), columns)]).AsOf(Instant.MaxValue);
        var fitted = ModelCatalogue.Default.Create("auto-arima{regressors: [step]}").Fit(view, SixSteps, Context);
        fitted.Summaries["s"].Notes[0].ShouldStartWith("chosen: arima(0,0,0)");
        fitted.Summaries["s"].Parameters["step"].ShouldBe(1, 0.1);
    }

    [Fact]
    public void Roots_near_the_unit_circle_are_not_admissible()
    {
        var options = new ArimaOptions { Order = new(1, 0, 1), Seasonal = new(0, 0, 1), Period = 12 };
        ArimaScorer.IsAdmissible([0.98, 0.5, -0.8], options).ShouldBeTrue();
        ArimaScorer.IsAdmissible([0.995, 0.5, -0.8], options).ShouldBeFalse();
        ArimaScorer.IsAdmissible([0.98, 0.992, -0.8], options).ShouldBeFalse();
        // A seasonal root of 1 / 0.95 in B^12 is one of 1.004 in B.
        ArimaScorer.IsAdmissible([0.98, 0.5, -0.95], options).ShouldBeFalse();
    }

    private static AutoArimaChoice Choose(double[] values) => AutoArimaChoice.Of("s", values, new AutoArimaOptions(), 1, cancellation: TestContext.Current.CancellationToken);

    private static double[] Walk(int n, ulong seed)
    {
        var random = new RandomSource(seed);
        var values = new double[n];
        var step = 0.0;
        for (var t = 0; t < n; t++)
        {
            step = (0.6 * step) + random.NextNormal();
            values[t] = (t > 0 ? values[t - 1] : 50) + step;
        }

        return values;
    }
}
