using System.Text;
using Forecast.Backtest.Report;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Tests.Report;

/// <summary>The report as a file: its size, that it stands alone, that it repeats.</summary>
public sealed class ReportFileTests
{
    [Fact]
    public void A_daily_run_of_two_series_and_four_models_makes_a_file_within_the_limit()
    {
        var path = Save(SampleRuns.Daily(), "daily.html");
        var size = new FileInfo(path).Length;
        size.ShouldBeLessThan(5_000_000);
        size.ShouldBeGreaterThan(500_000, "the charts and their bundle are inside");
    }

    [Fact]
    public void A_run_with_several_horizons_makes_a_file_within_the_limit() => new FileInfo(Save(SampleRuns.Monthly(), "monthly.html")).Length.ShouldBeLessThan(5_000_000);

    internal static string Save(BacktestResult result, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "reports")).FullName;
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        ReportWriter.Write(result, file);
        return path;
    }

    internal static string Text(BacktestResult result)
    {
        var text = new StringWriter(new StringBuilder());
        ReportWriter.Write(result, text);
        return text.ToString();
    }
}
