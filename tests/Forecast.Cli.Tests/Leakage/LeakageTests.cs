using Forecast.Cli.Tests.Support;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Tests.Leakage;

public sealed class LeakageTests
{
    private const int PredictionsPerModel = 2 * 3;

    [Fact]
    public async Task No_model_of_the_catalogue_reads_past_its_cutoff()
    {
        var models = ModelCatalogue.Default.Models.Select(m => m.Example).Append("drift{log: true}").Append("mean{box_cox: auto}").ToArray();
        var (leaks, compared) = await new LeakProbe(ForecastProcess.Executable, models, warmCaches: true).RunAsync();
        leaks.ShouldBeEmpty();
        compared.ShouldBeGreaterThan(models.Length * PredictionsPerModel * LeakData.Mutations.Count * 3);
    }

    [Theory]
    [InlineData("leak-scaler", "values")]
    [InlineData("leak-box-cox", "values")]
    [InlineData("leak-cache", "values")]
    [InlineData("leak-late-covariate", "past-covariates")]
    public async Task A_planted_leak_is_caught(string model, string mutation)
    {
        var (leaks, _) = await new LeakProbe(ForecastProcess.PlantedLeaks, ["naive", model], warmCaches: true).RunAsync();
        leaks.ShouldContain(l => l.StartsWith($"{model} {mutation} ", StringComparison.Ordinal));
        leaks.ShouldAllBe(l => l.StartsWith(model, StringComparison.Ordinal));
    }
}
