using System.Text.Json;
using Forecast.Core;

namespace Forecast.Models.Ttm;

/// <summary>How inputs are brought to a common unit.</summary>
public enum TtmScaling
{
    None,

    /// <summary>(x - mean) / deviation.</summary>
    Std,

    /// <summary>x / mean |x|.</summary>
    Mean,
}

/// <summary>What the network was trained on.</summary>
public enum TtmLossKind
{
    SquaredError,
    AbsoluteError,
    Huber,
    Pinball,
}

/// <summary>
/// The published <c>config.json</c> of a Tiny Time Mixer (<c>model_type</c> "tinytimemixer"), with the defaults of the published
/// configuration class. Keys that only serve training elsewhere or can be derived are not read.
/// </summary>
public sealed record TtmConfig
{
    private const int Most = 1 << 20;

    /// <summary>L, rows that the network reads.</summary>
    public int ContextLength { get; init; } = 64;

    /// <summary>p, rows of a patch.</summary>
    public int PatchLength { get; init; } = 8;

    /// <summary>s, rows from one patch to the next.</summary>
    public int PatchStride { get; init; } = 8;

    /// <summary>Channels; matters only where channels are mixed.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>H, rows that the head gives.</summary>
    public int PredictionLength { get; init; } = 16;

    /// <summary>Rows that are kept of them; null = all.</summary>
    public int? FilterLength { get; init; }

    /// <summary>Channels that are predicted; null = all but the exogenous ones.</summary>
    public IReadOnlyList<int>? PredictedChannels { get; init; }

    /// <summary>Channels whose future is known.</summary>
    public IReadOnlyList<int> ExogenousChannels { get; init; } = [];

    /// <summary>d, width of the encoder.</summary>
    public int Width { get; init; } = 16;

    /// <summary>e: hidden layers are this many times wider than the mixed axis.</summary>
    public int Expansion { get; init; } = 2;

    /// <summary>Mixer layers of the encoder, or of each of its levels.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>A, levels of adaptive patching; 0 = none.</summary>
    public int Levels { get; init; }

    public int DecoderWidth { get; init; } = 8;

    public int DecoderLayers { get; init; } = 8;

    public int DecoderLevels { get; init; }

    /// <summary>Whether the scaled patches enter the decoder, too.</summary>
    public bool RawResidual { get; init; }

    public bool UseDecoder { get; init; } = true;

    /// <summary>Whether the encoder mixes channels.</summary>
    public bool MixChannels { get; init; }

    /// <summary>Whether the decoder mixes channels.</summary>
    public bool DecoderMixesChannels { get; init; }

    public bool Gated { get; init; } = true;

    public bool BatchNorm { get; init; }

    public double NormEps { get; init; } = 1e-5;

    public bool SelfAttention { get; init; }

    public int AttentionHeads { get; init; } = 1;

    public bool Positions { get; init; }

    /// <summary>Whether the table of positions is trained ("random") or fixed ("sincos").</summary>
    public bool TrainedPositions { get; init; }

    /// <summary>Whether a patch that stands for the frequency comes first.</summary>
    public bool FrequencyPrefix { get; init; }

    public int FrequencyVocabulary { get; init; } = 5;

    public double Dropout { get; init; } = 0.2;

    public double HeadDropout { get; init; } = 0.2;

    public TtmScaling Scaling { get; init; } = TtmScaling.Std;

    public TtmLossKind Loss { get; init; }

    public double HuberDelta { get; init; } = 1;

    public double Quantile { get; init; } = 0.5;

    /// <summary>Values that each static category can take.</summary>
    public IReadOnlyList<int> Categories { get; init; } = [];

    /// <summary>Whether forecasts are mixed over channels at the end.</summary>
    public bool ForecastMixing { get; init; }

    /// <summary>c: the mixing sees c steps before and after each.</summary>
    public int ForecastMixingContext { get; init; } = 1;

    public bool ForecastMixingGated { get; init; } = true;

    public bool ForecastMixingMixer { get; init; }

    public int ForecastMixingLayers { get; init; } = 2;

    /// <summary>Whether the last rows of the past stand before the first step; zeros if not.</summary>
    public bool ForecastMixingPast { get; init; } = true;

    /// <summary>Rows at the end of the past that are passed over for it.</summary>
    public int ForecastMixingOffset { get; init; }

    /// <summary>The variant that reads the horizon as a masked part of its input.</summary>
    public bool MaskedPrediction { get; init; }

    /// <summary>Rows that the encoder reads.</summary>
    public int InputLength => ContextLength + (MaskedPrediction ? PredictionLength : 0);

    /// <summary>Patches cut from the input.</summary>
    public int Patches => ((InputLength - PatchLength) / PatchStride) + 1;

    /// <summary>Patches of all later sizes.</summary>
    public int Tokens => Patches + (FrequencyPrefix ? 1 : 0);

    /// <summary>Rows of the forecast.</summary>
    public int Horizon => FilterLength ?? PredictionLength;

    /// <summary>Predicted channels, ascending.</summary>
    public IReadOnlyList<int> Predicted => [.. (PredictedChannels ?? Enumerable.Range(0, Channels).Except(ExogenousChannels)).Order()];

    /// <param name="json">The object of <c>config.json</c>, or the like of it.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="ForecastException">No configuration of this network, or one that contradicts itself: names the key.</exception>
    public static TtmConfig Read(JsonElement json, string source)
    {
        var keys = new TtmConfigReader(json, source);
        if (keys.Text("model_type", "tinytimemixer") is var type && type is not "tinytimemixer")
            throw keys.Wrong("model_type", $"is '{type}', not 'tinytimemixer': these are no weights of a Tiny Time Mixer");
        if (!keys.IsNone("multi_quantile_heads")) throw keys.Wrong("multi_quantile_heads", "is given; networks with several heads are not read");
        var none = new TtmConfig();
        var config = new TtmConfig
        {
            ContextLength = keys.Count("context_length", none.ContextLength),
            PatchLength = keys.Count("patch_length", none.PatchLength),
            PatchStride = keys.Count("patch_stride", none.PatchStride),
            Channels = keys.Count("num_input_channels", none.Channels),
            PredictionLength = keys.Count("prediction_length", none.PredictionLength),
            FilterLength = keys.CountOrNone("prediction_filter_length"),
            PredictedChannels = keys.Numbers("prediction_channel_indices"),
            ExogenousChannels = keys.Numbers("exogenous_channel_indices") ?? [],
            Width = keys.Count("d_model", none.Width),
            Expansion = keys.Count("expansion_factor", none.Expansion),
            Layers = keys.Count("num_layers", none.Layers),
            Levels = Math.Max(0, keys.Count("adaptive_patching_levels", 0, least: -1)),
            DecoderWidth = keys.Count("decoder_d_model", none.DecoderWidth),
            DecoderLayers = keys.Count("decoder_num_layers", none.DecoderLayers),
            DecoderLevels = Math.Max(0, keys.Count("decoder_adaptive_patching_levels", 0, least: -1)),
            RawResidual = keys.Flag("decoder_raw_residual", false),
            UseDecoder = keys.Flag("use_decoder", true),
            MixChannels = keys.Choice("mode", 0, "common_channel", "mix_channel") == 1,
            DecoderMixesChannels = keys.Choice("decoder_mode", 0, "common_channel", "mix_channel") == 1,
            Gated = keys.Flag("gated_attn", true),
            BatchNorm = keys.Text("norm_mlp", "LayerNorm").Contains("batch", StringComparison.OrdinalIgnoreCase),
            NormEps = keys.Number("norm_eps", none.NormEps),
            SelfAttention = keys.Flag("self_attn", false),
            AttentionHeads = keys.Count("self_attn_heads", 1),
            Positions = keys.Flag("use_positional_encoding", false),
            TrainedPositions = keys.Choice("positional_encoding_type", 0, "sincos", "random") == 1,
            FrequencyPrefix = keys.Flag("resolution_prefix_tuning", false),
            FrequencyVocabulary = keys.Count("frequency_token_vocab_size", none.FrequencyVocabulary),
            Dropout = keys.Number("dropout", none.Dropout),
            HeadDropout = keys.Number("head_dropout", none.HeadDropout),
            Scaling = keys.Scaling("scaling"),
            Loss = (TtmLossKind)keys.Choice("loss", 0, "mse", "mae", "huber", "pinball"),
            HuberDelta = keys.Number("huber_delta", none.HuberDelta),
            Quantile = keys.Number("quantile", none.Quantile),
            Categories = keys.Numbers("categorical_vocab_size_list") ?? [],
            ForecastMixing = keys.Flag("enable_forecast_channel_mixing", false),
            ForecastMixingContext = keys.Count("fcm_context_length", 1),
            ForecastMixingGated = keys.Flag("fcm_gated_attn", true),
            ForecastMixingMixer = keys.Flag("fcm_use_mixer", none.ForecastMixingMixer),
            ForecastMixingLayers = keys.Count("fcm_mix_layers", none.ForecastMixingLayers),
            ForecastMixingPast = keys.Flag("fcm_prepend_past", true),
            ForecastMixingOffset = keys.CountOrNone("fcm_prepend_past_offset", least: 0) ?? 0,
            MaskedPrediction = keys.Masked(),
        };
        return config.Checked(keys);
    }

    private TtmConfig Checked(TtmConfigReader keys)
    {
        if (PatchLength > ContextLength) throw keys.Wrong("patch_length", $"is {PatchLength}, more than the context of {ContextLength}");
        if (FilterLength > PredictionLength) throw keys.Wrong("prediction_filter_length", $"is {FilterLength}, more than the {PredictionLength} rows predicted");
        foreach (var channel in (PredictedChannels ?? []).Concat(ExogenousChannels))
        {
            if (channel < 0 || channel >= Channels) throw keys.Wrong("prediction_channel_indices", $"or exogenous_channel_indices names channel {channel} of {Channels}");
        }

        if (Predicted.Count == 0) throw keys.Wrong("exogenous_channel_indices", "leaves no channel to predict");
        if (SelfAttention && Width % AttentionHeads != 0) throw keys.Wrong("self_attn_heads", $"is {AttentionHeads}, which does not divide the width of {Width}");
        Divides("adaptive_patching_levels", Levels, Width);
        if (UseDecoder) Divides("decoder_adaptive_patching_levels", DecoderLevels, DecoderWidth);
        if ((long)Tokens * Math.Max(Width, DecoderWidth) > Most * 64L) throw keys.Wrong("context_length", $"gives {Tokens} patches of width {Width}, more than is read here");
        return this;

        void Divides(string key, int levels, int width)
        {
            for (var level = 0; level < levels; level++)
            {
                if (level > 20 || width % TtmBlock.Factor(level, width) != 0) throw keys.Wrong(key, $"is {levels}, but a width of {width} cannot be halved so often");
            }
        }
    }
}
