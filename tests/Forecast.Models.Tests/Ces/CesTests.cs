using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Models.Catalogue;
using Forecast.Models.Ces;
using Forecast.Models.Ets;

namespace Forecast.Models.Tests.Ces;

public sealed class CesTests
{
    private const double Gap = double.NaN;

    private static readonly double[] Trending = [.. Enumerable.Range(0, 60).Select(t => 100 + (0.8 * t) + (5 * Math.Sin(t * t)))];

    private static readonly double[] Seasonal =
        [.. Enumerable.Range(0, 72).Select(t => 100 + (0.5 * t) + (12 * Math.Sin(t * Math.PI / 2)) + (6 * Math.Cos(t * Math.PI)) + (2 * Math.Sin(t * t)))];

    public static TheoryData<string> Models =>
        ["ces", "ces[4]", "ces[4]{seasonality: none}", "ces[4]{seasonality: simple}", "ces[4]{seasonality: partial}", "ces[4]{seasonality: full}"];

    // By hand at a = 1.2 + 0.9 i from l = 10, c = 9: errors 0, 2.9, 1.85; levels 9.1, 9.15, 8.35; potentials 8.2, 13.55, 10.325.
    [Fact]
    public void Without_a_season_the_recursion_is_that_worked_by_hand()
    {
        var filter = new CesFilter(new CesPoint(CesSeasonality.None, 1.2, 0.9), 1) { Level = 10, Potential = 9 };
        Follow(filter, [10, 12, 11], [10, 9.1, 9.15]);
        filter.Level.ShouldBe(8.35, 1e-12);
        filter.Potential.ShouldBe(10.325, 1e-12);
        filter.Move(3, 0);
        filter.Level.ShouldBe(7.3175, 1e-12);
    }

    // The same with s = (1, -1), b = 0.5: errors -1, 4.2; then level 9.45, potential 16.4, s = (0.5, 1.1).
    [Fact]
    public void With_a_partial_season_the_recursion_is_that_worked_by_hand()
    {
        var filter = new CesFilter(new CesPoint(CesSeasonality.Partial, 1.2, 0.9, 0.5), 2) { Level = 10, Potential = 9 };
        ((double[])[1, -1]).CopyTo(filter.Season, 0);
        Follow(filter, [10, 12], [11, 7.8]);
        filter.Level.ShouldBe(9.45, 1e-12);
        filter.Potential.ShouldBe(16.4, 1e-12);
        filter.Season.ShouldBe([0.5, 1.1], 1e-12);
        filter.Mean(2).ShouldBe(9.95, 1e-12);
    }

    // Season l = (1, -1), c = (0.5, 0) with b = 1.1 + 0.8 i: after errors -1, 4.2 levels 0.6, 0.26 and potentials -0.95, 6.98.
    [Fact]
    public void With_a_full_season_the_recursion_is_that_worked_by_hand()
    {
        var filter = new CesFilter(new CesPoint(CesSeasonality.Full, 1.2, 0.9, 1.1, 0.8), 2) { Level = 10, Potential = 9 };
        ((double[])[1, -1]).CopyTo(filter.Season, 0);
        filter.SeasonPotential[0] = 0.5;
        Follow(filter, [10, 12], [11, 7.8]);
        filter.Season.ShouldBe([0.6, 0.26], 1e-12);
        filter.SeasonPotential.ShouldBe([-0.95, 6.98], 1e-12);
        filter.Mean(2).ShouldBe(10.05, 1e-12);
    }

    [Fact]
    public void The_simple_season_is_a_series_for_each_season()
    {
        double[] a = [1.1, 0.95];
        var whole = CesFit.At("s", Seasonal, CesSeasonality.Simple, 4, a).Forecast(8);
        for (var j = 0; j < 4; j++)
        {
            double[] own = [.. Seasonal.Where((_, t) => t % 4 == j)];
            var part = CesFit.At("s", own, CesSeasonality.None, 1, a).Forecast(2);
            whole[j].ShouldBe(part[0], 1e-9 * part[0]);
            whole[j + 4].ShouldBe(part[1], 1e-9 * part[1]);
        }
    }

    [Fact]
    public void The_stable_region_is_where_first_states_are_forgotten()
    {
        var random = new Random(3);
        var (stable, judged) = (0, 0);
        foreach (var seasonality in Enum.GetValues<CesSeasonality>())
        {
            for (var i = 0; i < 150; i++)
            {
                var point = new CesPoint(seasonality, 2.2 * random.NextDouble(), 2.2 * random.NextDouble(), 1.5 * random.NextDouble(), 0.5 + random.NextDouble());
                var left = Left(point, 3);

                // Points too near to the edge take too long to show what they do.
                if (left is > 1e-6 and < 1e6) continue;
                point.IsStable(3).ShouldBe(left <= 1e-6, $"{point}");
                judged++;
                stable += left <= 1e-6 ? 1 : 0;
            }
        }

        judged.ShouldBeGreaterThan(400);
        stable.ShouldBeInRange(40, judged - 40);
    }

    [Theory]
    [InlineData(CesSeasonality.None)]
    [InlineData(CesSeasonality.Simple)]
    [InlineData(CesSeasonality.Partial)]
    [InlineData(CesSeasonality.Full)]
    public void No_other_point_has_less_squares(CesSeasonality seasonality)
    {
        double[] y = (double[])Seasonal.Clone();
        y[5] = y[20] = Gap;
        var fit = CesFit.Estimate("s", y, seasonality, 4, TestContext.Current.CancellationToken);
        double[] own = [fit.A.Real, fit.A.Imaginary, fit.B.Real, fit.B.Imaginary];
        var random = new Random(9);
        for (var i = 0; i < 400; i++)
        {
            var reach = i < 200 ? 1.0 : 0.02;
            double[] x = [.. own.Select(v => Math.Max(1e-3, v + (reach * (random.NextDouble() - 0.5))))];
            if (!CesPoint.Of(seasonality, x.AsSpan(0, CesPoint.Count(seasonality))).IsStable(4)) continue;
            CesFit.At("s", y, seasonality, 4, x.AsSpan(0, CesPoint.Count(seasonality))).SumOfSquares.ShouldBeGreaterThanOrEqualTo(fit.SumOfSquares * (1 - 1e-4), $"{string.Join(' ', x)}");
        }

        // First states: none near them does better at the same parameters.
        var squares = Squares(fit.Start.Clone(), y);
        squares.ShouldBe(fit.SumOfSquares, 1e-6 * fit.SumOfSquares);
        for (var i = 0; i < 200; i++)
        {
            var moved = fit.Start.Clone();
            if (seasonality != CesSeasonality.Simple)
            {
                moved.Level *= 1 + (0.05 * (random.NextDouble() - 0.5));
                moved.Potential *= 1 + (0.05 * (random.NextDouble() - 0.5));
            }
            else
            {
                moved.Season[1] *= 1 + (0.05 * (random.NextDouble() - 0.5));
                moved.SeasonPotential[2] *= 1 + (0.05 * (random.NextDouble() - 0.5));
            }

            Squares(moved, y).ShouldBeGreaterThanOrEqualTo(squares * (1 - 1e-9));
        }
    }

    [Fact]
    public void Criteria_choose_the_season_where_there_is_one_and_none_where_there_is_none()
    {
        Form("ces[4]", Seasonal).ShouldNotContain("none");
        Form("ces[4]", Trending).ShouldContain("seasonality none");

        static string Form(string name, double[] y) =>
            ModelCatalogue.Default.Create(name).Fit(TestPanels.View(y), TestPanels.SixSteps, TestPanels.Context).Summaries["s"].Notes[0];
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
    [InlineData("ces[1]{seasonality: full}", new[] { 1.0, 2, 3, 4 }, "ces-option-invalid")]
    [InlineData("ces", new[] { 1.0, 2, 3 }, "series-too-short")]
    [InlineData("ces[4]{seasonality: partial}", new[] { 1.0, 2, 3, 4, 5, 6, 7 }, "series-too-short")]
    [InlineData("ces", new[] { 1.0, 2, double.NegativeInfinity, 3 }, "value-infinite")]
    public void What_cannot_be_used_is_named(string name, double[] y, string code) =>
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(name), y)).Code.ShouldBe(code);

    private static void Follow(CesFilter filter, double[] y, double[] means)
    {
        for (var t = 0; t < y.Length; t++)
        {
            filter.Mean(t).ShouldBe(means[t], 1e-12);
            filter.Move(t, y[t] - filter.Mean(t));
        }
    }

    /// <summary>What is left of first states in the forecasts of a long series of zeros.</summary>
    private static double Left(CesPoint point, int period)
    {
        var filter = new CesFilter(point, period) { Level = 1, Potential = 0.3 };
        for (var j = 0; j < filter.Season.Length; j++) filter.Season[j] = 1 + j;
        var left = 0.0;
        for (var t = 0; t < 3000; t++)
        {
            var mean = filter.Mean(t);
            if (!double.IsFinite(mean)) return double.PositiveInfinity;
            left = t >= 2990 ? Math.Max(left, Math.Abs(mean)) : 0;
            filter.Move(t, -mean);
        }

        return left;
    }

    private static double Squares(CesFilter filter, double[] y)
    {
        var scale = EtsSample.Of("s", y).Scale;
        var sum = 0.0;
        for (var t = 0; t < y.Length; t++)
        {
            var error = double.IsNaN(y[t]) ? 0 : (y[t] / scale) - filter.Mean(t);
            sum += error * error;
            filter.Move(t, error);
        }

        return sum * scale * scale;
    }
}
