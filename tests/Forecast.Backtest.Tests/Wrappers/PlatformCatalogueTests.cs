using Forecast.Backtest.Wrappers;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Backtest.Tests.Wrappers;

public sealed class PlatformCatalogueTests
{
    public static TheoryData<string> Examples => [.. PlatformCatalogue.All.Models.Select(m => m.Example)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_makes_a_forecaster_whose_name_makes_it_again(string example)
    {
        var forecaster = PlatformCatalogue.All.Create(example);
        PlatformCatalogue.All.Create(forecaster.Name).Name.ShouldBe(forecaster.Name);
    }

    [Fact]
    public void It_holds_the_zoo_and_the_wrappers() =>
        PlatformCatalogue.All.Models.Select(m => m.Name).ShouldBe([.. ModelCatalogue.Default.Models.Select(m => m.Name), "ensemble", "conformal", "auto"]);

    [Theory]
    [InlineData("stl(ensemble(naive, drift))[7]")]
    [InlineData("ensemble(conformal(naive), stl(auto)[7]){method: median, log: true}")]
    [InlineData("conformal(ensemble(arima(1,0,0){mean: true}, theta){method: stacked, min: 0}){method: adaptive}")]
    public void Wrappers_nest_in_everything_that_takes_a_model(string text) => PlatformCatalogue.All.Create(text).Name.ShouldBe(text);

    [Theory]
    [InlineData("ensemble", "model-argument", "the models are missing")]
    [InlineData("ensemble(naive, nave)", "model-unknown", "did you mean naive?")]
    [InlineData("ensemble(naive){method: best}", "model-argument", "is none of mean, median")]
    [InlineData("ensemble(naive){folds: 0}", "model-argument", "at least 1")]
    [InlineData("conformal(naive, drift)", "model-argument", "one model")]
    [InlineData("conformal(naive){refit: 3}", "model-argument", "never or every:K")]
    [InlineData("conformal(naive){rate: 2}", "rate-invalid", "between 0 and 1")]
    [InlineData("auto(naive){metric: crps}", "model-argument", "is none of mae")]
    [InlineData("auto(linear-ar(1|2", "model-malformed", "not closed")]
    public void What_is_wrong_is_said(string text, string code, string what)
    {
        var error = Should.Throw<ForecastException>(() => PlatformCatalogue.All.Create(text));
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(what);
    }
}
