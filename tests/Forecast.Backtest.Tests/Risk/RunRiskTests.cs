using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Report;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Backtest.Tests.Report;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>Tails of a run: recorded by the engine, tested for the report and for JSON.</summary>
public class RunRiskTests
{
    [Fact]
    public void Stated_tails_join_the_levels_and_returns_have_tails_of_their_own()
    {
        var returns = Returns("log_return");
        var spec = Spec([0.05, 0.5]);
        RiskTails.With(spec, returns, [0.025, 0.01]).ShouldSatisfyAllConditions(
            s => s.Risk.ShouldBe([0.01, 0.025]),
            s => s.Levels.ShouldBe([0.01, 0.025, 0.05, 0.5]));
        RiskTails.With(spec, returns, null).Risk.ShouldBe([0.05]);
        RiskTails.With(spec, Returns("USD"), null).Risk.ShouldBeNull();
        RiskTails.With(spec, returns, []).Risk.ShouldBeNull();
        Should.Throw<ForecastException>(() => RiskTails.With(spec, returns, [0.7])).Field.ShouldBe("risk");
    }

    [Fact]
    public void The_engine_records_expected_shortfall_beside_the_quantile()
    {
        var panel = Returns("log_return");
        var result = Run(panel, RiskTails.With(Spec([0.5]), panel, [0.01, 0.025]));
        var row = result.Predictions[0];
        row.Shortfalls.Length.ShouldBe(2);
        row.Shortfalls[0].ShouldBeGreaterThan(-row.Quantiles[0]);
        row.Shortfalls[0].ShouldBeGreaterThan(row.Shortfalls[1]);
        result.PredictionsHash.ShouldNotBe(Run(panel, Spec([0.01, 0.025, 0.5])).PredictionsHash);
    }

    [Fact]
    public void A_run_is_tested_series_by_series_and_tail_by_tail()
    {
        var panel = Returns("log_return");
        var result = Run(panel, RiskTails.With(Spec([0.5]) with { Models = ["mean", "garch(1,1)"] }, panel, [0.025, 0.05]));
        var risks = new RunFindings(result).Risk();
        risks.Select(r => r.Alpha).ShouldBe([0.025, 0.05]);
        foreach (var risk in risks)
        {
            risk.Models.Select(m => m.Model).ShouldBe(["mean", "garch(1,1)"]);
            risk.Models.ShouldAllBe(m => m.Shortfall != null && m.DuEscanciano != null && m.Days == 200);
            risk.Comparison!.Days.ShouldBe(200);
            risk.Notes.ShouldBeEmpty();
        }

        new RunFindings(result with { Spec = result.Spec with { Risk = null } }).Risk().ShouldBeEmpty();
    }

    [Fact]
    public void A_model_without_the_tail_is_named_and_the_others_are_tested()
    {
        var sample = SampleRuns.Daily(folds: 300);
        var lost = sample with
        {
            Spec = sample.Spec with { Risk = [0.01] },
            Predictions = [.. sample.Predictions.Select(r => r with { Shortfalls = [double.NaN], Quantiles = r.Model == "arima-garch" ? [double.NaN, .. r.Quantiles[1..]] : r.Quantiles })],
        };
        var risk = new RunFindings(lost).Risk()[0];
        risk.Models.Count.ShouldBe(3);
        risk.Notes.ShouldContain(n => n.Model == "arima-garch" && n.Text.Contains("no quantile at level 0.01", StringComparison.Ordinal));
        risk.Models.ShouldAllBe(m => m.Shortfall == null);
    }

    [Fact]
    public void The_report_shows_ranking_lights_tests_and_charts()
    {
        var page = Page(Tailed(SampleRuns.Daily(folds: 520)));
        foreach (var text in new[] { "id=\"risk\"", "Ranking by tick loss", "Traffic light", "green ", "Kupiec, proportion", "Acerbi-Szekely Z2", "minus VaR", "Exceedances so far", "in the set" })
            page.ShouldContain(text);
        page.ShouldContain("\"type\":\"span\"");
        page.ShouldNotContain("NaN</td>");
    }

    [Fact]
    public void A_run_without_tails_says_how_to_ask_for_them()
    {
        Page(SampleRuns.Daily(folds: 120)).ShouldContain("the run recorded no risk tails; start the back-test with --risk 0.01,0.025");
    }

    /// <summary>The sample's laws are normal: ES at 1 % and 2.5 % from its quantiles at 1 % and 99 %.</summary>
    internal static BacktestResult Tailed(BacktestResult sample) => sample with
    {
        Spec = sample.Spec with { Risk = [0.01, 0.025] },
        Predictions =
        [
            .. sample.Predictions.Select(r =>
            {
                var (mean, sd) = (0.5 * (r.Quantiles[0] + r.Quantiles[^1]), (r.Quantiles[^1] - r.Quantiles[0]) / (2 * 2.3263478740408408));
                return r with { Shortfalls = [(2.6652142 * sd) - mean, (2.3378028 * sd) - mean] };
            }),
        ],
    };

    private static string Page(BacktestResult result)
    {
        using var text = new StringWriter();
        ReportWriter.Write(result, text);
        return text.ToString();
    }

    private static RunSpec Spec(double[] levels) => new()
    {
        Data = "returns",
        Models = ["mean"],
        Plan = new() { Horizon = 1, RefitEvery = null, InitialRows = 300 },
        Levels = levels,
    };

    private static BacktestResult Run(Panel panel, RunSpec spec)
    {
        IForecaster[] forecasters = [.. spec.Models.Select(ModelCatalogue.Default.Create)];
        var blocks = FoldSchedule.Build(panel, spec, forecasters).Select(i => BlockRunner.Run(panel, spec, i, forecasters[spec.Models.ToList().IndexOf(i.Model)])).ToArray();
        return ResultAssembler.Assemble(panel, spec, blocks, new Lineage { RunId = "r", CreatedAt = Instant.FromUnixTimeSeconds(0), Engine = "test", Device = "cpu", Threads = 1, Seed = 1 });
    }

    private static Panel Returns(string unit)
    {
        var random = new RandomSource(6);
        var times = Enumerable.Range(0, 500).Select(i => Instant.FromUnixTimeSeconds(i)).ToArray();
        return new Panel([TimeSeries.Univariate("SPX", Frequency.Index, times, [.. times.Select(_ => 0.01 * random.NextNormal())], unit: unit)]);
    }
}
