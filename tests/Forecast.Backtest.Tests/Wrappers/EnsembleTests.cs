using Forecast.Backtest.Wrappers.Ensemble;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using static Forecast.Backtest.Tests.Wrappers.WrapperData;

namespace Forecast.Backtest.Tests.Wrappers;

public sealed class EnsembleTests
{
    private static readonly double[] Series = Simulate(80, 3, (t, last, e) => (0.5 * last) + (0.1 * t) + e);

    public static TheoryData<string> Methods => ["mean", "median", "inverse-error", "stacked", "stacked-pinball"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Identical_members_are_the_member(string method)
    {
        foreach (var member in new[] { "drift", "arima(1,0,0)", "theta", "mean{log: true}" })
        {
            var values = Series.Select(v => 20 + v).ToArray();
            var alone = Law(member, values);
            var together = Law($"ensemble({member}, {member}, {member}){{method: {method}}}", values);
            for (var h = 1; h <= 3; h++)
            {
                var scale = 1e-9 * (1 + Math.Abs(alone.Mean(h)));
                together.Mean(h).ShouldBe(alone.Mean(h), scale);
                foreach (var level in new[] { 0.001, 0.1, 0.5, 0.8, 0.999 }) together.Q(h, level).ShouldBe(alone.Q(h, level), scale);
                Compare(alone.Marginal(h), together.Marginal(h), 20.5, scale * 100);
            }
        }

        static void Compare(IMarginal alone, IMarginal together, double x, double tolerance)
        {
            alone.TryCdf(x, out var p).ShouldBeTrue();
            together.TryCdf(x, out var combined).ShouldBeTrue();
            combined.ShouldBe(p, 1e-9);
            alone.TryExpectedShortfall(0.05, out var es).ShouldBeTrue();
            together.TryExpectedShortfall(0.05, out var own).ShouldBeTrue();
            own.ShouldBe(es, Math.Max(1e-6, tolerance));
            alone.TryCrps(x, out var crps).ShouldBeTrue();
            together.TryCrps(x, out var score).ShouldBeTrue();
            score.ShouldBe(crps, 1e-4 * crps);
        }
    }

    [Fact]
    public void Quantiles_are_averaged_and_the_mean_and_shortfall_are_those_of_the_averaged_law()
    {
        var (naive, mean, both) = (Law("naive", Series), Law("mean", Series), Law("ensemble(naive, mean)", Series));
        for (var h = 1; h <= 3; h++)
        {
            foreach (var level in new[] { 0.01, 0.3, 0.95 }) both.Q(h, level).ShouldBe(0.5 * (naive.Q(h, level) + mean.Q(h, level)), 1e-12);
            both.Mean(h).ShouldBe(0.5 * (naive.Mean(h) + mean.Mean(h)), 1e-12);

            // The mean and the shortfall once more, as integrals of the quantile function.
            double sum = 0, tail = 0;
            for (var i = 0; i < 100_000; i++)
            {
                var q = both.Q(h, (i + 0.5) / 100_000);
                sum += q;
                tail += i < 10_000 ? q : 0;
            }

            both.Mean(h).ShouldBe(sum / 100_000, 1e-3);
            both.TryExpectedShortfall(h, 0.1, out var shortfall).ShouldBeTrue();
            shortfall.ShouldBe(-tail / 10_000, 1e-3);
        }
    }

    [Fact]
    public void A_median_takes_the_middle_quantile_at_each_level()
    {
        string[] members = ["naive", "mean", "drift"];
        var laws = members.Select(m => Law(m, Series)).ToArray();
        var median = Law("ensemble(naive, mean, drift){method: median}", Series);
        foreach (var level in new[] { 0.02, 0.4, 0.9 }) median.Q(2, level).ShouldBe(laws.Select(l => l.Q(2, level)).Order().ElementAt(1));
        median.Mean(2).ShouldBe(Enumerable.Range(0, 100_000).Average(i => median.Q(2, (i + 0.5) / 100_000)), 1e-3);
    }

    [Theory]
    [InlineData("stacked", 0.02)]
    [InlineData("stacked-pinball", 0.05)]
    public void The_weight_of_a_dominated_member_goes_to_zero(string method, double most)
    {
        // Strong trend: the mean of the past is far off at every inner fold.
        var values = Simulate(120, 5, (t, _, e) => t + e);
        var weights = Fit($"ensemble(drift, mean){{method: {method}}}", values).Summaries["y"].Parameters;
        weights["weight2"].ShouldBeInRange(0, most);
        (weights["weight1"] + weights["weight2"]).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Inverse_error_weights_are_in_proportion_to_one_over_the_squared_error()
    {
        var summary = Fit("ensemble(naive, mean, drift){method: inverse-error}", Series).Summaries["y"];
        double[] weights = [.. Enumerable.Range(1, 3).Select(i => summary.Parameters[$"weight{i}"])];
        double[] products = [.. Enumerable.Range(1, 3).Select(i => summary.Parameters[$"weight{i}"] * summary.Criteria[$"mse{i}"])];
        weights.Sum().ShouldBe(1, 1e-12);
        products.ShouldAllBe(p => Math.Abs(p - products[0]) < 1e-10);
    }

    [Fact]
    public void Stacked_weights_are_the_best_on_a_grid()
    {
        double[] y = Noise(40, 1);
        double[][] f = [[.. y.Select((v, t) => v + Math.Sin(t))], [.. y.Select((v, t) => v - (0.6 * Math.Sin(t + 0.3)) + 0.2)], [.. y.Select((v, t) => v + (2 * Math.Cos(t)))]];
        var w = EnsembleWeights.Stacked(f, y);
        w.Sum().ShouldBe(1, 1e-12);
        w.ShouldAllBe(v => v >= 0);
        var best = double.PositiveInfinity;
        for (var i = 0; i <= 200; i++)
        {
            for (var j = 0; i + j <= 200; j++) best = Math.Min(best, Loss([i / 200.0, j / 200.0, (200 - i - j) / 200.0]));
        }

        Loss(w).ShouldBeLessThanOrEqualTo(best + 1e-9);

        double Loss(double[] v) => y.Select((actual, t) => Math.Pow(actual - v.Select((share, k) => share * f[k][t]).Sum(), 2)).Sum();
    }

    [Fact]
    public void The_projection_onto_the_simplex_is_the_nearest_point()
    {
        double[] v = [0.9, 0.4, -0.2];
        SimplexLeastSquares.Project(v);
        v.ShouldBe([0.75, 0.25, 0], 1e-15);
    }

    [Fact]
    public void Paths_have_the_combined_law_at_each_step_and_the_dependence_of_the_members()
    {
        var law = Law("ensemble(naive, drift, mean){method: mean}", Series);
        law.TryPaths(30_000, out var paths).ShouldBeTrue();
        for (var h = 1; h <= 3; h++)
        {
            var draws = paths.Step(h);
            Array.Sort(draws);
            foreach (var level in new[] { 0.05, 0.5, 0.95 })
            {
                law.Marginal(h).TryCdf(draws[(int)(level * draws.Length)], out var p).ShouldBeTrue();
                p.ShouldBe(level, 4 * Math.Sqrt(level * (1 - level) / draws.Length));
            }
        }

        law.TryPaths(30_000, out var again).ShouldBeTrue();
        again.Step(2).ShouldBe(paths.Step(2));
        Correlation(paths.Step(1), paths.Step(2)).ShouldBeInRange(0.3, 0.9);  // random walks 0.7, the mean's noise nearly 0
        law.TryPaths(1, out var single).ShouldBeTrue();
        Math.Abs(single[0, 1] - law.Q(1, 0.5)).ShouldBeGreaterThan(1e-6);
    }

    [Fact]
    public void Members_with_atoms_give_paths_of_the_combined_law()
    {
        var law = Law("ensemble(naive{min: 3.5}, mean{integer: true})", Series);
        law.TryPaths(20_000, out var paths).ShouldBeTrue();
        paths.Step(2).Average().ShouldBe(law.Mean(2), 5 * Math.Sqrt(law.Marginal(2).Variance / 20_000));
    }

    [Fact]
    public void A_median_of_laws_without_tails_knows_what_all_of_them_know()
    {
        var law = Law("ensemble(conformal(naive), conformal(mean), naive){method: median}", Series);
        law.TryQuantile(1, 0.5, out _).ShouldBeTrue();
        law.TryQuantile(1, 0.0001, out _).ShouldBeFalse();
        law.Marginal(1).TryCdf(law.Q(1, 0.4), out var p).ShouldBeTrue();
        p.ShouldBe(0.4, 1e-6);
        law.HasPaths.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Save_load_and_condition_give_the_same_numbers(string method)
    {
        var model = $"ensemble(drift, arima(1,0,0), naive){{method: {method}}}";
        var fitted = Fit(model, Series[..70]);
        var whole = View(Series);
        var expected = fitted.Condition(whole).Predict(KnownFuture.None, 3, 9)["y"].Numbers();
        Reload(model, fitted).Condition(whole).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(expected);
        fitted.Condition(View(Series[..70])).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(fitted.Predict(KnownFuture.None, 3, 9)["y"].Numbers());
    }

    [Fact]
    public void A_member_that_fails_on_a_series_fails_the_ensemble_there_and_says_who()
    {
        var panel = Panel(("good", Series), ("flat", [.. Enumerable.Repeat(4.0, 80)]));
        var fitted = Model("ensemble(naive, arima(1,0,0))").Fit(panel.AsOf(TestData.Day(79)), ThreeSteps, Context);
        var prediction = fitted.Predict(KnownFuture.None, 3, 1);
        prediction["good"].Horizon.ShouldBe(3);
        var error = Should.Throw<ForecastException>(() => prediction["flat"]);
        error.Code.ShouldBe("series-constant");
        error.Message.ShouldContain("member 'arima(1,0,0)'");
    }

    [Fact]
    public void A_series_says_the_same_alone_and_in_company()
    {
        const string Text = "ensemble(naive, arima(1,0,0)){method: stacked}";
        var panel = Panel(("y", Series), ("z", Noise(60, 4)));
        Model(Text).Fit(panel.AsOf(TestData.Day(79)), ThreeSteps, Context).Predict(KnownFuture.None, 3, 7)["y"].Numbers().ShouldBe(Law(Text, Series).Numbers());
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (a, b) = (x.Average(), y.Average());
        var (xx, yy) = (x.Sum(v => (v - a) * (v - a)), y.Sum(v => (v - b) * (v - b)));
        return x.Zip(y, (u, v) => (u - a) * (v - b)).Sum() / Math.Sqrt(xx * yy);
    }
}
