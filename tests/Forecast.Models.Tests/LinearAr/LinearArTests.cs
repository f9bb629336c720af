using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Catalogue;
using Forecast.Models.LinearAr;

namespace Forecast.Models.Tests.LinearAr;

public sealed class LinearArTests
{
    [Fact]
    public void Coefficients_solve_the_weighted_normal_equations()
    {
        // Two inputs, one step, against a solution by hand: z of two values is (-1, 1) or (1, -1), so the design has rank one and the ridge decides.
        var regression = new WindowRegression(2, 1);
        regression.Add([1, 3], [4], deviation: 1);
        regression.Add([5, 1], [2], deviation: 2);

        var b = regression.Solve(0.5);

        // Weights min(1, 5 sd/deviation)^2 = 1 and 1; targets z = (4 - 2)/1 = 2 and (2 - 3)/2 = -0.5; penalty 0.5 * 2 = 1 on each of two inputs.
        // With x = (-1, 1, 1) and (1, -1, 1): slope u = b1 - b0 = 2d, constant c = 0.75; minimise (2 - c - 2d)^2 + (-0.5 - c + 2d)^2 + 2 d^2.
        var d = 2.5 / 5;
        b[0].ShouldBe(-d, 1e-9);
        b[1].ShouldBe(d, 1e-9);
        b[2].ShouldBe(0.75, 1e-9);
    }

    [Theory]
    [InlineData("linear-ar(26)")]
    [InlineData("linear-ar(26){scope: global}")]
    public void A_linear_recurrence_is_continued_exactly(string model)
    {
        var values = Wave(300);
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create($"{model[..^(model.EndsWith('}') ? 1 : 0)]}{(model.EndsWith('}') ? ", ridge: 0}" : "{ridge: 0}")}"), values[..290]);

        for (var h = 1; h <= 6; h++) law.Mean(h).ShouldBe(values[289 + h], 1e-4);
    }

    [Fact]
    public void The_penalty_is_chosen_on_the_later_span_and_shrinks_noise()
    {
        var random = new RandomSource(3);
        var noise = Enumerable.Range(0, 400).Select(_ => random.NextNormal()).ToArray();

        var summary = Fit("linear-ar(60)", noise, 4).Summaries["s"];

        summary.Parameters["ridge"].ShouldBe(0.1);
        summary.Criteria["validation_mae_scaled"].ShouldBeInRange(0.6, 0.9);  // E|e| / E|e - e'| = 1/sqrt(2)
    }

    [Fact]
    public void Quantiles_cover_what_comes_later()
    {
        var random = new RandomSource(5);
        var y = new double[3000];
        for (var t = 1; t < y.Length; t++) y[t] = (0.8 * y[t - 1]) + random.NextNormal();
        var fitted = Fit("linear-ar(10)", y[..2000], 3);
        var (below, all) = (0, 0);
        for (var cutoff = 2000; cutoff < 2990; cutoff += 3)
        {
            var law = fitted.Condition(TestPanels.View(y[..cutoff])).Predict(KnownFuture.None, 3, 1)["s"];
            for (var h = 1; h <= 3; h++, all++) below += y[cutoff + h - 1] <= law.Quantile(h, 0.9, "linear-ar") ? 1 : 0;
        }

        ((double)below / all).ShouldBe(0.9, 0.03);
    }

    [Fact]
    public void Gaps_in_the_look_back_are_closed_and_gaps_in_targets_leave_the_window_out()
    {
        var values = Wave(300);
        values[100] = values[250] = double.NaN;

        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("linear-ar(26)"), values);

        law.Mean(1).ShouldBe(Wave(301)[300], 3);
    }

    [Theory]
    [InlineData("linear-ar(12)")]
    [InlineData("linear-ar(12){scope: global}")]
    public void A_saved_model_loads_to_the_same_bits(string name)
    {
        var model = ModelCatalogue.Default.Create(name);
        var view = TestPanels.View(Wave(200));
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);

        var loaded = TestPanels.Reload(model, fitted).Condition(view);

        for (var h = 1; h <= 6; h++)
        {
            var (a, b) = (fitted.Predict(KnownFuture.None, 6, 1)["s"], loaded.Predict(KnownFuture.None, 6, 1)["s"]);
            b.Mean(h).ShouldBe(a.Mean(h));
            b.Quantile(h, 0.9, name).ShouldBe(a.Quantile(h, 0.9, name));
        }
    }

    [Fact]
    public void A_constant_series_stays_where_it_is()
    {
        // A value whose mean over five rows rounds.
        double[] still = [.. Enumerable.Repeat(0.1, 60)];
        var fitted = Fit("linear-ar(5)", still, 3);
        Same(fitted.Predict(KnownFuture.None, 3, 1)["s"], 0.1);
        Same(TestPanels.Reload(ModelCatalogue.Default.Create("linear-ar(5)"), fitted).Condition(TestPanels.View([.. still, 0.1])).Predict(KnownFuture.None, 3, 1)["s"], 0.1);
        Same(Fit("linear-ar(5)", Wave(60), 3).Condition(TestPanels.View([.. Wave(60), .. Enumerable.Repeat(7.0, 9)])).Predict(KnownFuture.None, 3, 1)["s"], 7);

        // It has learned nothing that could be said of rows that move, and where a constant only steps there is no window to learn from.
        fitted.Condition(TestPanels.View([.. still, 0.2])).Predict(KnownFuture.None, 3, 1).Failures["s"].Code.ShouldBe("no-window");
        Should.Throw<ForecastException>(() => Fit("linear-ar(5)", [.. still, 0.2], 3)).Code.ShouldBe("no-window");

        static void Same(PredictiveDistribution law, double value)
        {
            law.Mean(2).ShouldBe(value);
            law.Quantile(2, 0.9, "linear-ar").ShouldBe(value);
        }
    }

    [Theory]
    [InlineData("linear-ar(40)", 40, 6, "series-too-short")]
    [InlineData("linear-ar(10){validation: 0.7}", 80, 6, "validation-invalid")]
    [InlineData("linear-ar(0)", 80, 6, "lookback-invalid")]
    public void What_cannot_be_fitted_is_said(string model, int rows, int horizon, string code) =>
        Should.Throw<ForecastException>(() => Fit(model, Wave(rows), horizon)).Code.ShouldBe(code);

    [Fact]
    public void More_steps_than_were_fitted_are_refused() =>
        Fit("linear-ar(10)", Wave(90), 3).Predict(KnownFuture.None, 4, 1).Failures["s"].Code.ShouldBe("horizon-too-long");

    /// <summary>Two sines and a level: they satisfy a linear recurrence of order five.</summary>
    private static double[] Wave(int count) =>
        [.. Enumerable.Range(0, count).Select(t => 20 + (5 * Math.Sin(2 * Math.PI * t / 12)) + (2 * Math.Cos(2 * Math.PI * t / 5.3)))];

    private static IFittedForecaster Fit(string model, double[] values, int horizon) =>
        ModelCatalogue.Default.Create(model).Fit(TestPanels.View(values), new ForecastTask(horizon, ForecastTask.DefaultLevels), TestPanels.Context);
}
