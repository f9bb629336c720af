using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Plan;

public class FoldScheduleTests
{
    private static readonly WalkForwardPlan OneStep = new() { Horizon = 1, InitialRows = 10 };

    [Fact]
    public void Local_folds_step_from_the_initial_rows_to_the_last_full_horizon()
    {
        var items = Build(OneStep with { Horizon = 3, Step = 2, RefitEvery = 2 }, Series("a", 20));

        Cutoffs(items).ShouldBe([9, 11, 13, 15]);  // 15 + 3 = 18; 17 + 3 = 20 is no row
        items.Select(i => i.Block).ShouldBe([0, 1]);
        items.Select(i => i.FitCutoff).ShouldBe([Day(9), Day(13)]);
        items[1].Folds.Select(f => f.Index).ShouldBe([2, 3]);
    }

    [Theory]
    [InlineData(null, null, 100)]
    [InlineData(null, 30, 30)]
    [InlineData(45, 30, 45)]
    [InlineData(12, null, 12)]
    public void First_cutoff_stands_after_the_initial_rows(int? initial, int? window, int rows)
    {
        var items = Build(new WalkForwardPlan { Horizon = 1, InitialRows = initial, RollingRows = window }, Series("a", 150));

        items[0].Folds[0].Cutoff.ShouldBe(Day(rows - 1));
    }

    [Fact]
    public void Default_initial_rows_hold_two_seasons_and_a_horizon()
    {
        var hours = Enumerable.Range(0, 400).Select(i => Day(0) + Duration.FromMinutes(15L * i)).ToArray();
        var series = TimeSeries.Univariate("a", Frequency.Parse("PT15M"), hours, Walk(400, 1));

        Build(new WalkForwardPlan { Horizon = 8 }, series)[0].FitCutoff.ShouldBe(hours[(2 * 96) + 8 - 1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void From_is_the_first_row_that_is_forecast_and_to_the_last(int gap)
    {
        var items = Build(OneStep with { Horizon = 2, Step = 1, Gap = gap, From = Day(30), To = Day(35) }, Series("a", 60));

        Cutoffs(items).ShouldBe([.. Enumerable.Range(30 - 1 - gap, 5)]);  // rows 30..31 up to rows 34..35
    }

    [Fact]
    public void From_between_two_rows_takes_the_next_row()
    {
        var items = Build(OneStep with { From = Day(30) - Duration.FromHours(5) }, Series("a", 60));

        items[0].Folds[0].Cutoff.ShouldBe(Day(29));
    }

    [Fact]
    public void A_row_whose_target_is_missing_is_still_a_row()
    {
        var values = Walk(20, 1);
        values[12] = double.NaN;

        Cutoffs(Build(OneStep, TimeSeries.Univariate("a", Frequency.Daily, Days(20), values))).ShouldBe([.. Enumerable.Range(9, 10)]);
    }

    [Fact]
    public void Folds_step_over_observed_rows_not_over_the_calendar()
    {
        Instant[] times = [.. Days(10), .. Days(10, 40)];

        Build(OneStep with { Step = 4 }, TimeSeries.Univariate("a", Frequency.Daily, times, Walk(20, 1)))
            .SelectMany(i => i.Folds).Select(f => f.Cutoff).ShouldBe([Day(9), Day(43), Day(47)]);
    }

    [Fact]
    public void Never_refitting_gives_items_of_limited_length_that_fit_at_one_cutoff()
    {
        var items = Build(OneStep with { RefitEvery = null }, Series("a", 10 + 600));

        items.Select(i => i.Folds.Count).ShouldBe([250, 250, 100]);
        items.Select(i => i.FitCutoff).Distinct().ShouldBe([Day(9)]);
        items.Select(i => i.Key).ShouldBe(["m|0|0", "m|0|1", "m|0|2"]);
    }

    [Fact]
    public void Long_blocks_are_cut_within_each_block()
    {
        var items = Build(OneStep with { RefitEvery = 300 }, Series("a", 10 + 610));

        items.Select(i => (i.Block, i.Folds.Count, i.FitCutoff)).ShouldBe([(0, 250, Day(9)), (1, 50, Day(9)), (2, 250, Day(309)), (3, 50, Day(309)), (4, 10, Day(609))]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(260)]
    [InlineData(null)]
    public void Rows_that_come_later_move_no_earlier_fold(int? refit)
    {
        var plan = OneStep with { Horizon = 3, Step = 2, RefitEvery = refit, Gap = 1 };
        var longer = Build(plan, Series("a", 700));
        var shorter = Build(plan, Series("a", 431));

        var early = shorter.SelectMany(Places).ToArray();
        early.ShouldBe(longer.SelectMany(Places).Take(early.Length));

        static IEnumerable<(int, Instant, int, Instant)> Places(WorkItem item) => item.Folds.Select(f => (item.Block, item.FitCutoff, f.Index, f.Cutoff));
    }

    [Fact]
    public void Local_models_get_a_shard_a_series_over_its_own_rows()
    {
        var items = Build(OneStep, Series("a", 12), Series("b", 13, first: 100));

        items.Select(i => i.Shard).Distinct().ShouldBe([0, 1]);
        items.Where(i => i.Shard == 1).ShouldAllBe(i => i.Series.Single() == "b");
        items.First(i => i.Shard == 1).FitCutoff.ShouldBe(Day(109));
    }

    [Fact]
    public void Global_models_walk_over_the_union_of_times()
    {
        // b has every second day only: a cutoff without a new row of b does not forecast b.
        var everySecond = TimeSeries.Univariate("b", Frequency.Daily, [.. Enumerable.Range(0, 10).Select(i => Day(2 * i))], Walk(10, 2));
        var items = Global(OneStep with { RefitEvery = null }, Series("a", 20), everySecond);

        items.Count.ShouldBe(1);
        items[0].Series.ShouldBe(["a", "b"]);
        var folds = items[0].Folds.ToDictionary(f => f.Cutoff, f => string.Join('+', f.Series));
        folds[Day(9)].ShouldBe("a");
        folds[Day(10)].ShouldBe("a+b");
        folds[Day(18)].ShouldBe("a");  // b's last row, nothing of b left to forecast
    }

    [Fact]
    public void A_wider_step_looks_for_new_rows_since_the_previous_cutoff()
    {
        var weekly = TimeSeries.Univariate("b", Frequency.Daily, [.. Enumerable.Range(0, 9).Select(i => Day(7 * i))], Walk(9, 2));
        var items = Global(OneStep with { Step = 5, RefitEvery = null }, Series("a", 60), weekly);

        // Day 9 is the first cutoff: (4, 9] holds day 7. (9, 14] holds 14, (14, 19] nothing, (19, 24] holds 21.
        items[0].Folds.Take(4).Select(f => f.Series.Contains("b")).ShouldBe([true, true, false, true]);
    }

    [Fact]
    public void Items_come_by_model_then_shard_then_time()
    {
        var panel = new Panel([Series("a", 12), Series("b", 12)]);
        var items = FoldSchedule.Build(panel, Spec(OneStep, "m", "n"), [new LastValue(), new LastValue()]);

        items.Select(i => i.Key).ShouldBe(["m|0|0", "m|0|1", "m|1|0", "m|1|1", "n|0|0", "n|0|1", "n|1|0", "n|1|1"]);
    }

    [Fact]
    public void A_series_that_is_too_short_is_named_with_what_is_needed()
    {
        var items = Build(new WalkForwardPlan { Horizon = 5, Gap = 2 }, Series("ok", 200), Series("short", 80));

        items.Where(i => i.Shard == 0).ShouldAllBe(i => i.Folds.Count > 0 && i.Refused.Count == 0);
        var item = items.Single(i => i.Shard == 1);
        item.Folds.ShouldBeEmpty();
        var refused = item.Refused.ShouldHaveSingleItem();
        (refused.Series, refused.Code).ShouldBe(("short", "series-too-short"));
        refused.Message.ShouldBe("series 'short' has 80 rows, but the first fold takes 107: 100 before the first cutoff, a gap of 2 and 5 to forecast; "
            + "give more data, a shorter horizon, or fewer rows before the first cutoff (initial)");
    }

    [Fact]
    public void A_plan_that_fits_no_series_is_refused_with_the_first()
    {
        var error = Should.Throw<ForecastException>(() => Build(new WalkForwardPlan { Horizon = 5 }, Series("short", 80), Series("shorter", 70)));

        (error.Code, error.Series).ShouldBe(("series-too-short", "short"));
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "from-after-end", "from", "2020-02-19" },
        { "from-too-early", "from", "choose a later 'from'" },
        { "window-too-long", "window", "30 rows up to the first cutoff" },
        { "no-fold", "to", "widen the span" },
        { "horizon-invalid", "horizon", "at least 1" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Plans_that_fit_nowhere_say_why(string code, string field, string part)
    {
        var plan = code switch
        {
            "from-after-end" => OneStep with { From = Day(90) },
            "from-too-early" => OneStep with { From = Day(1), Gap = 1 },
            "window-too-long" => OneStep with { From = Day(30), RollingRows = 31 },
            "no-fold" => OneStep with { Horizon = 5, From = Day(30), To = Day(33) },
            _ => OneStep with { Horizon = 0 },
        };
        var error = Should.Throw<ForecastException>(() => Build(plan, Series("a", 50)));

        error.Code.ShouldBe(code);
        error.Field.ShouldBe(field);
        error.Message.ShouldContain(part);
    }

    [Fact]
    public void A_global_series_that_is_never_forecast_is_refused_once_and_the_others_go_on()
    {
        var items = Global(OneStep with { From = Day(30), RefitEvery = 10 }, Series("a", 60), Series("gone", 20));

        items.Count.ShouldBeGreaterThan(1);
        var refused = items[0].Refused.ShouldHaveSingleItem();
        (refused.Series, refused.Code).ShouldBe(("gone", "no-fold"));
        items.Skip(1).ShouldAllBe(i => i.Refused.Count == 0);
        items.SelectMany(i => i.Folds).ShouldAllBe(f => f.Series.Single() == "a");
    }

    [Fact]
    public void Models_are_needed_once_each()
    {
        var panel = new Panel([Series("a", 20)]);

        Should.Throw<ForecastException>(() => FoldSchedule.Build(panel, Spec(OneStep) with { Models = [] }, [])).Code.ShouldBe("no-models");
        Should.Throw<ForecastException>(() => FoldSchedule.Build(panel, Spec(OneStep, "m", "m"), [new LastValue(), new LastValue()])).Code.ShouldBe("model-duplicate");
        Should.Throw<ForecastException>(() => FoldSchedule.Build(panel, Spec(OneStep) with { Levels = [0.5, 0.1] }, [new LastValue()])).Code.ShouldBe("level-order");
    }

    [Fact]
    public void Huge_numbers_do_not_overflow()
    {
        Should.Throw<ForecastException>(() => Build(OneStep with { Horizon = int.MaxValue, Gap = int.MaxValue }, Series("a", 50))).Code.ShouldBe("series-too-short");
        Build(OneStep with { Step = int.MaxValue, RefitEvery = int.MaxValue }, Series("a", 50)).Single().Folds.Count.ShouldBe(1);
    }

    private static IReadOnlyList<WorkItem> Build(WalkForwardPlan plan, params TimeSeries[] series) =>
        FoldSchedule.Build(new Panel(series), Spec(plan), [new LastValue()]);

    private static IReadOnlyList<WorkItem> Global(WalkForwardPlan plan, params TimeSeries[] series) =>
        FoldSchedule.Build(new Panel(series), Spec(plan), [new LastValue(FitScope.Global)]);

    /// <summary>Cutoffs as rows of a daily series that starts on day 0.</summary>
    private static int[] Cutoffs(IEnumerable<WorkItem> items) => [.. items.SelectMany(i => i.Folds).Select(f => (int)(f.Cutoff - Day(0)).TotalDays)];
}
