using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Language;

/// <summary>Sizes of OPT, by the keys of its <c>config.json</c>.</summary>
/// <param name="Width">Inside.</param>
/// <param name="EmbeddingWidth">Of tokens; where it differs from the width, maps stand between the two.</param>
/// <param name="InnerWidth">Of feed-forward layers.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Heads">Of the attention.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="LongestContext">Positions.</param>
/// <param name="NormsInFront">Whether norms stand in front of attention and feed-forward layer, or behind.</param>
/// <param name="LastNorm">Whether a norm ends the network.</param>
internal sealed record OptConfig(int Width, int EmbeddingWidth, int InnerWidth, int Blocks, int Heads, int Vocabulary, int LongestContext, bool NormsInFront, bool LastNorm)
{
    /// <exception cref="ForecastException">A key is missing, has a value that cannot be, or asks for what is not built here.</exception>
    public static OptConfig Read(JsonElement json, string source)
    {
        var keys = new ConfigKeys(json, source, "language-config");
        if (keys.Text("activation_function", "relu") is var activation && activation is not "relu") throw keys.Wrong("activation_function", $"is '{activation}'; only relu is built here");
        if (!keys.Flag("enable_bias", true)) throw keys.Wrong("enable_bias", "is false, which is not built here");
        if (!keys.Flag("layer_norm_elementwise_affine", true)) throw keys.Wrong("layer_norm_elementwise_affine", "is false, which is not built here");
        var (width, heads, front) = (keys.Count("hidden_size"), keys.Count("num_attention_heads"), keys.Flag("do_layer_norm_before", true));
        if (width % heads != 0) throw keys.Wrong("num_attention_heads", $"is {heads}, which does not divide the width {width}");
        return new OptConfig(
            width, keys.Count("word_embed_proj_dim", width), keys.Count("ffn_dim"), keys.Count("num_hidden_layers"), heads, keys.Count("vocab_size"), keys.Count("max_position_embeddings", 2048),
            front, front && !keys.Flag("_remove_final_layer_norm", false));
    }
}
