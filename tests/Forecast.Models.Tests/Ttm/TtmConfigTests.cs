using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Ttm;

namespace Forecast.Models.Tests.Ttm;

/// <summary>Configurations: defaults, derived sizes, and what is wrong with one is said by its key.</summary>
public sealed class TtmConfigTests
{
    [Fact]
    public void An_empty_configuration_has_the_published_defaults()
    {
        var config = Read("{}");
        (config.ContextLength, config.PatchLength, config.PredictionLength, config.Width, config.DecoderWidth, config.DecoderLayers).ShouldBe((64, 8, 16, 16, 8, 8));
        (config.Scaling, config.Loss, config.Gated, config.BatchNorm, config.UseDecoder).ShouldBe((TtmScaling.Std, TtmLossKind.SquaredError, true, false, true));
    }

    [Theory]
    [InlineData("""{"scaling": null}""", TtmScaling.None)]
    [InlineData("""{"scaling": false}""", TtmScaling.None)]
    [InlineData("""{"scaling": true}""", TtmScaling.Mean)]
    [InlineData("""{"scaling": "mean"}""", TtmScaling.Mean)]
    [InlineData("""{"scaling": "std"}""", TtmScaling.Std)]
    public void Scaling_is_a_word_or_a_switch(string json, TtmScaling scaling) => Read(json).Scaling.ShouldBe(scaling);

    [Fact]
    public void Patches_drop_the_remainder_and_count_the_prefix()
    {
        var config = Read("""{"context_length": 61, "patch_length": 10, "patch_stride": 7, "resolution_prefix_tuning": true}""");
        (config.Patches, config.Tokens).ShouldBe((8, 9));
    }

    [Fact]
    public void All_but_exogenous_channels_are_predicted() =>
        Read("""{"num_input_channels": 5, "exogenous_channel_indices": [1, 4]}""").Predicted.ShouldBe([0, 2, 3]);

    [Theory]
    [InlineData("""{"model_type": "patchtst"}""", "model_type")]
    [InlineData("""{"context_length": 0}""", "context_length")]
    [InlineData("""{"context_length": 1e30}""", "context_length")]
    [InlineData("""{"context_length": "64"}""", "context_length")]
    [InlineData("""{"patch_length": 65}""", "patch_length")]
    [InlineData("""{"mode": "mix"}""", "mode")]
    [InlineData("""{"gated_attn": 1}""", "gated_attn")]
    [InlineData("""{"prediction_filter_length": 17}""", "prediction_filter_length")]
    [InlineData("""{"exogenous_channel_indices": [0]}""", "exogenous_channel_indices")]
    [InlineData("""{"exogenous_channel_indices": [3]}""", "prediction_channel_indices")]
    [InlineData("""{"self_attn": true, "self_attn_heads": 3}""", "self_attn_heads")]
    [InlineData("""{"d_model": 90, "adaptive_patching_levels": 3}""", "adaptive_patching_levels")]
    [InlineData("""{"context_length": 1000000, "d_model": 1000000}""", "context_length")]
    [InlineData("""{"multi_quantile_heads": [0.1, 0.9]}""", "multi_quantile_heads")]
    [InlineData("""{"categorical_vocab_size_list": [4, -1]}""", "categorical_vocab_size_list")]
    public void What_is_wrong_is_said_by_its_key(string json, string key)
    {
        var error = Should.Throw<ForecastException>(() => Read(json));
        error.Code.ShouldBe("ttm-config");
        error.Field.ShouldBe(key);
    }

    private static TtmConfig Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TtmConfig.Read(document.RootElement, "config.json");
    }
}
