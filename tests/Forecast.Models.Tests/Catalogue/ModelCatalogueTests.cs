using System.Text.Json.Nodes;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.Catalogue;

public sealed class ModelCatalogueTests
{
    public static TheoryData<string> Examples => [.. ModelCatalogue.Default.Models.Select(m => m.Example)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_makes_a_forecaster_whose_name_makes_it_again(string example)
    {
        var forecaster = ModelCatalogue.Default.Create(example);
        ModelCatalogue.Default.Create(forecaster.Name).Name.ShouldBe(forecaster.Name);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_model_has_a_schema_that_names_its_options(string example)
    {
        var model = ModelCatalogue.Default.Models.First(m => string.Equals(m.Example, example, StringComparison.Ordinal));
        var schema = model.OptionsJsonSchema();
        var properties = schema["properties"].ShouldBeOfType<JsonObject>();
        properties.Select(p => p.Key).ShouldBe(model.Options.Concat(CommonOptions.All).Select(o => o.Name));
        properties.ShouldAllBe(p => p.Value!["description"] != null);
    }

    [Theory]
    [InlineData("garhc(1,1)", "model-unknown", "did you mean garch?")]
    [InlineData("prophet", "model-unknown", "known are naive")]
    [InlineData("naive{colour: red}", "model-option-unknown", "there is no option 'colour'")]
    [InlineData("naive(3)", "model-argument", "naive")]
    [InlineData("arima(1,0)", "model-argument", "(1,0) should be")]
    [InlineData("arima(1,-1,0)", "model-argument", "'-1' is no whole number")]
    [InlineData("naive{log: perhaps}", "model-argument", "neither true nor false")]
    [InlineData("naive{log: true, box_cox: 0.5}", "model-argument", "exclude each other")]
    [InlineData("naive{box_cox: 7}", "model-argument", "neither auto nor a number between -2 and 2")]
    [InlineData("garch(1,1){dist: cauchy}", "model-argument", "is none of")]
    public void Bad_models_say_what_is_wrong(string model, string code, string what)
    {
        var error = Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model));
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(what);
    }

    [Fact]
    public void Options_that_name_weights_or_places_are_known_as_such() =>
        ModelCatalogue.Default.Models.SelectMany(m => m.Options).Where(o => o.Name is "weights" or "backbone" or "folder" or "path" or "file").ShouldAllBe(o => o.Kind != OptionKind.Text);

    [Theory]
    [InlineData("ttm{weights: /}")]
    [InlineData("tirex{weights: ..}")]
    [InlineData("tirex{weights: a/../b}")]
    [InlineData("ttm{weights: cache:a/b}")]
    [InlineData("stl(tirex{weights: ./x})[7]")]
    public void For_others_weights_are_published_ones(string model)
    {
        _ = ModelCatalogue.Default.Create(model);
        var error = Should.Throw<ForecastException>(() => ModelCatalogue.Default.PublishedWeightsOnly().Create(model));
        (error.Code, error.Field).ShouldBe(("weights-not-published", "weights"));
    }

    [Theory]
    [InlineData("ttm")]
    [InlineData("ttm{weights: nobody/nothing}")]
    [InlineData("ttm{weights: None, tune: all}")]
    [InlineData("tirex{weights: random, width: 32, blocks: 1, context: 64}")]
    public void For_others_names_and_words_stay_what_they_are(string model) =>
        ModelCatalogue.Default.PublishedWeightsOnly().With([]).Create(model).Name.ShouldBe(model);

    [Fact]
    public void The_models_of_the_spine_are_there() =>
        ((string[])["naive", "seasonal-naive", "drift", "mean", "arima", "auto-arima", "ets", "auto-ets", "garch", "arima-garch"]).ShouldBeSubsetOf(ModelCatalogue.Default.Models.Select(m => m.Name));
}
