using Forecast.Core;
using Forecast.Models.Catalogue;
using Forecast.Models.Ets;
using Forecast.Models.HoltWinters;

namespace Forecast.Models.Tests.HoltWinters;

public sealed class HoltWintersTests
{
    private const double Gap = double.NaN;

    private static readonly double[] Seasonal =
        [.. Enumerable.Range(0, 48).Select(t => (100 + t) * (1 + (0.2 * Math.Sin(t * Math.PI / 2))) * (1 + (0.02 * Math.Sin(t * t))))];

    public static TheoryData<string, string> Cases => ClassicalCase.Of("ets*.json", "holtwinters");

    [Fact]
    public void The_repository_has_five_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void At_R_s_parameters_everything_is_R_s(string file, string id)
    {
        var (c, options) = Load(file, id);
        var fit = HoltWintersFit.At(id, c.Values, options, c.Period, c.Number("alpha"), c.Number("beta"), c.Number("gamma"));
        fit.SumOfSquares.ShouldBe(c.Number("sse"), 1e-8 * c.Number("sse"));
        Near(fit.Coefficients, c.Vector("coefficients"), 1e-8);
        Near(HoltWintersProjection.Point(fit, 12), c.Vector("forecast12"), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Own_optimum_is_R_s(string file, string id)
    {
        var (c, options) = Load(file, id);
        var fit = HoltWintersFit.Estimate(id, c.Values, options, c.Period);
        fit.Converged.ShouldBeTrue();
        fit.SumOfSquares.ShouldBeLessThanOrEqualTo(c.Number("sse") * (1 + 1e-5), $"{fit.Alpha} {fit.Beta} {fit.Gamma}");
        Near(HoltWintersProjection.Point(fit, 12), c.Vector("forecast12"), 1e-3);
    }

    [Theory]
    [InlineData("holt-winters[4]")]
    [InlineData("holt-winters{seasonal: none}")]
    [InlineData("holt-winters{seasonal: none, trend: false}")]
    [InlineData("holt-winters[4]{seasonal: multiplicative}")]
    public void Laws_agree_with_simulated_futures_and_survive_saving(string name)
    {
        var model = ModelCatalogue.Default.Create(name);
        var view = TestPanels.View(Seasonal);
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var law = fitted.Predict(Core.Data.KnownFuture.None, 6, seed: 7)["s"];
        law.TryPaths(40_000, out var paths).ShouldBeTrue();
        var again = TestPanels.Reload(model, fitted).Condition(view).Predict(Core.Data.KnownFuture.None, 6, seed: 7)["s"];
        for (var h = 1; h <= 6; h++)
        {
            var draws = paths.Step(h);
            var (mean, sd) = (draws.Average(), TestPanels.Sd(law, h));
            mean.ShouldBe(law.Mean(h), 0.05 * sd);
            Math.Sqrt(draws.Average(d => (d - mean) * (d - mean))).ShouldBe(sd, 0.03 * sd);
            again.Quantile(h, 0.9, name).ShouldBe(law.Quantile(h, 0.9, name));
        }
    }

    [Fact]
    public void Gaps_at_the_end_are_forecast_over_and_gaps_inside_are_not_counted()
    {
        var whole = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("holt-winters[4]"), Seasonal);
        var later = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("holt-winters[4]"), [.. Seasonal, Gap, Gap], horizon: 4);
        for (var h = 1; h <= 4; h++) later.Mean(h).ShouldBe(whole.Mean(h + 2), 1e-6 * whole.Mean(h + 2));
        double[] holed = (double[])Seasonal.Clone();
        holed[2] = holed[20] = Gap;
        HoltWintersFit.Estimate("s", holed, new HoltWintersOptions(), 4).Count.ShouldBe(43);
    }

    [Fact]
    public void A_constant_series_goes_on_without_doubt()
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("holt-winters[4]"), [.. Enumerable.Repeat(3.7e12, 20)]);
        law.Mean(6).ShouldBe(3.7e12, 1);
        TestPanels.Sd(law, 6).ShouldBe(0, 1);
    }

    [Theory]
    [InlineData("holt-winters[4]", new[] { 1.0, 2, 3, 4, 5, 6, 7 }, "series-too-short")]
    [InlineData("holt-winters", new[] { 1.0, 2, 3, 4, 5, 6, 7 }, "holt-winters-option-invalid")]
    [InlineData("holt-winters[2]{seasonal: multiplicative}", new[] { 1.0, 2, 3, 0, 5, 6, 7, 8 }, "values-not-positive")]
    public void Data_that_do_not_suit_are_named(string name, double[] y, string code) =>
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), y)).Code.ShouldBe(code);

    private static (ClassicalCase Case, HoltWintersOptions Options) Load(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var seasonal = string.Equals((string?)c.Input!["seasonal"], "multiplicative", StringComparison.Ordinal) ? EtsPart.Multiplicative : EtsPart.Additive;
        return (c, new HoltWintersOptions { Seasonal = seasonal });
    }

    private static void Near(IReadOnlyList<double> actual, double[] expected, double relative)
    {
        actual.Count.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBe(expected[i], relative * Math.Abs(expected[i]), $"entry {i + 1}");
    }
}
