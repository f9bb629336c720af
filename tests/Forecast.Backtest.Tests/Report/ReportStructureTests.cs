using System.Text.Json;
using Forecast.Backtest.Report;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Tests.Report;

/// <summary>What stands in the page: every element, sound charts, the result's own numbers.</summary>
public sealed class ReportStructureTests
{
    private static readonly BacktestResult Daily = SampleRuns.Daily(120, failures: true);
    private static readonly BacktestResult Monthly = SampleRuns.Monthly();
    private static readonly HtmlPage DailyPage = new(ReportFileTests.Text(Daily));
    private static readonly HtmlPage MonthlyPage = new(ReportFileTests.Text(Monthly));

    public static TheoryData<string> Runs => ["daily", "monthly"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_element_has_its_section_and_its_line_in_the_contents(string run)
    {
        var page = Page(run);
        foreach (var element in ReportElements.Default)
        {
            page.Section(element.Id).ShouldContain($"<h2>{element.Title}</h2>");
            page.Markup.ShouldContain($"<a href=\"#{element.Id}\">{element.Title}</a>");
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Ids_are_unique_links_lead_somewhere_and_tags_close(string run)
    {
        var page = Page(run);
        page.Ids.ShouldBeUnique();
        page.Links.Select(l => l[1..]).ShouldBeSubsetOf(page.Ids);
        page.Unbalanced().ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_chart_has_a_box_a_description_and_lists_of_one_length(string run)
    {
        var page = Page(run);
        page.Charts.Count.ShouldBeGreaterThan(15);
        foreach (var (name, spec) in page.Charts)
        {
            page.Ids.ShouldContain($"plot-{name}");
            spec.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace();
            foreach (var layer in spec.GetProperty("layers").EnumerateArray().Where(l => l.TryGetProperty("x", out _)))
            {
                var places = spec.GetProperty("xs")[layer.GetProperty("x").GetInt32()];
                places.EnumerateArray().Zip(places.EnumerateArray().Skip(1)).ShouldAllBe(p => p.First.GetDouble() < p.Second.GetDouble(), $"{name}: x ascends");
                foreach (var list in new[] { "y", "median" })
                {
                    if (layer.TryGetProperty(list, out var values) && values.ValueKind == JsonValueKind.Array) values.GetArrayLength().ShouldBe(places.GetArrayLength(), name);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void No_reader_ever_meets_NaN_or_infinity(string run)
    {
        Page(run).Visible.ShouldNotContain("NaN");
        Page(run).Visible.ShouldNotContain("Infinity");
        Page(run).Visible.ShouldNotContain("∞");
    }

    [Fact]
    public void Scores_are_the_results_own_with_all_their_digits_and_signed_differences()
    {
        var section = DailyPage.Section("metrics");
        var scores = Daily.Metrics.Where(m => m.Name is "MAE" or "CRPS" or "WQL" && !double.IsNaN(m.Value) && m.Series != "all").ToArray();
        scores.Length.ShouldBe(24);
        foreach (var score in scores)
        {
            section.ShouldContain($"title=\"{Numbers.Full(score.Value)}\"", customMessage: $"{score.Model} {score.Series} {score.Name}");
            var baseline = Daily.Metrics.Single(m => m.Model == Daily.Spec.Models[0] && m.Series == score.Series && m.Name == score.Name).Value;
            if (score.Model != Daily.Spec.Models[0]) section.ShouldContain(Numbers.SignedPercent((score.Value / baseline) - 1));
        }
    }

    [Fact]
    public void Exceedances_are_counted_from_the_predictions()
    {
        var rows = Daily.Predictions.Where(p => p.Model == "garch(1,1)-t" && p.Series == "Brent").ToArray();
        var below = rows.Count(r => r.Actual < r.Quantiles[2]);
        DailyPage.Charts.Single(c => c.Name == "tail-1-2").Spec.GetProperty("description").GetString().ShouldNotBeNull().ShouldContain($"{below} of {Numbers.Significant(rows.Length * 0.05)} expected");
    }

    [Fact]
    public void The_certificate_the_data_and_the_origin_are_told()
    {
        DailyPage.Section("certificate").ShouldContain(Daily.Certificate.DataHash);
        DailyPage.Section("data").ShouldContain("TARGET");
        DailyPage.Section("data").ShouldContain("every 21 folds");
        DailyPage.Section("lineage").ShouldContain(Daily.PredictionsHash);
        DailyPage.Section("lineage").ShouldContain("--refit every:21");
        MonthlyPage.Section("certificate").ShouldContain("? unknown");
    }

    [Fact]
    public void A_failed_block_is_listed_and_leaves_a_gap_in_the_curve()
    {
        DailyPage.Section("quality").ShouldContain("the optimiser found no finite likelihood");
        DailyPage.Section("verdict").ShouldContain("21 forecasts failed");
        Median("rolling-0-1").ShouldContain(v => v.ValueKind == JsonValueKind.Null);
        Median("rolling-0-0").ShouldNotContain(v => v.ValueKind == JsonValueKind.Null);

        static JsonElement[] Median(string chart) => [.. DailyPage.Charts.Single(c => c.Name == chart).Spec.GetProperty("layers")[0].GetProperty("median").EnumerateArray()];
    }

    [Fact]
    public void Repairs_and_missing_values_are_told()
    {
        MonthlyPage.Section("quality").ShouldContain("<th scope=\"row\">drift</th><td>passengers</td><td class=\"n\">1</td><td class=\"n\">3</td>");
        MonthlyPage.Section("quality").ShouldContain("<td class=\"n\">2</td>");
    }

    [Fact]
    public void Rings_are_the_runs_own_intervals_nearest_to_50_80_and_95_percent()
    {
        Levels(DailyPage, "rolling-0-2").ShouldBe([0.95, 0.9, 0.5]);
        Levels(MonthlyPage, "fan-0-0-best").ShouldBe([0.95, 0.8, 0.5]);

        static double[] Levels(HtmlPage page, string chart) => [.. page.Charts.Single(c => c.Name == chart).Spec.GetProperty("layers")[0].GetProperty("levels").EnumerateArray().Select(v => v.GetDouble())];
    }

    [Fact]
    public void An_element_without_content_says_why_in_one_line()
    {
        DailyPage.Section("fans").ShouldContain("Not shown: the run forecasts one step ahead");
        MonthlyPage.Section("rolling").ShouldContain("Not shown: the run forecasts several steps ahead");
        MonthlyPage.Section("exceedances").ShouldContain("Not shown: the run has neither the level 0.01 nor 0.05");
    }

    private static HtmlPage Page(string run) => string.Equals(run, "daily", StringComparison.Ordinal) ? DailyPage : MonthlyPage;
}
