using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Models.Baselines;
using Forecast.Models.Catalogue;
using static Forecast.Models.Tests.TestPanels;

namespace Forecast.Models.Tests.Baselines;

/// <summary>Numbers that can be checked by hand.</summary>
public class BaselineTests
{
    private const double Gap = double.NaN;

    [Fact]
    public void Naive_repeats_the_last_value_with_a_growing_error()
    {
        // Steps 2, -1, 3: sigma^2 = 14/3 (mean of squares, as in R's naive).
        var law = FitAndPredict(NaiveForecaster.LastValue(), [1, 3, 2, 5]);
        for (var h = 1; h <= 6; h++)
        {
            law.Mean(h).ShouldBe(5);
            Sd(law, h).ShouldBe(Math.Sqrt(14.0 / 3 * h), 1e-12);
        }

        law.TryQuantile(1, 0.975, out var upper).ShouldBeTrue();
        upper.ShouldBe(5 + (1.959963984540054 * Math.Sqrt(14.0 / 3)), 1e-9);
    }

    [Fact]
    public void Naive_counts_gaps_as_longer_steps()
    {
        // 1 -> 3 over one row (4 / 1) and 3 -> 6 over three rows (9 / 3): sigma^2 = 3.5; two rows are missing at the end.
        var law = FitAndPredict(NaiveForecaster.LastValue(), [Gap, 1, 3, Gap, Gap, 6, Gap, Gap]);
        law.Mean(1).ShouldBe(6);
        law.Marginal(1).Variance.ShouldBe(3.5 * 3, 1e-12);
        law.Marginal(4).Variance.ShouldBe(3.5 * 6, 1e-12);
    }

    [Fact]
    public void Seasonal_naive_repeats_the_last_season()
    {
        // Differences at lag 3: 1, 2, 2, 0 -> sigma^2 = 9/4; k = floor((h - 1) / 3).
        var law = FitAndPredict(NaiveForecaster.LastSeason(3), [1, 2, 3, 2, 4, 5, 2], horizon: 7);
        double[] means = [4, 5, 2, 4, 5, 2, 4];
        double[] periods = [1, 1, 1, 2, 2, 2, 3];
        for (var h = 1; h <= 7; h++)
        {
            law.Mean(h).ShouldBe(means[h - 1]);
            law.Marginal(h).Variance.ShouldBe(9.0 / 4 * periods[h - 1], 1e-12);
        }
    }

    [Fact]
    public void Seasonal_naive_looks_further_back_where_the_last_season_is_missing()
    {
        var law = FitAndPredict(NaiveForecaster.LastSeason(2), [1, 10, 3, 12, Gap, 13], horizon: 3);
        law.Mean(1).ShouldBe(3);
        law.Mean(2).ShouldBe(13);
        law.Marginal(1).Variance.ShouldBe(2 * law.Marginal(2).Variance, 1e-12);
        law.Marginal(2).Variance.ShouldBe((4.0 + 4 + 1) / 3, 1e-12);
    }

    [Fact]
    public void Seasonal_naive_takes_the_season_of_the_frequency()
    {
        var values = Enumerable.Range(0, 30).Select(t => (double)(t % 12)).ToArray();
        var view = View(Frequency.Monthly, ("s", values));
        var law = NaiveForecaster.LastSeason(null).Fit(view, SixSteps, Context).Predict(KnownFuture.None, 12, 1)["s"];
        for (var h = 1; h <= 12; h++)
            law.Mean(h).ShouldBe((29 + h) % 12);
        Sd(law, 1).ShouldBe(0);
    }

    [Fact]
    public void Drift_continues_the_mean_step()
    {
        // Steps 2, -1, 3: b = 4/3, residual squares 4/9 + 49/9 + 25/9 = 78/9, sigma^2 = 13/3, T - 1 = 3.
        var law = FitAndPredict(new DriftForecaster(), [1, 3, 2, 5]);
        for (var h = 1; h <= 6; h++)
        {
            law.Mean(h).ShouldBe(5 + (h * 4.0 / 3), 1e-12);
            law.Marginal(h).Variance.ShouldBe(13.0 / 3 * h * (1 + (h / 3.0)), 1e-12);
        }
    }

    [Fact]
    public void Drift_counts_gaps_as_longer_steps()
    {
        // From 0 to 8 over 4 rows: b = 2. Steps: 3 over 1 row (error 1), 5 over 3 rows (error -1): 1 + 1/3 over J - 1 = 1.
        var law = FitAndPredict(new DriftForecaster(), [0, 3, Gap, Gap, 8, Gap]);
        law.Mean(1).ShouldBe(8 + (2 * 2), 1e-12);
        law.Marginal(1).Variance.ShouldBe((4.0 / 3 * 2) + (4 * (4.0 / 3) / 4), 1e-12);
    }

    [Fact]
    public void Mean_has_the_t_interval_of_R_s_meanf()
    {
        // n = 5, mean 3, s^2 = 2.5, t quantile 0.975 with 4 degrees of freedom = 2.776445105.
        var law = FitAndPredict(new MeanForecaster(), [1, 2, Gap, 3, 4, 5]);
        law.Mean(4).ShouldBe(3);
        law.TryQuantile(4, 0.975, out var upper).ShouldBeTrue();
        upper.ShouldBe(3 + (2.7764451051977934 * Math.Sqrt(2.5 * 1.2)), 1e-9);
        law.TryQuantile(4, 0.025, out var lower).ShouldBeTrue();
        lower.ShouldBe(6 - upper, 1e-12);
        law.Marginal(1).Variance.ShouldBe(2.5 * 1.2 * 2, 1e-12);
    }

    public static TheoryData<string> Names() => ["naive", "seasonal-naive(3)", "seasonal-naive[3]", "seasonal-naive", "drift", "mean"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_have_the_marginal_means_and_spreads(string name)
    {
        double[] values = [1, 3, 2, 5, 4, 6, 5, 9, 7, 8, 6, 11, 9, 10, 12];
        var law = FitAndPredict(ModelCatalogue.Default.Create(name), values, horizon: 5);
        law.TryPaths(40_000, out var paths).ShouldBeTrue();
        for (var h = 1; h <= 5; h++)
        {
            var draws = paths.Step(h);
            var sd = Sd(law, h);
            draws.Average().ShouldBe(law.Mean(h), 4 * sd / Math.Sqrt(draws.Length));
            foreach (var level in new[] { 0.1, 0.5, 0.9 })
            {
                law.TryQuantile(h, level, out var quantile).ShouldBeTrue();
                ((double)draws.Count(d => d <= quantile)).ShouldBe(level * draws.Length, 4 * Math.Sqrt(draws.Length * 0.25));
            }
        }

        law.TryPaths(10, out var again).ShouldBeTrue();
        again[9, 5].ShouldBe(paths[9, 5]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Conditioning_keeps_the_estimates_and_moves_the_origin(string name)
    {
        var model = ModelCatalogue.Default.Create(name);
        var fitted = model.Fit(View(1, 3, 2, 5, 4, 7), SixSteps, Context);
        var before = fitted.Predict(KnownFuture.None, 3, 1)["s"];
        var moved = fitted.Condition(View(1, 3, 2, 5, 4, 7, 20, 20, 20)).Predict(KnownFuture.None, 3, 1)["s"];
        moved.Marginal(1).Variance.ShouldBe(before.Marginal(1).Variance, 1e-12);
        if (!string.Equals(name, "mean", StringComparison.Ordinal))
            moved.Mean(1).ShouldBeGreaterThan(19);
        else
            moved.Mean(1).ShouldBe(before.Mean(1));
        fitted.Predict(KnownFuture.None, 3, 1)["s"].Mean(1).ShouldBe(before.Mean(1)); // conditioning left the original alone

        var loaded = Reload(model, fitted).Condition(View(1, 3, 2, 5, 4, 7));
        loaded.Predict(KnownFuture.None, 3, 1)["s"].Mean(2).ShouldBe(before.Mean(2));
        loaded.Summaries["s"].Observations.ShouldBe(6);
    }

    [Theory]
    [InlineData("naive", new[] { 1.0 }, "series-too-short")]
    [InlineData("naive", new[] { Gap, Gap }, "series-empty")]
    [InlineData("naive", new double[0], "series-empty")]
    [InlineData("seasonal-naive(4)", new[] { 1.0, 2, 3, 4 }, "series-too-short")]
    [InlineData("seasonal-naive(4)", new[] { 1.0, 2, 3, Gap, 4, 5, 6, Gap }, "series-too-short")]
    [InlineData("drift", new[] { 1.0, 2 }, "series-too-short")]
    [InlineData("mean", new[] { 1.0, Gap }, "series-too-short")]
    public void Too_little_data_is_told_with_the_series(string name, double[] values, string code)
    {
        var error = Should.Throw<ForecastException>(() => FitAndPredict(ModelCatalogue.Default.Create(name), values));
        error.Code.ShouldBe(code);
        error.Series.ShouldBe("s");
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("seasonal-naive(2)")]
    [InlineData("drift")]
    [InlineData("mean")]
    public void A_constant_series_is_forecast_with_certainty(string name)
    {
        var law = FitAndPredict(ModelCatalogue.Default.Create(name), [4, 4, 4, 4, 4]);
        law.Mean(3).ShouldBe(4);
        law.TryQuantile(3, 0.01, out var low).ShouldBeTrue();
        low.ShouldBe(4);
    }

    [Fact]
    public void A_bad_period_is_refused()
    {
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("seasonal-naive(0)")).Code.ShouldBe("period-invalid");
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("seasonal-naive(3)[4]"));
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("naive(1)"));
    }
}
