using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Models.Catalogue;
using Forecast.Models.Ets;
using Forecast.Models.Theta;

namespace Forecast.Models.Tests.Theta;

public sealed class ThetaTests
{
    private const double Gap = double.NaN;

    private static readonly double[] Seasonal =
        [.. Enumerable.Range(0, 48).Select(t => (100 + t) * (1 + (0.2 * Math.Sin(t * Math.PI / 2))) * (1 + (0.02 * Math.Sin(t * t))))];

    public static TheoryData<string, string> Cases => ClassicalCase.Of("ets*.json", "theta");

    public static TheoryData<string> Models =>
        ["theta", "theta[4]", "theta[4]{method: optimised}", "theta[4]{method: dynamic}", "theta[4]{method: dynamic-optimised}", "theta{method: dynamic-optimised}"];

    [Fact]
    public void The_repository_has_fifteen_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(15);

    [Theory]
    [MemberData(nameof(Cases))]
    public void At_R_s_alpha_forecasts_and_intervals_are_R_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var fit = ThetaFit.At(id, c.Values, new ThetaOptions(), c.Period, c.Number("alpha"));
        fit.Drift.ShouldBe(c.Number("drift"), 1e-6 * Math.Abs(c.Number("drift")));
        Near(fit, c, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Own_optimum_is_R_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var fit = ThetaFit.Estimate(id, c.Values, new ThetaOptions(), c.Period);
        fit.SumOfSquares.ShouldBeLessThanOrEqualTo(ThetaFit.At(id, c.Values, new ThetaOptions(), c.Period, c.Number("alpha")).SumOfSquares * (1 + 1e-9));
        fit.Alpha.ShouldBe(c.Number("alpha"), 2e-3);
        Near(fit, c, 1e-2);
    }

    [Theory]
    [InlineData(ThetaMethod.Optimised)]
    [InlineData(ThetaMethod.DynamicOptimised)]
    [InlineData(ThetaMethod.Dynamic)]
    public void No_other_point_has_less_squares(ThetaMethod method)
    {
        var options = new ThetaOptions { Method = method, Seasonal = false };
        double[] holed = (double[])Seasonal.Clone();
        holed[5] = holed[6] = Gap;
        var fit = ThetaFit.Estimate("s", holed, options, 4);
        var series = ThetaSeries.Of("s", holed, 4, false);
        Squares(fit.Alpha, fit.Weight, fit.Level).ShouldBe(fit.SumOfSquares, 1e-9 * fit.SumOfSquares);
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var reach = i < 1000 ? 1.0 : 0.05;
            var alpha = Math.Clamp(fit.Alpha + (reach * (random.NextDouble() - 0.5)), 1e-4, 0.9999);
            var weight = options.IsOptimised ? Math.Clamp(fit.Weight + (reach * (random.NextDouble() - 0.5)), 0, 1 - 1e-6) : fit.Weight;
            var level = fit.Level * (1 + (reach * (random.NextDouble() - 0.5)));
            Squares(alpha, weight, level).ShouldBeGreaterThanOrEqualTo(fit.SumOfSquares * (1 - 1e-9));
        }

        double Squares(double alpha, double weight, double level)
        {
            var state = options.IsDynamic ? new ThetaState(alpha, weight, level) : new ThetaState(alpha, weight, level, series.Intercept, series.Slope);
            var sum = 0.0;
            for (var t = 0; t < series.Length; t++)
            {
                var mean = state.Mean();
                var y = series.Values[t];
                if (!double.IsNaN(y) && t >= options.FirstJudged) sum += (y - mean) * (y - mean);
                state.Move(double.IsNaN(y) ? mean : y, series.Filled[t]);
            }

            return sum;
        }
    }

    [Fact]
    public void The_dynamic_line_is_the_least_squares_line_of_the_rows_so_far()
    {
        var state = new ThetaState(0.3, 0.5, 1);
        for (var t = 0; t < Seasonal.Length; t++)
        {
            state.Move(Seasonal[t]);
            if (t == 0) continue;
            var (intercept, slope) = EtsStarts.Line(Seasonal.AsSpan(0, t + 1));
            state.Line.Intercept.ShouldBe(intercept, 1e-9 * Math.Abs(intercept));
            state.Line.Slope.ShouldBe(slope, 1e-9 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Laws_agree_with_simulated_futures_and_survive_saving(string name)
    {
        var model = ModelCatalogue.Default.Create(name);
        var view = TestPanels.View(Seasonal);
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var law = fitted.Predict(KnownFuture.None, 6, seed: 7)["s"];
        law.TryPaths(40_000, out var paths).ShouldBeTrue();
        var again = TestPanels.Reload(model, fitted).Condition(view).Predict(KnownFuture.None, 6, seed: 7)["s"];
        for (var h = 1; h <= 6; h++)
        {
            var draws = paths.Step(h);
            var (mean, sd) = (draws.Average(), TestPanels.Sd(law, h));
            mean.ShouldBe(law.Mean(h), 0.05 * sd);
            Math.Sqrt(draws.Average(d => (d - mean) * (d - mean))).ShouldBe(sd, 0.03 * sd);
            again.Quantile(h, 0.9, name).ShouldBe(law.Quantile(h, 0.9, name));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Gaps_at_the_end_are_forecast_over(string name)
    {
        var whole = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), Seasonal);
        var later = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), [.. Seasonal, Gap, Gap], horizon: 4);
        for (var h = 1; h <= 4; h++) later.Mean(h).ShouldBe(whole.Mean(h + 2), 1e-6 * whole.Mean(h + 2));
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(0.0)]
    [InlineData(-2e12)]
    public void A_constant_series_goes_on_without_doubt(double value)
    {
        foreach (var name in Models)
        {
            var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name.Data), [.. Enumerable.Repeat(value, 20)]);
            law.Mean(6).ShouldBe(value, 1e-9 * Math.Max(1, Math.Abs(value)));
            TestPanels.Sd(law, 6).ShouldBe(0, 1e-7 * Math.Max(1, Math.Abs(value)));
        }
    }

    [Theory]
    [InlineData("theta", new[] { 1.0, 2, 3 }, "series-too-short")]
    [InlineData("theta[4]{seasonal: true}", new[] { 1.0, 2, 3, 4, 5, 6 }, "series-too-short")]
    [InlineData("theta", new[] { 1.0, 2, double.NegativeInfinity, 3 }, "value-infinite")]
    public void Data_that_do_not_suit_are_named(string name, double[] y, string code) =>
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), y)).Code.ShouldBe(code);

    private static void Near(ThetaFit fit, ClassicalCase c, double tolerance)
    {
        var expected = c.Vector("mean");
        var level = expected.Average(Math.Abs);
        var point = fit.Point(expected.Length);
        var deviation = fit.Deviation(expected.Length)!;
        foreach (var (key, level80) in new[] { ("mean", 0.5), ("lower80", 0.1), ("upper80", 0.9), ("lower95", 0.025), ("upper95", 0.975) })
        {
            var z = Core.Distributions.NormalDistribution.Quantile(level80);
            var values = c.Vector(key);
            for (var h = 0; h < expected.Length; h++)
                (point[h] + (z * deviation[h])).ShouldBe(values[h], tolerance * level, $"{key} of step {h + 1}");
        }
    }
}
