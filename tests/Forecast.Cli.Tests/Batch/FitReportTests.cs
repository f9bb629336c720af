using System.Text.Json.Nodes;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Batch;

/// <summary><c>forecast fit</c> gives every number that R's summaries print; expected values are of R 4.2.2, forecast 8.20 and fGarch 4022.89.</summary>
public sealed class FitReportTests
{
    [Fact]
    public async Task An_arima_has_the_training_errors_of_Rs_summary()
    {
        var fit = await FitAsync("air_passengers", "arima(0,1,1)(0,1,1)[12]");
        Near(fit, "stdErrors.hessian.ma1", 0.0890, 5e-5);
        Near(fit, "sigma2", 137.5, 0.05);
        Near(fit, "loglik", -507.5, 0.05);
        Near(fit, "aicc", 1021.19, 0.005);
        Near(fit, "bic", 1029.63, 0.005);
        Near(fit, "trainingErrors.me", 0.3235529, 5e-4);
        Near(fit, "trainingErrors.rmse", 11.09952, 5e-4);
        Near(fit, "trainingErrors.mae", 8.162425, 5e-4);
        Near(fit, "trainingErrors.mpe", 0.04409006, 5e-4);
        Near(fit, "trainingErrors.mape", 2.897135, 5e-4);
        Near(fit, "trainingErrors.mase", 0.2548345, 5e-5);
        Near(fit, "trainingErrors.acf1", -0.003747514, 5e-4);
    }

    [Fact]
    public async Task An_ets_fit_has_sigma_and_every_initial_season()
    {
        var fit = await FitAsync("air_passengers", "ets(M,Ad,M)[12]");
        var seasons = Enumerable.Range(0, 12).Select(j => fit["parameters"]![$"s{j}"]!.GetValue<double>());
        seasons.Sum().ShouldBe(12, 1e-9);
        Near(fit, "sigma", 0.0392, 5e-4);
        Near(fit, "trainingErrors.mape", 2.86, 0.05);
    }

    [Fact]
    public async Task A_volatility_model_has_the_tests_of_fGarchs_summary()
    {
        var fit = await FitAsync("dem2gbp", "garch(1,1)");
        Near(fit, "zValues.hessian.alpha1", 5.796, 0.05);
        Near(fit, "zValues.hessian.mu", -0.732, 0.001);
        Near(fit, "pValues.hessian.mu", 0.46444, 5e-4);
        Near(fit, "loglik_per_obs", -0.5605916, 1e-6);
        Near(fit, "sic_per_obs", 1.125228, 1e-6);
        Near(fit, "residualTests.jarque_bera.statistic", 1059.85, 0.1);
        Near(fit, "residualTests.shapiro_wilk.statistic", 0.9622848, 1e-6);
        foreach (var (name, statistic, p) in ((string, double, double)[])[
            ("ljung_box@10", 10.12142, 0.4299065), ("ljung_box@15", 17.0435, 0.3162709), ("ljung_box@20", 19.29764, 0.5025615),
            ("ljung_box_squares@10", 9.062558, 0.5261771), ("ljung_box_squares@15", 16.07769, 0.3769071), ("ljung_box_squares@20", 17.50715, 0.6198388), ("arch_lm@12", 9.771216, 0.6360238)])
        {
            Near(fit, $"residualTests.{name}.statistic", statistic, 2e-3);
            Near(fit, $"residualTests.{name}.pValue", p, 2e-4);
        }
    }

    [Fact]
    public async Task A_box_cox_model_has_errors_in_the_datas_unit_and_people_see_them_all()
    {
        var fit = await FitAsync("air_passengers", "arima(0,1,1)(0,1,1)[12]{log: true}");
        Near(fit, "trainingErrors.mape", 2.62, 0.1);
        using var home = new TempHome();
        var shown = await ForecastProcess.RunAsync(home.Folder, "fit", "air_passengers", "--model", "arima(0,1,1)(0,1,1)[12]");
        foreach (var text in (string[])["ma1", "s.e. (hessian)", "Pr(>|z|)", "sigma2 137.525", "loglik -507.501", "training errors: ME 0.32", "MASE 0.2548"]) shown.Out.ShouldContain(text);
    }

    private static async Task<JsonNode> FitAsync(string data, string model)
    {
        using var home = new TempHome();
        var result = await ForecastProcess.RunAsync(home.Folder, "fit", data, "--model", model, "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonNode.Parse(result.Out)!["series"]![0]!;
    }

    private static void Near(JsonNode fit, string path, double expected, double tolerance)
    {
        var at = path.Split('.').Aggregate((JsonNode?)fit, (node, name) => node?[name]);
        at.ShouldNotBeNull(path).GetValue<double>().ShouldBe(expected, tolerance, path);
    }
}
