using System.Globalization;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Wrappers.Conformal;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using static Forecast.Backtest.Tests.Wrappers.WrapperData;

namespace Forecast.Backtest.Tests.Wrappers;

public sealed class ConformalTests
{
    /// <summary>
    /// 500 series, forecast once each: the outcomes are independent, so that coverage has its binomial error. Magnitudes are tried on a
    /// symmetric law with heavy tails, signed errors on a skewed one.
    /// </summary>
    [Theory]
    [InlineData("conformal(mean)")]
    [InlineData("conformal(mean){score: signed}")]
    [InlineData("conformal(mean){method: adaptive}")]
    [InlineData("conformal(mean){method: adaptive, score: signed}")]
    public void Noise_that_is_not_normal_is_covered_as_stated_at_every_step(string model)
    {
        const int Count = 500;
        const int Rows = 120;
        var signed = model.Contains("signed", StringComparison.Ordinal);
        var panel = Panel([.. Enumerable.Range(0, Count).Select(i => ($"s{i}", signed ? Skewed(Rows + 3, (ulong)(i + 1)) : HeavyTailed(Rows + 3, (ulong)(i + 1))))]);
        var task = new ForecastTask(3, [0.1, 0.5, 0.9]);
        var prediction = Model(model).Fit(panel.AsOf(TestData.Day(Rows - 1)), task, Context).Predict(KnownFuture.None, 3, 1);
        for (var h = 1; h <= 3; h++)
        {
            var (low, high) = (0, 0);
            foreach (var series in panel.Series)
            {
                var (law, y) = (prediction[series.Id], series.Targets[0].Values[Rows - 1 + h]);
                low += y < law.Q(h, 0.1) ? 1 : 0;
                high += y > law.Q(h, 0.9) ? 1 : 0;
            }

            Share(Count - low - high, Count, 0.8);
            if (!signed) continue;
            Share(low, Count, 0.1);
            Share(high, Count, 0.1);
        }
    }

    [Fact]
    public void A_normal_law_would_have_missed_the_skewed_tails()
    {
        // What the test above is worth: the mean model's own law fails the same check.
        var below = Enumerable.Range(0, 300).Count(i => Skewed(84, (ulong)(i + 1)) is var y && y[83] < Law("mean", y[..83]).Q(1, 0.1));
        below.ShouldBe(0);
    }

    [Fact]
    public void When_the_noise_doubles_adaptive_levels_follow_and_fixed_errors_do_not()
    {
        var values = Simulate(500, 8, (t, _, e) => t < 200 ? e : 3 * e);
        var plan = new WalkForwardPlan { Horizon = 1, InitialRows = 200, RefitEvery = null };
        var (split, adaptive) = (Coverage(values, "conformal(mean)", plan), Coverage(values, "conformal(mean){method: adaptive}", plan));
        split.ShouldBeLessThan(0.45);
        adaptive.ShouldBeInRange(0.74, 0.86);
    }

    [Theory]
    [InlineData("split")]
    [InlineData("adaptive")]
    public void Real_returns_are_covered_as_stated(string method)
    {
        var lines = File.ReadAllLines(Repository.At("datasets", "brent_spot.csv")).Skip(1).Select(l => l.Split(',')[1]).Where(v => v.Length > 0).ToArray();
        double[] prices = [.. lines[^1101..].Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        double[] returns = [.. prices.Skip(1).Zip(prices, (now, before) => 100 * Math.Log(now / before))];
        var coverage = Coverage(returns, $"conformal(mean){{method: {method}}}", new WalkForwardPlan { Horizon = 1, InitialRows = 250, RefitEvery = 25 });
        Share((int)Math.Round(coverage * 850), 850, 0.8);
    }

    [Fact]
    public void The_bound_at_k_over_n_plus_one_is_the_kth_error()
    {
        var ladder = ScoreLadder.Of([3, -1, double.NaN, 2, -4], signed: false);
        ladder.Bound(0.2).ShouldBe(1);
        ladder.Bound(0.8).ShouldBe(4);
        ladder.Bound(0.7).ShouldBe(3.5, 1e-12);
        ladder.Bound(0.1).ShouldBe(0.5, 1e-12);
        ladder.Bound(0.81).ShouldBe(double.PositiveInfinity);
        ScoreLadder.Of([3, -1, 2, -4], signed: true).Bound(0.2).ShouldBe(-4);
        ScoreLadder.Of([3, -1, 2, -4], signed: true).Bound(0.19).ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void Levels_move_by_the_rule_of_Gibbs_and_Candes()
    {
        // Eleven errors of 1 to 10 and one of 100, told a step later: only the last two origins have a bound of ten errors or more.
        double[] errors = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 0];
        var levels = new AdaptiveLevels(signed: false, window: 100, rate: 0.1).Run(errors, 1, [0.8]);
        levels[0].ShouldBe(0.8 + (0.1 * 0.8) + (0.1 * (0.8 - 1)), 1e-12);
    }

    [Fact]
    public void The_mean_is_the_models_and_the_interval_symmetric()
    {
        var values = Noise(60, 2);
        var (plain, wrapped) = (Law("drift", values), Law("conformal(drift)", values));
        for (var h = 1; h <= 3; h++)
        {
            wrapped.Mean(h).ShouldBe(plain.Mean(h), 1e-12);
            wrapped.Q(h, 0.5).ShouldBe(plain.Mean(h));
            (wrapped.Q(h, 0.9) - plain.Mean(h)).ShouldBe(plain.Mean(h) - wrapped.Q(h, 0.1), 1e-12);
        }
    }

    [Fact]
    public void What_cannot_be_known_is_denied()
    {
        var error = Should.Throw<ForecastException>(() => Fit("conformal(naive)", Noise(20, 1), new ForecastTask(1, [0.01, 0.5])));
        error.Code.ShouldBe("series-too-short");
        error.Message.ShouldBe("series 'y': step 1 has 10 known errors in the inner walk-forward, but level 0.01 needs at least 49; give a longer history, or ask for a shorter horizon or levels nearer to the middle");
        var fitted = Fit("conformal(naive)", Noise(60, 1));
        fitted.Predict(KnownFuture.None, 3, 1)["y"].TryQuantile(1, 0.001, out _).ShouldBeFalse();
        Should.Throw<ForecastException>(() => fitted.Predict(KnownFuture.None, 4, 1)["y"]).Code.ShouldBe("horizon-not-calibrated");
    }

    [Theory]
    [InlineData("conformal(drift)")]
    [InlineData("conformal(drift){method: adaptive}")]
    [InlineData("conformal(linear-ar(4){scope: global}){method: adaptive, score: signed}")]
    public void Save_load_and_condition_give_the_same_numbers(string model)
    {
        var values = Simulate(120, 6, (_, last, e) => (0.6 * last) + e);
        var fitted = Fit(model, values[..100]);
        var expected = fitted.Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers();
        Reload(model, fitted).Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(expected);
        fitted.Condition(View(values[..110])).Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(expected, "the way there must not matter");
        fitted.Condition(View(values[..100])).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(fitted.Predict(KnownFuture.None, 3, 9)["y"].Numbers());
    }

    [Fact]
    public void An_adaptive_interval_widens_as_large_errors_come_in_without_a_refit()
    {
        var calm = Noise(100, 3);
        double[] wild = [.. calm, .. Enumerable.Range(0, 40).Select(i => 10 + (8.0 * (i % 2 == 0 ? 1 : -1)))];
        var fitted = Fit("conformal(mean){method: adaptive}", calm);
        var (before, after) = (fitted.Predict(KnownFuture.None, 1, 1)["y"], fitted.Condition(View(wild)).Predict(KnownFuture.None, 1, 1)["y"]);
        after.Mean(1).ShouldBe(before.Mean(1), 1e-12);
        (after.Q(1, 0.9) - after.Q(1, 0.1)).ShouldBeGreaterThan(3 * (before.Q(1, 0.9) - before.Q(1, 0.1)));
    }

    private static double Coverage(double[] values, string model, WalkForwardPlan plan)
    {
        var spec = TestData.Spec(plan, model) with { Levels = [0.1, 0.5, 0.9] };
        var rows = TestData.Blocks(Panel(("y", values)), spec, Model(model)).SelectMany(b => b.Predictions).ToArray();
        rows.Length.ShouldBe(values.Length - plan.InitialRows!.Value);
        return rows.Average(r => r.Actual >= r.Quantiles[0] && r.Actual <= r.Quantiles[2] ? 1.0 : 0);
    }

    private static void Share(int count, int of, double expected) => ((double)count / of).ShouldBe(expected, 3.5 * Math.Sqrt(expected * (1 - expected) / of));
}
