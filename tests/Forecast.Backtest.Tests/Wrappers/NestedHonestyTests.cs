using Forecast.Backtest.Plan;
using Forecast.Backtest.Tests.Leaks;
using Forecast.Backtest.Wrappers;
using Forecast.Backtest.Wrappers.Auto;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime;
using static Forecast.Backtest.Tests.TestData;
using static Forecast.Backtest.Tests.Wrappers.WrapperData;

namespace Forecast.Backtest.Tests.Wrappers;

/// <summary>The inner walk-forward sees what the outer one may see, and less.</summary>
public sealed class NestedHonestyTests
{
    private const int Rows = 90;

    private static readonly Panel Data = new([WithCovariate("a", 1), WithCovariate("b", 2)]);

    [Theory]
    [InlineData("ensemble(naive, mean, linear-ar(3)){method: stacked}")]
    [InlineData("ensemble(drift, linear-ar(3){scope: global}){method: inverse-error}")]
    [InlineData("conformal(drift){method: adaptive}")]
    [InlineData("conformal(linear-ar(3){scope: global}){method: adaptive, errors: 20}")]
    [InlineData("auto(naive, drift, linear-ar(3|5)){metric: pinball}")]
    [InlineData("auto(ensemble(naive, mean){method: stacked-pinball}, conformal(drift))")]
    [InlineData("naive{min: 20, max: 22, integer: true}")]
    public void Changing_what_comes_after_a_cutoff_changes_nothing_before_it(string model)
    {
        foreach (var window in new int?[] { null, 40 })
        {
            var spec = Spec(new WalkForwardPlan { Horizon = 2, Step = 5, InitialRows = 40, RefitEvery = 3, RollingRows = window }, model) with { Levels = [0.1, 0.5, 0.9] };
            LeakTest.Find(Data, spec, _ => Model(model)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_candidate_is_shown_heads_of_the_history_only_and_judged_on_what_came_after_them()
    {
        var candidate = new LastValue();
        var view = Data.AsOf(Day(60));
        new AutoForecaster([candidate, new LastValue()], new AutoOptions { RefitEvery = 1 }, "auto").Fit(view, new ForecastTask(4, [0.5]), Context);
        var walked = candidate.Log.Where(s => s.Cutoff < Day(60)).ToArray();
        walked.Where(s => s.Series[0] is "a").Count(s => s.Call is "fit").ShouldBe(7);  // cutoffs at rows 29, 33, .. 57 of 61, but not before row 31
        walked.ShouldAllBe(s => s.Rows <= 57 && s.Cutoff == Day(s.Rows - 1) && s.Horizon == 4);
        candidate.Log.Where(s => s.Cutoff == Day(60)).Select(s => s.Call).ShouldBe(["fit"]);
    }

    [Fact]
    public void A_head_ends_where_it_says_and_holds_nothing_else()
    {
        var view = Data.AsOf(Day(60));
        var head = view.Until(Day(20));
        head.Cutoff.ShouldBe(Day(20));
        head["a"].Length.ShouldBe(21);
        head["a"].Target.ToArray().ShouldBe(view["a"].Target[..21].ToArray());
        head["a"].Values("x").ToArray().ShouldBe(view["a"].Values("x")[..21].ToArray());
        head["a"].FutureTimes(1)[0].ShouldBe(Day(21));
        Should.Throw<ArgumentOutOfRangeException>(() => view.Until(Day(61)));
        view.Until(Day(-1)).Series.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100, 1, null, 36, 99)]
    [InlineData(100, 12, null, 3, 88)]
    [InlineData(14, 6, null, 1, 8)]
    [InlineData(10, 48, null, 1, 5)]
    [InlineData(100, 5, 2, 2, 95)]
    public void Folds_lie_at_the_end_and_leave_half_of_the_history_to_the_first_fit(int rows, int horizon, int? folds, int count, int last)
    {
        var cutoffs = InnerPlan.ToCompare(rows, horizon, folds, null).Cutoffs(rows);
        cutoffs.Count.ShouldBe(count);
        cutoffs[^1].ShouldBe(last);
        cutoffs[0].ShouldBeGreaterThanOrEqualTo(rows / 2);
    }

    [Fact]
    public void Known_future_covariates_of_inner_folds_come_from_the_history()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(t => (double)((t * 7 % 5) - 2))];
        double[] y = [.. x.Zip(Noise(100, 1), (a, e) => (3 * a) + (0.2 * e))];
        var series = new TimeSeries("y", Frequency.Daily, Days(100), [new Column("y", ColumnRole.Target, y), new Column("x", ColumnRole.FutureCovariate, x)]);
        var fitted = Model("auto(mean, arima(0,0,0){regressors: x}){keep: 1}").Fit(new Panel([series]).AsOf(Day(99)), ThreeSteps, Context);
        fitted.Summaries["y"].Notes[0].ShouldContain("chosen: arima(0,0,0){regressors: [x]}");
        var conformal = Model("conformal(arima(0,0,0){regressors: x})").Fit(new Panel([series]).AsOf(Day(99)), ThreeSteps, Context);
        conformal.Summaries["y"].Parameters["error3@0.9"].ShouldBeInRange(0.1, 0.6);
    }

    private static TimeSeries WithCovariate(string id, ulong seed) => new(id, Frequency.Daily, Days(Rows),
    [
        new Column("y", ColumnRole.Target, Walk(Rows, seed)),
        new Column("x", ColumnRole.PastCovariate, Walk(Rows, seed + 10), [.. Days(Rows).Select(d => d + Duration.FromDays(3))]),
    ]);
}
