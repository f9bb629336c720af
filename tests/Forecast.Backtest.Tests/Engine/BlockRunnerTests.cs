using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Engine;

public class BlockRunnerTests
{
    private static readonly WalkForwardPlan Plan = new() { Horizon = 2, Step = 2, InitialRows = 10, RefitEvery = 3 };

    [Fact]
    public void Fits_at_the_fit_cutoff_and_conditions_at_each_fold()
    {
        var model = new LastValue();
        var panel = new Panel([Series("a", 40)]);
        var item = FoldSchedule.Build(panel, Spec(Plan), [model])[1];
        Work(panel, Spec(Plan), item, model);

        model.Log.Select(s => (s.Call, s.Cutoff, s.Rows, s.Horizon)).ShouldBe(
        [
            ("fit", Day(15), 16, 2), ("predict", Day(15), 16, 2), ("predict", Day(17), 18, 2), ("predict", Day(19), 20, 2),
        ]);
    }

    [Fact]
    public void A_rolling_window_bounds_fit_and_forecast()
    {
        var model = new LastValue();
        Blocks(new Panel([Series("a", 40)]), Spec(Plan with { RollingRows = 8 }), model);

        model.Log.ShouldAllBe(s => s.Rows == 8 && s.FirstRow == s.Cutoff - Duration.FromDays(7));
    }

    [Fact]
    public void The_gap_is_forecast_over_but_not_scored()
    {
        var model = new LastValue();
        var panel = new Panel([Series("a", 40)]);
        var block = Blocks(panel, Spec(Plan with { Gap = 3 }), model)[0];

        model.Log[0].Horizon.ShouldBe(5);
        var rows = block.Predictions.Where(p => p.Fold == 0).ToArray();
        rows.Select(r => (r.H, r.ObservedAt)).ShouldBe([(4, Day(13)), (5, Day(14))]);
        rows.Select(r => r.Timestamp).ShouldBe([Day(13), Day(14)]);
        block.Folds[0].FirstTarget.ShouldBe(Day(13));
        rows[0].Actual.ShouldBe(panel["a"].Targets[0].Values[13]);
    }

    [Fact]
    public void Rows_are_scored_on_the_first_published_value()
    {
        var values = Walk(20, 1);
        var target = new Column("y", ColumnRole.Target, values, revisions: [new Revision(12, Day(30), -99), new Revision(5, Day(7), 88)]);
        var panel = new Panel([new TimeSeries("a", Frequency.Daily, Days(20), [target])]);

        Blocks(panel, Spec(Plan), new LastValue())[0].Predictions.Single(p => p.ObservedAt == Day(12)).Actual.ShouldBe(values[12]);
    }

    [Fact]
    public void Scores_are_those_of_the_law()
    {
        var row = Blocks(new Panel([Series("a", 20)]), Spec(Plan), new LastValue())[0].Predictions[0];

        // With mean m and the 95 % quantile q the law is normal with sd (q - m) / 1.6449.
        var sd = (row.Quantiles[2] - row.Mean) / NormalDistribution.Quantile(0.95);
        row.Pit.ShouldBe(NormalDistribution.Cdf((row.Actual - row.Mean) / sd), 1e-12);
        row.Crps.ShouldBe(Backtest.Metrics.Crps.Normal(row.Actual, row.Mean, sd), 1e-12);
        row.Quantiles[1].ShouldBe(row.Mean, 1e-12);
    }

    [Fact]
    public void A_missing_actual_is_forecast_and_left_unscored()
    {
        var values = Walk(20, 1);
        values[12] = double.NaN;
        var row = Blocks(new Panel([TimeSeries.Univariate("a", Frequency.Daily, Days(20), values)]), Spec(Plan), new LastValue())
            .SelectMany(b => b.Predictions).Single(p => p.ObservedAt == Day(12));

        double.IsFinite(row.Mean).ShouldBeTrue();
        new[] { row.Actual, row.Crps, row.Pit }.ShouldAllBe(v => double.IsNaN(v));
    }

    [Fact]
    public void The_certificate_line_states_what_the_view_could_read()
    {
        var late = new Column("x", ColumnRole.PastCovariate, Walk(40, 2), [.. Days(40).Select(d => d + Duration.FromHours(30))]);
        var panel = new Panel([new TimeSeries("a", Frequency.Daily, Days(40), [new Column("y", ColumnRole.Target, Walk(40, 1), [.. Days(40).Select(d => d + Duration.FromHours(18))]), late])]);
        var fold = Blocks(panel, Spec(Plan), new LastValue())[1].Folds[1];

        fold.Cutoff.ShouldBe(Day(17));
        fold.FitCutoff.ShouldBe(Day(15));
        fold.FitFrom.ShouldBe(Day(0));
        fold.LatestAvailableAt.ShouldBe(Day(16) + Duration.FromHours(18));  // row 17 is published 18 hours after the cutoff
    }

    [Fact]
    public void The_same_item_gives_the_same_bits_wherever_it_runs()
    {
        var panel = new Panel([Series("a", 40), Series("b", 40, 2)]);
        var spec = Spec(Plan);
        var items = FoldSchedule.Build(panel, spec, [new LastValue()]);
        var forward = items.Select(i => Work(panel, spec, i, new LastValue())).SelectMany(b => b.Predictions);
        var backward = items.Reverse().Select(i => Work(panel.Only(i.Series), spec, i, new LastValue())).SelectMany(b => b.Predictions);

        PredictionHash.Of(PredictionHash.Sort(backward, ["m"])).ShouldBe(PredictionHash.Of(PredictionHash.Sort(forward, ["m"])));
    }

    [Fact]
    public void Parts_of_a_long_block_predict_as_one_block_would()
    {
        var plan = new WalkForwardPlan { Horizon = 1, InitialRows = 10, RefitEvery = null };
        var panel = new Panel([Series("a", 300)]);
        var spec = Spec(plan);
        var parts = FoldSchedule.Build(panel, spec, [new LastValue()]);
        parts.Count.ShouldBe(2);
        var whole = parts[0] with { Folds = [.. parts.SelectMany(p => p.Folds)] };

        PredictionHash.Of(Work(panel, spec, whole, new LastValue()).Predictions)
            .ShouldBe(PredictionHash.Of(parts.SelectMany(p => Work(panel, spec, p, new LastValue()).Predictions)));
    }

    [Fact]
    public void Seeds_differ_by_run_model_series_and_cutoff()
    {
        var panel = new Panel([Series("a", 20), Series("b", 20)]);
        var seeds = new[] { 1UL, 2UL }.SelectMany(run => new[] { "m", "n" }.SelectMany(name =>
        {
            var model = new LastValue();
            Blocks(panel, Spec(Plan, name) with { Seed = run }, model);
            return model.Log.Select(s => s.Seed);
        })).ToArray();

        seeds.Distinct().Count().ShouldBe(seeds.Length);
    }

    [Fact]
    public void A_fit_that_fails_is_kept_for_each_series_of_the_block()
    {
        var block = Blocks(new Panel([Series("a", 20)]), Spec(Plan), new FailsToFit())[0];

        block.Failures.ShouldBe([new SeriesFailure("m", "a", Day(9), "series-odd", "series 'a' is odd")]);
        block.Predictions.ShouldBeEmpty();
        block.Fits.ShouldBeEmpty();
    }

    [Fact]
    public void A_series_that_fails_leaves_the_others_alone()
    {
        // b begins after the first fit, so that a global model that was fitted without it cannot forecast it.
        var panel = new Panel([Series("a", 30), Series("b", 15, 2, first: 11)]);
        var result = Run(panel, Spec(Plan with { RefitEvery = 2 }), new LastValue(FitScope.Global));

        result.Failures.Select(f => (f.Series, f.Cutoff, f.Code)).ShouldBe([("b", Day(11), "series-not-fitted")]);
        result.Predictions.Count(p => p.Series == "b").ShouldBe(2 * 6);  // folds of days 13 to 23
        result.Predictions.Count(p => p.Series == "a").ShouldBe(2 * 10);
    }

    [Fact]
    public void Levels_that_the_model_lacks_are_missing_and_noted()
    {
        var result = Run(new Panel([Series("a", 20)]), Spec(Plan), new Lacking());

        result.Predictions.ShouldAllBe(p => double.IsNaN(p.Quantiles[0]) && !double.IsNaN(p.Quantiles[1]) && double.IsNaN(p.Crps) && double.IsNaN(p.Pit));
        result.Notes.ShouldBe([new ModelNote("m", "a", "the model gives no quantile at level 0.05", 10), new ModelNote("m", "a", "the model gives no quantile at level 0.95", 10)]);
        result.Failures.ShouldBeEmpty();
        var pinball = result.Metrics.Single(m => m.Series == "a" && m.Name == "pinball@0.05");
        pinball.Value.ShouldBe(double.NaN);
        pinball.Note.ShouldBe("the model gives no quantile at level 0.05");
    }

    [Fact]
    public void Repairs_of_crossing_quantiles_are_counted()
    {
        var result = Run(new Panel([Series("a", 14)]), Spec(Plan), new Lacking(repairs: 2));

        result.Repairs.ShouldBe([new QuantileRepair("m", "a", 0, 2), new QuantileRepair("m", "a", 1, 2)]);
    }

    [Fact]
    public void Laws_that_are_no_laws_are_failures()
    {
        Failure(new Bent((mean, _) => new Fixed(mean, level => -level))).ShouldBe("quantiles-cross");
        Failure(new Bent((_, _) => new Fixed(double.NaN, level => level))).ShouldBe("forecast-not-finite");

        static string Failure(IForecaster model) => Blocks(new Panel([Series("a", 14)]), Spec(Plan), model)[0].Failures[0].Code;
    }

    [Fact]
    public void A_defect_of_a_model_is_not_taken_for_a_failure() =>
        Should.Throw<InvalidOperationException>(() => Blocks(new Panel([Series("a", 14)]), Spec(Plan), new Bent((_, _) => throw new InvalidOperationException("defect"))));

    [Fact]
    public void Cancelling_stops_between_folds()
    {
        using var source = new CancellationTokenSource();
        var model = new LastValue();
        var panel = new Panel([Series("a", 40)]);
        var item = FoldSchedule.Build(panel, Spec(Plan), [model])[0];
        var progress = new Stop(source);

        Should.Throw<OperationCanceledException>(() => BlockRunner.Run(panel, Spec(Plan), item, model, source.Token, progress));
        progress.Seen.ShouldBe([1, 2]);
        model.Log.Count(s => s.Call == "predict").ShouldBe(2);
    }

    [Fact]
    public void Series_without_rows_yet_are_not_shown()
    {
        var model = new LastValue(FitScope.Global);
        Blocks(new Panel([Series("a", 40), Series("b", 20, 2, first: 20)]), Spec(Plan), model);

        model.Log.Where(s => s.Cutoff < Day(20)).ShouldAllBe(s => s.Series.SequenceEqual(new[] { "a" }));
        model.Log.Where(s => s.Cutoff >= Day(20)).ShouldAllBe(s => s.Series.SequenceEqual(new[] { "a", "b" }));
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<int>
    {
        public List<int> Seen { get; } = [];

        public void Report(int value)
        {
            Seen.Add(value);
            if (value == 2) source.Cancel();
        }
    }

    private sealed class FailsToFit : LastValue
    {
        public override IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context) =>
            throw new ForecastException("series-odd", $"series '{history.Series[0].Id}' is odd", series: history.Series[0].Id);
    }

    private sealed class Lacking(int repairs = 0) : LastValue
    {
        protected override int Repairs => repairs;

        protected override IMarginal Law(string series, double mean, double sd, int h) => new CentreOnly(base.Law(series, mean, sd, h), 0.1, 0.9);
    }

    private sealed class Bent(Func<double, double, IMarginal> law) : LastValue
    {
        protected override IMarginal Law(string series, double mean, double sd, int h) => law(mean, sd);
    }

    private sealed class Fixed(double mean, Func<double, double> quantile) : IMarginal
    {
        public double Mean => mean;

        public double Variance => double.NaN;

        public bool TryQuantile(double level, out double value)
        {
            value = quantile(level);
            return true;
        }

        public bool TryCdf(double x, out double probability) => throw new NotSupportedException();

        public bool TryExpectedShortfall(double alpha, out double value) => throw new NotSupportedException();

        public bool TryCrps(double actual, out double score) => throw new NotSupportedException();
    }
}
