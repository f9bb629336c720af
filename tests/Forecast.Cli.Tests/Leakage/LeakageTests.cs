using Forecast.Backtest.Wrappers;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Leakage;

public sealed class LeakageTests
{
    private const int PredictionsPerModel = 2 * 3;

    [Fact]
    public async Task No_model_of_the_catalogue_reads_past_its_cutoff()
    {
        var models = PlatformCatalogue.All.Models.Select(m => m.Example).Append("drift{log: true}").Append("mean{box_cox: auto}").Append("naive{min: 40, max: 55, integer: true}").Append("lstm{hidden: 4, layers: 1, epochs: 1, steps: 3, batch: 8, past: [x], calendar: true}").ToArray();
        var (leaks, compared) = await new LeakProbe(ForecastProcess.Executable, models).RunAsync();
        leaks.ShouldBeEmpty();
        compared.ShouldBeGreaterThan(models.Length * PredictionsPerModel * LeakData.Mutations.Count * 3);
    }

    [Fact]
    public async Task Four_planted_leaks_are_caught_and_nobody_else_is_blamed()
    {
        string[] planted = ["leak-scaler", "leak-box-cox", "leak-cache", "leak-late-covariate"];
        var (leaks, _) = await new LeakProbe(ForecastProcess.PlantedLeaks, ["naive", .. planted], warm: "leak-cache").RunAsync();
        leaks.Select(l => l.Split(' ')[0]).Distinct(StringComparer.Ordinal).ShouldBe(planted, ignoreOrder: true);
        foreach (var model in planted)
        {
            var guilty = $"{model} {(model is "leak-late-covariate" ? "past-covariates" : "values")} ";
            leaks.ShouldContain(l => l.StartsWith(guilty, StringComparison.Ordinal));
        }
    }
}
