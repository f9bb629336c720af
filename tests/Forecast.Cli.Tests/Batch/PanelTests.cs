using System.Text;
using System.Text.Json.Nodes;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Batch;

/// <summary>Panels on the command line: any number of workers gives the same bytes, and a series that fails is told beside those that work.</summary>
public sealed class PanelTests
{
    private static readonly string[] Healthy = ["a", "b", "c", "d", "e"];

    [Theory]
    [InlineData("predict", "auto-ets", "--horizon", "3")]
    [InlineData("predict", "theta", "--horizon", "3")]
    [InlineData("fit", "arima(1,0,1)")]
    public async Task Workers_change_no_byte_and_one_series_that_fails_is_reported(string verb, string model, params string[] more)
    {
        using var home = new TempHome();
        var data = home.Write("panel.csv", Panel());
        var answers = new List<CliResult>();
        foreach (var workers in (string[])["1", "3"])
            answers.Add(await ForecastProcess.RunAsync(home.Folder, [verb, data, "--frequency", "P1D", "--model", model, .. more, "--workers", workers, "--json"]));

        answers[1].Out.ShouldBe(answers[0].Out);
        answers.ShouldAllBe(a => a.ExitCode == 1);
        var json = JsonNode.Parse(answers[0].Out)!;
        json["series"]!.AsArray().Select(s => s!["id"]!.GetValue<string>()).ShouldBe(Healthy);
        var failure = json["failures"]!.AsArray().ShouldHaveSingleItem()!;
        failure["series"]!.GetValue<string>().ShouldBe("tiny");
        failure["code"]!.GetValue<string>().ShouldBe("series-too-short");
    }

    [Fact]
    public async Task A_back_test_goes_on_without_the_series_that_no_fold_fits_and_says_so()
    {
        using var home = new TempHome();
        var data = home.Write("panel.csv", Panel());
        var result = await ForecastProcess.RunAsync(home.Folder, "backtest", data, "--frequency", "P1D", "--models", "naive,drift", "--horizon", "2", "--step", "10", "--initial", "40", "--run", "short", "--json");

        result.ExitCode.ShouldBe(1, result.Error);
        var json = JsonNode.Parse(result.Out)!;
        var failures = json["failures"]!.AsArray();
        failures.Select(f => (f!["model"]!.GetValue<string>(), f["series"]!.GetValue<string>(), f["code"]!.GetValue<string>()))
            .ShouldBe([("naive", "tiny", "series-too-short"), ("drift", "tiny", "series-too-short")]);
        failures[0]!["message"]!.GetValue<string>().ShouldContain("the first fold takes 42");
        var scored = json["metrics"]!.AsArray().Where(m => m!["name"]!.GetValue<string>() == "MAE" && m["model"]!.GetValue<string>() == "naive").ToArray();
        scored.Select(m => m!["series"]!.GetValue<string>()).ShouldBe([.. Healthy, "all"]);
        scored[^1]!["note"]!.GetValue<string>().ShouldBe("no fold fits 1 of 6 series");

        var page = await File.ReadAllTextAsync(json["report"]!.GetValue<string>(), TestContext.Current.CancellationToken);
        page.ShouldContain("the first fold takes 42");
        var again = await ForecastProcess.RunAsync(home.Folder, "backtest", "--run", "short", "--json");
        (again.ExitCode, JsonNode.Parse(again.Out)!["predictionsHash"]!.GetValue<string>()).ShouldBe((1, json["predictionsHash"]!.GetValue<string>()));
    }

    [Fact]
    public async Task When_no_series_is_left_the_first_error_is_the_answer()
    {
        using var home = new TempHome();
        var data = home.Write("panel.csv", "unique_id,ds,y\na,2024-01-01,1\na,2024-01-02,2\nb,2024-01-01,1\nb,2024-01-02,3\n");
        foreach (var arguments in (string[][])[["fit", data, "--model", "arima(2,0,1)"], ["backtest", data, "--models", "naive", "--horizon", "2"]])
        {
            var result = await ForecastProcess.RunAsync(home.Folder, [.. arguments, "--frequency", "P1D", "--json"]);
            result.ExitCode.ShouldBe(2);
            JsonNode.Parse(result.Out)!["error"]!["series"]!.GetValue<string>().ShouldBe("a");
        }
    }

    /// <summary>Five series of 60 days and one of 3.</summary>
    private static string Panel()
    {
        var random = new Random(2);
        var text = new StringBuilder("unique_id,ds,y\n");
        foreach (var id in Healthy) Write(id, 60);
        Write("tiny", 3);
        return text.ToString();

        void Write(string id, int rows)
        {
            var level = 20.0;
            for (var t = 0; t < rows; t++) text.Append(id).Append(',').Append(new DateOnly(2024, 1, 1).AddDays(t).ToString("yyyy-MM-dd")).Append(',').Append(Math.Round(level += random.NextDouble() - 0.4, 3)).Append('\n');
        }
    }
}
