using System.Text.Json;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Presets;

/// <summary>The preset of the LSTM-MDN paper, with the models that take no time; the published counts stand beside ours.</summary>
public sealed class VarPaperTests
{
    [Fact]
    public async Task The_preset_walks_six_cells_and_meets_the_published_value_at_risk()
    {
        using var home = new TempHome();
        var result = await ForecastProcess.RunAsync(home.Folder, "backtest", "--preset", "var-paper", "--models", "historical-simulation(251),cmm(251)", "--run", "paper", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToArray();
        rows.Length.ShouldBe(12);
        (string Cell, int Hs, int Cmm)[] published = [("sp500 2017_2018", 10, 18), ("ftse100 2017_2018", 11, 11), ("sp500 2021_2022", 11, 19), ("euro_stoxx_50 2021_2022", 5, 10)];
        foreach (var (cell, hs, cmm) in published)
        {
            var own = rows.Where(r => string.Equals($"{r.GetProperty("index").GetString()} {r.GetProperty("period").GetString()}", cell, StringComparison.Ordinal)).ToArray();
            own.Select(r => r.GetProperty("exceedances").GetInt32()).ShouldBe([hs, cmm], cell);
            own.Select(r => r.GetProperty("publishedExceedances").GetInt32()).ShouldBe([hs, cmm], cell);
            foreach (var row in own) row.GetProperty("largestDifference").GetDouble().ShouldBeLessThan(1e-6);
        }

        rows.Sum(r => r.GetProperty("days").GetInt32()).ShouldBe(2 * 3021);
        var predictions = await File.ReadAllLinesAsync(home.File("runs/paper-sp500-2017_2018-daily/predictions.csv"), TestContext.Current.CancellationToken);
        predictions[0].ShouldEndWith(",es@0.01,es@0.025");
        var reports = json.RootElement.GetProperty("reports").EnumerateArray().Select(r => r.GetString()!).ToArray();
        reports.Length.ShouldBe(6);
        var report = await File.ReadAllTextAsync(reports[0], TestContext.Current.CancellationToken);
        foreach (var part in new[] { "Ranking by tick loss", "Traffic light", "McNeil-Frey" }) report.ShouldContain(part);
    }
}
