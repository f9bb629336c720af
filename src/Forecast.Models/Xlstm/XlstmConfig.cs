using System.Text.Json;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>Sizes of an xLSTM stack, by the keys of the published package.</summary>
internal sealed record XlstmConfig
{
    private const int Multiple = 64;

    public int Width { get; init; } = 64;

    public int Blocks { get; init; } = 2;

    /// <summary>Places of the sLSTM blocks; the others are mLSTM blocks.</summary>
    public IReadOnlySet<int> SlstmAt { get; init; } = new HashSet<int>();

    public bool PostNorm { get; init; } = true;

    public int SlstmHeads { get; init; } = 4;

    /// <summary>Steps that the convolution before the sLSTM gates sees; 0 = there is none.</summary>
    public int SlstmConvolution { get; init; } = 4;

    /// <summary>Width of the feed-forward layers of sLSTM blocks over that of the stack; null = there are none.</summary>
    public double? FeedForwardFactor { get; init; } = 1.3;

    public string Activation { get; init; } = "gelu";

    public int MlstmHeads { get; init; } = 4;

    public int MlstmConvolution { get; init; } = 4;

    /// <summary>Width of the blocks in which queries, keys and values are mapped.</summary>
    public int MapBlock { get; init; } = 4;

    public double MlstmFactor { get; init; } = 2;

    /// <summary>Tokens of a language model; 0 = a stack alone.</summary>
    public int Vocabulary { get; init; }

    public bool TiedHead { get; init; }

    /// <summary>Width inside mLSTM blocks.</summary>
    public int InnerWidth => (int)Math.Ceiling(Width * MlstmFactor / Multiple) * Multiple;

    /// <exception cref="Forecast.Core.ForecastException">A key has a value that cannot be, or one that is not built here.</exception>
    public static XlstmConfig Read(JsonElement json, string source)
    {
        var keys = new ConfigKeys(json, source, "xlstm-config");
        var none = new XlstmConfig();
        var (slstm, mlstm) = (keys.Has("slstm") ? keys.Inner("slstm") : null, keys.Has("mlstm") ? keys.Inner("mlstm") : null);
        var forward = keys.Has("feedforward") ? keys.Inner("feedforward") : null;
        var blocks = keys.Count("num_blocks", 1);
        if (keys.Flag("bias", false) || (mlstm?.Flag("bias", false) ?? false)) throw keys.Wrong("bias", "is true; linear maps with biases are not built here");
        var at = slstm is null ? [] : mlstm is null ? Enumerable.Range(0, blocks).ToHashSet() : Places(keys, blocks);
        var config = new XlstmConfig
        {
            Width = keys.Count("embedding_dim"),
            Blocks = blocks,
            SlstmAt = at,
            PostNorm = keys.Flag("add_post_blocks_norm", true),
            SlstmHeads = slstm?.Count("num_heads", none.SlstmHeads) ?? none.SlstmHeads,
            SlstmConvolution = slstm?.Count("conv1d_kernel_size", none.SlstmConvolution, least: 0) ?? none.SlstmConvolution,
            FeedForwardFactor = forward?.Number("proj_factor", none.FeedForwardFactor!.Value),
            Activation = forward?.Text("act_fn", none.Activation) ?? none.Activation,
            MlstmHeads = mlstm?.Count("num_heads", none.MlstmHeads) ?? none.MlstmHeads,
            MlstmConvolution = mlstm?.Count("conv1d_kernel_size", none.MlstmConvolution) ?? none.MlstmConvolution,
            MapBlock = mlstm?.Count("qkv_proj_blocksize", none.MapBlock) ?? none.MapBlock,
            MlstmFactor = mlstm?.Number("proj_factor", none.MlstmFactor) ?? none.MlstmFactor,
            Vocabulary = keys.Count("vocab_size", 0, least: 0),
            TiedHead = keys.Flag("tie_weights", false),
        };
        if (config.Width % config.SlstmHeads != 0) throw keys.Wrong("embedding_dim", $"is {config.Width}, which {config.SlstmHeads} heads do not divide");
        if (config.InnerWidth % config.MlstmHeads != 0 || config.InnerWidth % config.MapBlock != 0)
            throw keys.Wrong("mlstm", $"leads to a width of {config.InnerWidth}, which its heads or map blocks do not divide");
        _ = ActivationOf(config.Activation, keys);
        return config;
    }

    public static Func<Tensor, Tensor> ActivationOf(string name, ConfigKeys? keys = null) => name switch
    {
        "gelu" => x => nn.functional.gelu(x),
        "relu" => x => x.relu(),
        "relu^2" => x => x.relu().square(),
        "sigmoid" => x => x.sigmoid(),
        "swish" => x => nn.functional.silu(x),
        _ => throw (keys ?? new ConfigKeys(default, "feedforward", "xlstm-config")).Wrong("act_fn", $"is '{name}'; known are gelu, relu, relu^2, sigmoid, swish"),
    };

    private static HashSet<int> Places(ConfigKeys keys, int blocks)
    {
        var places = keys.Numbers("slstm_at") ?? [];
        return places.All(p => p >= 0 && p < blocks && p % 1 == 0) ? [.. places.Select(p => (int)p)] : throw keys.Wrong("slstm_at", $"names blocks outside 0 to {blocks - 1}");
    }
}
