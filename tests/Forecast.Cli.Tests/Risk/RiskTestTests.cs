using System.Globalization;
using System.Text.Json.Nodes;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Risk;

/// <summary><c>forecast risk-test</c>, and the tails of <c>forecast backtest</c>.</summary>
public sealed class RiskTestTests
{
    [Fact]
    public async Task One_model_gives_its_tests_by_the_names_of_the_literature()
    {
        using var home = new TempHome();
        home.Write("one.csv", "date,return,var,es\n" + string.Concat(Enumerable.Range(0, 300).Select(t => $"2024-{1 + (t / 28)}-{1 + (t % 28)},{(t % 60 == 9 ? -0.05 : 0.001)},0.03,0.04\n")));
        var result = await ForecastProcess.RunAsync(home.Folder, "risk-test", "one.csv", "--alpha", "0.01", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var tests = JsonNode.Parse(result.Out)!;
        tests["kupiec_pof"]!["x"]!.GetValue<int>().ShouldBe(5);
        foreach (var name in new[] { "kupiec_tuff", "christoffersen_independence", "christoffersen_cc", "dq_hits_only_lags4", "dq_var_lags4", "christoffersen_pelletier_duration", "traffic_light_last250", "es" })
            tests[name].ShouldNotBeNull(name);
        tests["du_escanciano"].ShouldBeNull();
        var told = await ForecastProcess.RunAsync(home.Folder, "risk-test", "one.csv");
        told.Out.ShouldContain("5 exceedances in 300 days at 0.01, 3 expected");
        told.Out.ShouldContain("McNeil-Frey");
    }

    [Theory]
    [InlineData(0.001, 0, "green")]
    [InlineData(-0.05, 260, "red")]
    public async Task No_exceedance_and_nothing_but_exceedances_are_ordinary_files(double value, int exceedances, string zone)
    {
        using var home = new TempHome();
        home.Write("one.csv", "return,var,es\n" + string.Concat(Enumerable.Repeat($"{value.ToString(CultureInfo.InvariantCulture)},0.03,0.04\n", 260)));
        var result = await ForecastProcess.RunAsync(home.Folder, "risk-test", "one.csv", "--alpha", "0.025", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var tests = JsonNode.Parse(result.Out)!;
        tests["exceedances"]!.GetValue<int>().ShouldBe(exceedances);
        tests["traffic_light_last250"]!["zone"]!.GetValue<string>().ShouldBe(zone);
        double.IsFinite(tests["kupiec_pof"]!["lr"]!.GetValue<double>()).ShouldBeTrue();
        (await ForecastProcess.RunAsync(home.Folder, "risk-test", "one.csv")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Several_models_are_compared_and_losses_may_stand_for_returns()
    {
        using var home = new TempHome();
        File.Copy(Repository.At("tests", "data", "reference", "var_lstm_mdn", "var99_sp500_2017_2018.csv"), home.File("published.csv"));
        var result = await ForecastProcess.RunAsync(home.Folder, "risk-test", "published.csv", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var answer = JsonNode.Parse(result.Out)!;
        answer["models"]!.AsArray().Select(m => (m!["model"]!.GetValue<string>(), m["exceedances"]!.GetValue<int>()))
            .ShouldBe([("hs", 10), ("cmm", 18), ("garch", 11), ("mdn2", 12), ("mdn2_reg", 4), ("mdn3", 2)]);
        answer["comparison"]!["ranking"]![0]!["model"]!.GetValue<string>().ShouldBe("mdn2_reg");
        answer["comparison"]!["diebold_mariano"]!.AsArray().Count.ShouldBe(15);
    }

    [Fact]
    public async Task A_backtest_of_returns_is_tested_at_its_tails()
    {
        using var home = new TempHome();
        var result = await ForecastProcess.RunAsync(home.Folder, "backtest", "eu_stock_markets:DAX", "--returns", "log", "--models", "mean,garch(1,1)", "--refit", "never", "--from", "1600", "--risk", "0.01,0.025", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var risk = JsonNode.Parse(result.Out)!["risk"]!.AsArray();
        risk.Select(r => r!["alpha"]!.GetValue<double>()).ShouldBe([0.01, 0.025]);
        risk[0]!["models"]!.AsArray().Count.ShouldBe(2);
        risk[0]!["models"]![1]!["es"]!["mcneil_frey"].ShouldNotBeNull();
        var predictions = await File.ReadAllLinesAsync(JsonNode.Parse(result.Out)!["predictions"]!.GetValue<string>(), TestContext.Current.CancellationToken);
        predictions[0].ShouldEndWith(",es@0.01,es@0.025");
    }
}
