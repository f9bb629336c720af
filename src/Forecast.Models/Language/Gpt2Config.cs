using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Language;

/// <summary>Sizes of GPT-2, by the keys of its <c>config.json</c>.</summary>
internal sealed record Gpt2Config(int Width, int InnerWidth, int Blocks, int Heads, int Vocabulary, int LongestContext, double NormEps, string Activation)
{
    /// <exception cref="ForecastException">A key is missing, has a value that cannot be, or asks for what is not built here.</exception>
    public static Gpt2Config Read(JsonElement json, string source)
    {
        var keys = new ConfigKeys(json, source, "language-config");
        if (!keys.Flag("scale_attn_weights", true)) throw keys.Wrong("scale_attn_weights", "is false; unscaled attention is not built here");
        if (keys.Flag("scale_attn_by_inverse_layer_idx", false)) throw keys.Wrong("scale_attn_by_inverse_layer_idx", "is true, which is not built here");
        if (!keys.Flag("tie_word_embeddings", true)) throw keys.Wrong("tie_word_embeddings", "is false; a head of its own is not built here");
        var width = keys.Count("n_embd");
        var config = new Gpt2Config(
            width, keys.Count("n_inner", 4 * width), keys.Count("n_layer"), keys.Count("n_head"), keys.Count("vocab_size"), keys.Count("n_positions", 1024),
            keys.Number("layer_norm_epsilon", 1e-5), keys.Text("activation_function", "gelu_new"));
        if (config.Activation is not ("gelu_new" or "gelu_pytorch_tanh" or "gelu" or "relu")) throw keys.Wrong("activation_function", $"is '{config.Activation}'; known are gelu_new, gelu_pytorch_tanh, gelu and relu");
        return width % config.Heads == 0 ? config : throw keys.Wrong("n_head", $"is {config.Heads}, which does not divide the width {width}");
    }
}
