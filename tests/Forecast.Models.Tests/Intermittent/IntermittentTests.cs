using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Models.Catalogue;
using Forecast.Models.Intermittent;

namespace Forecast.Models.Tests.Intermittent;

public sealed class IntermittentTests
{
    private const double Gap = double.NaN;

    private static readonly double[] Demand = [0, 0, 4, 0, 0, 0, 2, 0, 6, 0];

    public static TheoryData<string, string> Cases => ClassicalCase.Of("croston*.json", "croston");

    [Fact]
    public void The_repository_has_fourteen_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(14);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecasts_and_fits_are_R_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var fit = IntermittentFit.Of(id, c.Values, new IntermittentOptions { Alpha = (double)c.Node["alpha"]! });
        foreach (var mean in c.Vector("mean")) fit.Rate.ShouldBe(mean, 1e-300 + (1e-10 * Math.Abs(mean)));
        var fitted = c.Vector("fitted");

        // The first row has no rows before it; R says NA, or 0 where nothing is ever sold.
        fit.Fitted[0].ShouldBe(double.NaN);
        for (var t = 1; t < fitted.Length; t++) fit.Fitted[t].ShouldBe(fitted[t], 1e-300 + (1e-10 * Math.Abs(fitted[t])));
    }

    // By hand at alpha = beta = 0.5: sizes 4, 2, 6 give 4, 3, 4.5; gaps 3, 4, 2 give 3, 3.5, 2.75. TSB's probability starts at 1/3,
    // three rows without demand halve it thrice to 1/24, the demand lifts it to 25/48, then 25/96, 121/192, and the last 0: 121/384.
    [Theory]
    [InlineData("croston{alpha: 0.5}", 4.5 / 2.75)]
    [InlineData("sba{alpha: 0.5}", 0.75 * 4.5 / 2.75)]
    [InlineData("croston{variant: sba, alpha: 0.5}", 0.75 * 4.5 / 2.75)]
    [InlineData("tsb{alpha: 0.5}", 4.5 * 121 / 384)]
    [InlineData("croston{alpha: 1, beta: 0.5}", 6 / 2.75)]
    [InlineData("sba{alpha: 1, beta: 0.5}", 0.75 * 6 / 2.75)]
    public void Forecasts_are_those_worked_by_hand(string name, double rate)
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), Demand);
        for (var h = 1; h <= 6; h++) law.Mean(h).ShouldBe(rate, 1e-12);
    }

    [Theory]
    [InlineData("croston")]
    [InlineData("sba")]
    [InlineData("tsb{optimise: true}")]
    public void The_law_is_what_its_paths_are_drawn_from(string name)
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), Demand);
        var marginal = law.Marginal(2);
        law.TryPaths(60_000, out var paths).ShouldBeTrue();
        var draws = new Core.Distributions.EmpiricalMarginal(paths.Step(2));
        var sd = Math.Sqrt(marginal.Variance);
        draws.Mean.ShouldBe(marginal.Mean, 0.02 * sd);
        Math.Sqrt(draws.Variance).ShouldBe(sd, 0.02 * sd);
        foreach (var level in (double[])[0.1, 0.5, 0.85, 0.99])
        {
            marginal.TryQuantile(level, out var exact);
            draws.TryQuantile(level, out var drawn);
            drawn.ShouldBe(exact, 1e-9);
        }

        foreach (var x in (double[])[-1, 0, 1, 4, 100])
        {
            marginal.TryCdf(x, out var probability);
            draws.TryCdf(x, out var share);
            share.ShouldBe(probability, 0.01);
            marginal.TryCrps(x, out var exact);
            draws.TryCrps(x, out var drawn);
            drawn.ShouldBe(exact, 0.02 * sd);
        }

        marginal.TryExpectedShortfall(0.9, out var shortfall);
        draws.TryExpectedShortfall(0.9, out var mean);
        mean.ShouldBe(shortfall, 0.02 * sd);
    }

    [Theory]
    [InlineData(IntermittentVariant.Croston)]
    [InlineData(IntermittentVariant.Sba)]
    [InlineData(IntermittentVariant.Tsb)]
    public void No_other_parameters_have_smaller_errors(IntermittentVariant variant)
    {
        var random = new Random(5);
        double[] y = [.. Enumerable.Range(0, 120).Select(_ => random.NextDouble() < 0.4 ? 1 + (9 * random.NextDouble()) : 0)];
        var options = new IntermittentOptions { Variant = variant, Optimise = true };
        var fit = IntermittentFit.Of("s", y, options);
        var least = IntermittentSearch.Squares(variant, fit.Alpha, fit.Beta, y);
        for (var i = 0; i < 400; i++)
            IntermittentSearch.Squares(variant, random.NextDouble(), random.NextDouble(), y).ShouldBeGreaterThanOrEqualTo(least * (1 - 1e-6));
        IntermittentFit.Of("s", y, options with { Alpha = 0.2 }).Alpha.ShouldBe(0.2);
    }

    [Fact]
    public void Obsolescence_shows_in_tsb_only()
    {
        double[] dead = [.. Demand, .. new double[40]];
        TestPanels.FitAndPredict(ModelCatalogue.Default.Create("tsb"), dead).Mean(1).ShouldBeLessThan(0.05);
        TestPanels.FitAndPredict(ModelCatalogue.Default.Create("croston"), dead).Mean(1).ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Missing_rows_are_skipped_and_zeros_are_not()
    {
        double[] holed = [0, Gap, 0, 4, 0, 0, Gap, 0, 2, 0, 6, 0, Gap];
        foreach (var name in (string[])["croston", "tsb"])
        {
            var model = ModelCatalogue.Default.Create(name);
            TestPanels.FitAndPredict(model, holed).Mean(1).ShouldBe(TestPanels.FitAndPredict(model, Demand).Mean(1));
        }
    }

    [Fact]
    public void No_demand_is_forecast_where_there_was_none()
    {
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("sba{optimise: true}"), new double[12]);
        law.Mean(3).ShouldBe(0);
        law.Quantile(3, 0.99, "sba").ShouldBe(0);
    }

    [Fact]
    public void Saving_changes_nothing()
    {
        var model = ModelCatalogue.Default.Create("tsb{optimise: true}");
        var fitted = model.Fit(TestPanels.View(Demand), TestPanels.SixSteps, TestPanels.Context);
        var again = TestPanels.Reload(model, fitted).Condition(TestPanels.View(Demand));
        again.Predict(KnownFuture.None, 2, 7)["s"].Mean(2).ShouldBe(fitted.Predict(KnownFuture.None, 2, 7)["s"].Mean(2));
    }

    [Theory]
    [InlineData("croston{alpha: 0}", new[] { 1.0 }, "intermittent-option-invalid")]
    [InlineData("tsb{beta: 1.5}", new[] { 1.0 }, "intermittent-option-invalid")]
    [InlineData("croston", new[] { 1.0, -1 }, "value-negative")]
    [InlineData("croston", new[] { 1.0, double.PositiveInfinity }, "value-infinite")]
    [InlineData("croston", new[] { Gap, Gap }, "series-empty")]
    public void What_cannot_be_used_is_named(string name, double[] y, string code) =>
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), y)).Code.ShouldBe(code);
}
