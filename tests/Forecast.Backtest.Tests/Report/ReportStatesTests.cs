using Forecast.Backtest.Results;

namespace Forecast.Backtest.Tests.Report;

/// <summary>Names that look like markup, and runs that lack something.</summary>
public sealed class ReportStatesTests
{
    private const string Nasty = "</script><img src=x onerror=\"alert('1')\">&amp;";

    [Fact]
    public void Names_from_data_never_become_markup()
    {
        var page = new HtmlPage(ReportFileTests.Text(SampleRuns.Daily(60, Nasty, "b'\"<b>", ["naive", "<script>alert(2)</script>", "m&m", "--><x>"])));
        page.Unbalanced().ShouldBeNull();
        page.Text.ShouldNotContain("<img");
        page.Text.ShouldNotContain("<script>alert");
        page.Text.ShouldNotContain("<x>");
        page.Visible.ShouldContain(Nasty);
        page.Charts.ShouldContain(c => c.Spec.GetProperty("description").GetString()!.Contains(Nasty, StringComparison.Ordinal));
        page.Ids.ShouldAllBe(id => id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }

    [Fact]
    public void One_model_has_no_comparison_and_says_so()
    {
        var page = Page(SampleRuns.Daily(60, models: ["seasonal-naive"]));
        page.Section("verdict").ShouldContain("was the only model of the run");
        page.Section("skill").ShouldContain("Not shown: only one model");
        page.Section("significance").ShouldContain("Not shown: only one model");
    }

    [Fact]
    public void A_run_in_which_everything_failed_still_tells_why()
    {
        var whole = SampleRuns.Daily(60);
        var failed = whole with
        {
            Predictions = [],
            Metrics = [],
            Timings = [],
            Failures = [.. whole.Predictions.Take(3).Select(p => new SeriesFailure(p.Model, p.Series, p.Cutoff, "too-short", "40 rows needed, 31 given"))],
        };
        var page = Page(failed);
        page.Section("verdict").ShouldContain("Not shown: the run has no forecast; 3 failures are listed below");
        page.Section("quality").ShouldContain("40 rows needed, 31 given");
        page.Charts.ShouldBeEmpty();
    }

    [Fact]
    public void Point_forecasts_only_are_scored_by_absolute_error()
    {
        var whole = SampleRuns.Daily(60);
        var points = whole with
        {
            Spec = whole.Spec with { Levels = [] },
            Predictions = [.. whole.Predictions.Select(p => p with { Quantiles = [], Crps = double.NaN, Pit = double.NaN })],
        };
        var page = Page(points);
        page.Section("verdict").ShouldContain("its MAE was");
        page.Section("verdict").ShouldContain("no central interval");
        page.Section("pit").ShouldContain("Not shown: no model of the run gives a whole distribution");
        page.Section("reliability").ShouldContain("Not shown: the run has no quantile levels");
        page.Section("residuals").ShouldContain("(errors)");
    }

    [Fact]
    public void Quantiles_without_a_distribution_are_scored_by_pinball_loss()
    {
        var whole = SampleRuns.Daily(60);
        var page = Page(whole with { Predictions = [.. whole.Predictions.Select(p => p with { Crps = double.NaN, Pit = double.NaN })] });
        page.Section("verdict").ShouldContain("pinball");
    }

    [Fact]
    public void A_missing_outcome_is_marked_and_not_scored()
    {
        var whole = SampleRuns.Daily(60);
        var page = Page(whole with { Predictions = [.. whole.Predictions.Select(p => p.Fold == 30 ? p with { Actual = double.NaN, Crps = double.NaN, Pit = double.NaN } : p)] });
        page.Section("rolling").ShouldContain("no value came");
        page.Charts.Single(c => c.Name == "rolling-0-0").Spec.GetProperty("layers").EnumerateArray().ShouldContain(l => l.GetProperty("type").GetString() == "lane");
    }

    [Fact]
    public void Broken_rules_stand_out()
    {
        var whole = SampleRuns.Daily(60);
        var page = Page(whole with { Certificate = whole.Certificate with { Verdict = "contaminated", Violations = ["model 'x', fold 3: was fitted at 2020-01-02, after the cutoff 2020-01-01"] } });
        page.Section("certificate").ShouldContain("must not be trusted");
        page.Section("certificate").ShouldContain("was fitted at 2020-01-02");
        page.Section("verdict").ShouldContain("✕ contaminated");
    }

    [Fact]
    public void A_score_without_a_value_is_a_dash_with_its_reason()
    {
        var whole = SampleRuns.Daily(60);
        var page = Page(whole with { Metrics = [.. whole.Metrics.Select(m => m.Name == "MASE" && m.Model == "arima-garch" ? m with { Value = double.NaN, Note = "the series is constant" } : m)] });
        page.Section("metrics").ShouldContain("\u2013<sup>");
        page.Section("metrics").ShouldContain("the series is constant");
    }

    private static HtmlPage Page(BacktestResult result)
    {
        var page = new HtmlPage(ReportFileTests.Text(result));
        page.Unbalanced().ShouldBeNull();
        page.Visible.ShouldNotContain("NaN");
        return page;
    }
}
