using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Tirex;

/// <summary>Sizes of a TiRex network, as its checkpoint states them. Defaults are those of the published 35M network.</summary>
public sealed record TirexConfig
{
    /// <summary>p: rows of a patch, read and forecast.</summary>
    public int Patch { get; init; } = 32;

    /// <summary>Trained quantile levels, ascending.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>d.</summary>
    public int Width { get; init; } = 512;

    public int Heads { get; init; } = 4;

    public int Blocks { get; init; } = 12;

    /// <summary>Feed-forward layers are this many times as wide, rounded up to a multiple of 64.</summary>
    public double FeedForwardFactor { get; init; } = 2.6667;

    /// <summary>Width inside the residual blocks that embed patches and read them out.</summary>
    public int Hidden { get; init; } = 2048;

    /// <summary>Rows that the network reads; shorter contexts are filled up with missing values, longer ones cut.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>Place of the level 0.5; -1 = it was not trained.</summary>
    public int Median => Quantiles.ToList().IndexOf(0.5);

    /// <param name="json">A checkpoint's <c>hyper_parameters</c>, its <c>model_config</c>, or a configuration that holds the keys of both.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="ForecastException">Keys are missing or contradict one another: names the key.</exception>
    public static TirexConfig Read(JsonElement json, string source)
    {
        var outer = new ConfigKeys(json, source, "tirex-config");
        var keys = outer.Has("model_config") ? outer.Inner("model_config") : outer;
        var blocks = keys.Inner("block_kwargs");
        var none = new TirexConfig();
        var config = new TirexConfig
        {
            Patch = keys.Count("input_patch_size"),
            Quantiles = keys.Numbers("quantiles") ?? none.Quantiles,
            Width = blocks.Count("embedding_dim"),
            Heads = blocks.Count("num_heads"),
            Blocks = blocks.Count("num_blocks"),
            FeedForwardFactor = blocks.Number("ffn_proj_factor", none.FeedForwardFactor),
            Hidden = keys.Count("input_ff_dim"),
            ContextLength = outer.Count("train_ctx_len", keys.Count("train_ctx_len", none.ContextLength)),
        };
        if (keys.Count("output_patch_size", config.Patch) != config.Patch)
            throw keys.Wrong("output_patch_size", $"differs from input_patch_size, {config.Patch}; such networks cannot be rolled out");
        if (config.Width % config.Heads != 0) throw blocks.Wrong("num_heads", $"is {config.Heads}, which does not divide embedding_dim, {config.Width}");
        if (config.ContextLength % config.Patch != 0) throw outer.Wrong("train_ctx_len", $"is {config.ContextLength}, no multiple of input_patch_size, {config.Patch}");
        for (var i = 0; i < config.Quantiles.Count; i++)
        {
            if (!(config.Quantiles[i] > (i == 0 ? 0 : config.Quantiles[i - 1]) && config.Quantiles[i] < 1)) throw keys.Wrong("quantiles", "do not ascend within (0, 1)");
        }

        return config.Quantiles.Count > 0 ? config : throw keys.Wrong("quantiles", "are none");
    }
}
