using System.Text;
using Forecast.Backtest.Report;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Tests.Report;

/// <summary>The report as a file: its size, that it stands alone, that it repeats. The files stay under <c>reports/</c> to be looked at.</summary>
public sealed class ReportFileTests
{
    [Fact]
    public void A_daily_run_of_two_series_and_four_models_makes_a_file_within_the_limit()
    {
        var size = new FileInfo(Save(SampleRuns.Daily(), "daily.html")).Length;
        size.ShouldBeLessThan(5_000_000);
        size.ShouldBeGreaterThan(500_000, "the charts and their bundle are inside");
    }

    [Fact]
    public void A_run_with_several_horizons_makes_a_file_within_the_limit() => new FileInfo(Save(SampleRuns.Monthly(), "monthly.html")).Length.ShouldBeLessThan(5_000_000);

    [Fact]
    public void A_run_with_failures_makes_a_file() => new FileInfo(Save(SampleRuns.Daily(120, failures: true), "failures.html")).Length.ShouldBeLessThan(5_000_000);

    [Fact]
    public void Stream_and_text_give_the_same_page_and_so_does_the_same_result_again()
    {
        var result = SampleRuns.Monthly();
        using var bytes = new MemoryStream();
        ReportWriter.Write(result, bytes);
        Encoding.UTF8.GetString(bytes.ToArray()).ShouldBe(Text(result));
        Text(SampleRuns.Monthly()).ShouldBe(Text(result));
    }

    [Fact]
    public void Detail_is_thinned_until_the_page_fits()
    {
        var result = SampleRuns.Daily(200);
        var whole = Render(result, new ReportOptions());
        var limit = Encoding.UTF8.GetByteCount(whole) - 100_000;
        var thinned = Render(result, new ReportOptions { MaxBytes = limit });
        Encoding.UTF8.GetByteCount(thinned).ShouldBeLessThanOrEqualTo(limit);
        new HtmlPage(thinned).Unbalanced().ShouldBeNull();
    }

    [Fact]
    public void A_limit_that_nothing_fits_is_an_error_and_not_a_truncated_file() =>
        Should.Throw<InvalidOperationException>(() => Render(SampleRuns.Monthly(4), new ReportOptions { MaxBytes = 100_000 })).Message.ShouldContain("100000");

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        var page = new HtmlPage(Text(SampleRuns.Daily(60)));
        page.Links.ShouldAllBe(link => link.StartsWith('#'));
        page.Markup.ShouldNotContain("<link");
        page.Text.ShouldNotContain("@import");
        page.Text.ShouldNotContain("url(http");
        page.Markup.ShouldNotContain("http://");
        page.Markup.ShouldNotContain("https://");
    }

    [Fact]
    public void The_licences_of_the_chart_code_travel_with_it()
    {
        var page = Text(SampleRuns.Monthly(4));
        page.ShouldContain("The Apache Software Foundation");
        page.ShouldContain("Copyright (c) 2017, Baidu Inc.");
    }

    internal static string Text(BacktestResult result)
    {
        var text = new StringWriter(new StringBuilder());
        ReportWriter.Write(result, text);
        return text.ToString();
    }

    private static string Render(BacktestResult result, ReportOptions options) => ReportWriter.Render(result, ReportElements.Default, options);

    private static string Save(BacktestResult result, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "reports")).FullName;
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        ReportWriter.Write(result, file);
        return path;
    }
}
