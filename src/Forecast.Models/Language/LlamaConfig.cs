using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Language;

/// <summary>Sizes of the Llama family, by the keys of its <c>config.json</c>.</summary>
internal sealed record LlamaConfig
{
    public required int Width { get; init; }

    public required int InnerWidth { get; init; }

    public required int Blocks { get; init; }

    public required int Heads { get; init; }

    /// <summary>Heads of keys and values, each shared by Heads / Groups queries.</summary>
    public required int Groups { get; init; }

    public required int HeadWidth { get; init; }

    public required int Vocabulary { get; init; }

    public required int LongestContext { get; init; }

    public double NormEps { get; init; } = 1e-6;

    public double Theta { get; init; } = 10000;

    public RotaryScaling Scaling { get; init; } = new RotaryScaling.Plain();

    /// <summary>Whether scores of tokens come from the embeddings themselves.</summary>
    public bool TiedHead { get; init; }

    /// <summary>Biases of the maps to queries, keys and values (Qwen 2).</summary>
    public bool QueryBias { get; init; }

    /// <summary>Bias of the map behind the attention.</summary>
    public bool OutputBias { get; init; }

    public bool InnerBias { get; init; }

    /// <exception cref="ForecastException">A key is missing, has a value that cannot be, or asks for what is not built here.</exception>
    public static LlamaConfig Read(JsonElement json, string source)
    {
        var keys = new ConfigKeys(json, source, "language-config");
        var kind = keys.Text("model_type", "llama");
        if (kind is not ("llama" or "qwen2" or "mistral")) throw keys.Wrong("model_type", $"is '{kind}'; known are llama, qwen2 and mistral");
        if (keys.Text("hidden_act", "silu") is var activation && activation is not ("silu" or "swish")) throw keys.Wrong("hidden_act", $"is '{activation}'; only silu is built here");
        var longest = keys.Count("max_position_embeddings", 2048);
        var window = kind is "mistral" || keys.Flag("use_sliding_window", false) ? keys.Count("sliding_window", longest) : longest;
        var scaling = RotaryScaling.Read(keys, longest);
        var (width, heads) = (keys.Count("hidden_size"), keys.Count("num_attention_heads"));
        var bias = keys.Flag("attention_bias", false);
        var config = new LlamaConfig
        {
            Width = width,
            InnerWidth = keys.Count("intermediate_size"),
            Blocks = keys.Count("num_hidden_layers"),
            Heads = heads,
            Groups = keys.Count("num_key_value_heads", heads),
            HeadWidth = keys.Count("head_dim", Math.Max(1, width / heads)),
            Vocabulary = keys.Count("vocab_size"),

            // Within one window, sliding attention is plain attention; longer contexts are refused rather than answered otherwise.
            LongestContext = (int)Math.Min(longest * scaling.Reach, window < longest ? window : int.MaxValue),
            NormEps = keys.Number("rms_norm_eps", 1e-6),
            Theta = keys.Has("rope_theta") || !keys.Has("rope_parameters") ? keys.Number("rope_theta", 10000) : keys.Inner("rope_parameters").Number("rope_theta", 10000),
            Scaling = scaling,
            TiedHead = keys.Flag("tie_word_embeddings", false),
            QueryBias = bias || kind is "qwen2",
            OutputBias = bias,
            InnerBias = keys.Flag("mlp_bias", false),
        };
        if (config.Heads % config.Groups != 0) throw keys.Wrong("num_key_value_heads", $"is {config.Groups}, which does not divide {config.Heads} heads");
        if (config.HeadWidth % 2 != 0) throw keys.Wrong("head_dim", $"is {config.HeadWidth}; rotary positions want an even width");
        return config;
    }
}
