using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Engine;

public class ResultAssemblerTests
{
    private static readonly WalkForwardPlan Plan = new() { Horizon = 2, Step = 2, InitialRows = 20, RefitEvery = 3 };

    [Fact]
    public void Order_of_blocks_changes_nothing()
    {
        var panel = new Panel([Series("b", 40), Series("a", 40, 2)]);
        var spec = Spec(Plan, "z", "m");
        var blocks = Blocks(panel, spec, new LastValue(), new LastValue());
        var forward = ResultAssembler.Assemble(panel, spec, blocks, Origin);
        var backward = ResultAssembler.Assemble(panel, spec, [.. blocks.Reverse()], Origin);

        backward.PredictionsHash.ShouldBe(forward.PredictionsHash);
        backward.Metrics.ShouldBe(forward.Metrics);
        forward.Predictions.Select(p => (p.Model, p.Series)).Distinct().ShouldBe([("z", "a"), ("z", "b"), ("m", "a"), ("m", "b")]);
        forward.Predictions.Where(p => p is { Model: "z", Series: "a" }).Select(p => (p.Cutoff, p.H)).ShouldBe(
            forward.Predictions.Where(p => p is { Model: "z", Series: "a" }).Select(p => (p.Cutoff, p.H)).Order());
    }

    [Fact]
    public void The_hash_sees_every_bit_and_no_kind_of_nan()
    {
        var rows = Run(new Panel([Series("a", 30)]), Spec(Plan), new LastValue()).Predictions;
        var hash = PredictionHash.Of(rows);

        PredictionHash.Of([rows[0] with { Mean = Math.BitIncrement(rows[0].Mean) }, .. rows.Skip(1)]).ShouldNotBe(hash);
        PredictionHash.Of([rows[0] with { Quantiles = [rows[0].Quantiles[0], rows[0].Quantiles[1], double.NaN] }, .. rows.Skip(1)]).ShouldNotBe(hash);
        PredictionHash.Of([.. rows.Skip(1)]).ShouldNotBe(hash);
        var negativeNan = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(double.NaN) ^ 1L);
        PredictionHash.Of([rows[0] with { Crps = negativeNan }]).ShouldBe(PredictionHash.Of([rows[0] with { Crps = double.NaN }]));
    }

    [Fact]
    public void The_hash_does_not_change_from_one_version_to_the_next()
    {
        var row = new PredictionRow
        {
            Model = "m",
            Series = "é",
            Fold = 1,
            Cutoff = Day(0),
            H = 1,
            Timestamp = Day(1),
            ObservedAt = Day(1),
            Actual = 1.5,
            Mean = 1.25,
            Quantiles = [0.5, double.NaN],
            Crps = 0.25,
        };

        PredictionHash.Of([row]).ShouldBe("1fc86bf6087303ec0db5da2ac850b89c4308cdbd28cbc386105270aee9593c62");
    }

    [Fact]
    public void Scales_come_from_rows_up_to_the_first_cutoff_only()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(t => t < 20 ? (double)(t % 7 == 0 ? t : 0) : 1000 * t)];
        var panel = new Panel([TimeSeries.Univariate("a", Frequency.Daily, Days(40), values)]);
        var info = Run(panel, Spec(Plan), new LastValue()).Series[0];

        // Lag 7 over rows 0..19: rows 7 and 14 differ from the week before by 7, the other 11 of 13 pairs by 0.
        info.SeasonalPeriod.ShouldBe(7);
        info.MaseScale.ShouldBe(14.0 / 13, 1e-14);
        info.RmsseScale.ShouldBe(98.0 / 13, 1e-13);
    }

    [Fact]
    public void A_series_that_was_constant_has_no_scaled_error_and_says_why()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(t => t < 25 ? 3.0 : t)];
        var panel = new Panel([TimeSeries.Univariate("flat", Frequency.Daily, Days(40), values), Series("a", 40)]);
        var result = Run(panel, Spec(Plan), new LastValue());

        foreach (var name in new[] { "MASE", "RMSSE", "MSIS@0.9" })
        {
            var flat = result.Metrics.Single(m => m.Series == "flat" && m.Name == name);
            flat.Value.ShouldBe(double.NaN, name);
            flat.Note.ShouldContain("divide by", Case.Sensitive, name);
            var all = result.Metrics.Single(m => m.Series == "all" && m.Name == name);
            double.IsFinite(all.Value).ShouldBeTrue(name);
            all.Note.ShouldBe("over the 20 of 40 forecasts that allow it", name);
        }
    }

    [Fact]
    public void Scores_are_those_of_the_rows()
    {
        var result = Run(new Panel([Series("a", 40), Series("b", 40, 2)]), Spec(Plan), new LastValue());
        var rows = result.Predictions;
        var byName = result.Metrics.Where(m => m.Series == "all").ToDictionary(m => m.Name, m => m.Value);

        byName["MAE"].ShouldBe(rows.Average(r => Math.Abs(r.Actual - r.Mean)), 1e-12);
        byName["MASE"].ShouldBe(rows.Average(r => Math.Abs(r.Actual - r.Mean) / result.Series.Single(s => s.Id == r.Series).MaseScale), 1e-12);
        byName["RMSSE"].ShouldBe(result.Metrics.Where(m => m.Name == "RMSSE" && m.Series != "all").Average(m => m.Value), 1e-12);
        byName["CRPS"].ShouldBe(rows.Average(r => r.Crps), 1e-12);
        byName["coverage@0.9"].ShouldBe(rows.Average(r => r.Quantiles[0] <= r.Actual && r.Actual <= r.Quantiles[2] ? 1.0 : 0), 1e-12);
        result.Metrics.Select(m => m.Series).Distinct().ShouldBe(["a", "b", "all"]);
    }

    [Fact]
    public void Failed_forecasts_are_told_beside_the_scores()
    {
        var panel = new Panel([Series("a", 40), Series("b", 25, 2, first: 21)]);
        var result = Run(panel, Spec(Plan), new LastValue(FitScope.Global));

        // Folds at days 21 and 23 belong to the block that was fitted at day 19, before b began.
        result.Failures.Count.ShouldBe(2);
        result.Metrics.Single(m => m is { Series: "b", Name: "MAE" }).Note.ShouldBe($"4 of {4 + result.Predictions.Count(p => p.Series == "b")} forecasts failed");
        result.Metrics.Single(m => m is { Series: "a", Name: "MAE" }).Note.ShouldBeEmpty();
    }

    [Fact]
    public void A_model_that_never_works_has_scores_without_values()
    {
        var panel = new Panel([Series("a", 40)]);
        var spec = Spec(Plan);
        var blocks = Blocks(panel, spec, new LastValue()).Select(b => b with { Predictions = [], Folds = [] }).ToArray();

        ResultAssembler.Assemble(panel, spec, blocks, Origin).Metrics
            .ShouldAllBe(m => double.IsNaN(m.Value) && m.Count == 0 && m.Note == "no forecast has an actual to compare with; 20 of 20 forecasts failed");
    }

    [Fact]
    public void An_honest_run_is_clean()
    {
        var certificate = Run(new Panel([Series("a", 40)]), Spec(Plan), new LastValue()).Certificate;

        certificate.Violations.ShouldBeEmpty();
        certificate.Verdict.ShouldBe("clean");
        certificate.Folds.Count.ShouldBe(10);
        certificate.Exposure["m"].ShouldStartWith("clean");
    }

    [Theory]
    [InlineData(PretrainingExposure.Unknown, "unknown")]
    [InlineData(PretrainingExposure.Contaminated, "contaminated")]
    public void The_verdict_is_the_worst_of_the_models(PretrainingExposure exposure, string verdict)
    {
        var spec = Spec(Plan, "m", "n");
        var certificate = Run(new Panel([Series("a", 40)]), spec, new LastValue(), new Pretrained(exposure)).Certificate;

        certificate.Verdict.ShouldBe(verdict);
        certificate.Exposure["m"].ShouldStartWith("clean:");
        certificate.Exposure["n"].ShouldStartWith(verdict + ":");
    }

    public static TheoryData<string, string> Breaches => new()
    {
        { "fit", "was fitted at 2020-02-10, after the cutoff 2020-01-20" },
        { "from", "was fitted from 2020-02-10, which is after its fit cutoff 2020-01-20" },
        { "published", "could read a value published 2020-02-10, after the cutoff 2020-01-20" },
        { "target", "forecast a row at 2020-01-20, not after the cutoff 2020-01-20" },
        { "row", "is scored on a row at 2020-01-20, not after the cutoff 2020-01-20" },
        { "uncovered", "no line of the certificate covers the cutoff 2020-01-20" },
        { "gap", "lies within the gap of 1 rows" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Each_broken_rule_is_found(string what, string message)
    {
        var panel = new Panel([Series("a", 40)]);
        var spec = Spec(string.Equals(what, "gap", StringComparison.Ordinal) ? Plan with { Gap = 1, InitialRows = 20 } : Plan);
        var blocks = Blocks(panel, spec, new LastValue()).ToArray();
        var (fold, row) = (blocks[0].Folds[0], blocks[0].Predictions[0]);
        fold.Cutoff.ShouldBe(Day(19));
        blocks[0] = what switch
        {
            "fit" => WithFold(fold with { FitCutoff = Day(40) }),
            "from" => WithFold(fold with { FitFrom = Day(40) }),
            "published" => WithFold(fold with { LatestAvailableAt = Day(40) }),
            "target" => WithFold(fold with { FirstTarget = Day(19) }),
            "uncovered" => blocks[0] with { Folds = [.. blocks[0].Folds.Skip(1)] },
            "gap" => WithRow(row with { H = 1 }),
            _ => WithRow(row with { ObservedAt = Day(19) }),
        };
        var certificate = ResultAssembler.Assemble(panel, spec, blocks, Origin).Certificate;

        certificate.Violations.ShouldContain(v => v.Contains(message) && v.Contains("model 'm', series 'a', fold 0"));
        certificate.Verdict.ShouldNotBe("clean");

        BlockResult WithFold(FoldRecord changed) => blocks[0] with { Folds = [changed, .. blocks[0].Folds.Skip(1)] };

        BlockResult WithRow(PredictionRow changed) => blocks[0] with { Predictions = [changed, .. blocks[0].Predictions.Skip(1)] };
    }

    [Fact]
    public void A_block_counts_once()
    {
        var panel = new Panel([Series("a", 40)]);
        var blocks = Blocks(panel, Spec(Plan), new LastValue());

        Should.Throw<ArgumentException>(() => ResultAssembler.Assemble(panel, Spec(Plan), [.. blocks, blocks[0]], Origin)).Message.ShouldContain("m|0|0");
    }

    [Fact]
    public void Timings_add_up_over_blocks()
    {
        var timing = Run(new Panel([Series("a", 40)]), Spec(Plan), new LastValue()).Timings.Single();

        (timing.Model, timing.Fits, timing.Predictions).ShouldBe(("m", 4, 20));
        timing.PredictSeconds.ShouldBeGreaterThan(0);
    }

    private sealed class Pretrained(PretrainingExposure exposure) : LastValue
    {
        public override PretrainingExposure Exposure => exposure;
    }
}
