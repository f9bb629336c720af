using Forecast.Core;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Told of an intermediate result by its name; the tensor lives only until the call returns.</summary>
internal delegate void TtmWatch(string name, Tensor value);

/// <summary>What a Tiny Time Mixer reads.</summary>
/// <param name="Past">[B, at least L, C]; the last L rows count.</param>
internal sealed record TtmInput(Tensor Past)
{
    /// <summary>[B, as Past, C], 1 = observed; null = all are.</summary>
    public Tensor? Observed { get; init; }

    /// <summary>[B, H, C]; only exogenous channels are read.</summary>
    public Tensor? Future { get; init; }

    /// <summary>[B], int64; with a frequency prefix.</summary>
    public Tensor? Frequency { get; init; }

    /// <summary>[B, categories].</summary>
    public Tensor? Categories { get; init; }
}

/// <summary>What it gives, in the unit of its input.</summary>
/// <param name="Forecast">[B, horizon, predicted channels].</param>
/// <param name="Features">[B, C, T, width]: what the head read.</param>
/// <param name="Loc">[B, 1, predicted channels].</param>
/// <param name="Scale">[B, 1, predicted channels].</param>
internal sealed record TtmOutput(Tensor Forecast, Tensor Features, Tensor Loc, Tensor Scale);

/// <summary>
/// Tiny Time Mixer (Ekambaram et al. 2024): series in units of their own, cut into patches, mixed along patches, features and, where
/// wanted, channels; parameters have the names of the published files. See the folder's README.
/// </summary>
internal sealed class TtmNetwork : nn.Module
{
    private readonly TtmEncoder _encoder;
    private readonly TtmDecoder? _decoder;
    private readonly TtmHead _head;

    public TtmNetwork(TtmConfig config)
        : base(nameof(TtmNetwork))
    {
        Config = config;
        register_module("backbone", new Named(_encoder = new TtmEncoder(config)));
        if (config.UseDecoder) register_module("decoder", _decoder = new TtmDecoder(config));
        register_module("head", _head = new TtmHead(config));
    }

    public TtmConfig Config { get; }

    /// <exception cref="ForecastException">Sizes are not those of the configuration.</exception>
    public TtmOutput Run(TtmInput input, TtmWatch? watch = null)
    {
        using var scope = NewDisposeScope();
        Check(input);
        var (past, observed) = Context(input);
        var (loc, scale) = TtmScaler.Of(Config.Scaling, past, observed);
        var scaled = (past - loc) / scale;
        watch?.Invoke("scaled", scaled);
        var used = ((Config.Patches - 1) * Config.PatchStride) + Config.PatchLength;
        var patches = scaled.transpose(1, 2).narrow(2, Config.InputLength - used, used).unfold(2, Config.PatchLength, Config.PatchStride);
        watch?.Invoke("patches", patches);
        var features = _encoder.Run(patches, input.Frequency, watch);
        watch?.Invoke("backbone_hidden_state", features);
        if (_decoder is not null)
        {
            features = _decoder.Run(features, patches, input.Categories, watch);
            watch?.Invoke("decoder_hidden_state", features);
        }

        var forecast = _head.Run(features, past, input.Future, watch);
        var (l, s) = (_head.Pick(loc), _head.Pick(scale));
        watch?.Invoke("loc", l);
        watch?.Invoke("scale", s);
        return new TtmOutput(
            ((forecast * s) + l).MoveToOuterDisposeScope(), features.MoveToOuterDisposeScope(), l.MoveToOuterDisposeScope(), s.MoveToOuterDisposeScope());
    }

    /// <summary>The predicted channels and rows of a future [B, at least the horizon, C].</summary>
    public Tensor Targets(Tensor future) => _head.Pick(future).narrow(1, 0, Config.Horizon);

    /// <summary>The last L rows, and with masked prediction the horizon behind them: hidden, save for what is known of it.</summary>
    private (Tensor Past, Tensor Observed) Context(TtmInput input)
    {
        var skip = input.Past.shape[1] - Config.ContextLength;
        var past = input.Past.narrow(1, skip, Config.ContextLength);
        var observed = input.Observed?.narrow(1, skip, Config.ContextLength).to(past.dtype) ?? ones_like(past);
        if (!Config.MaskedPrediction) return (past, observed);
        var hidden = zeros([past.shape[0], Config.PredictionLength, past.shape[2]], past.dtype, past.device);
        var seen = zeros_like(hidden);
        foreach (var channel in Config.ExogenousChannels)
        {
            hidden.select(2, channel).copy_(input.Future!.narrow(1, 0, Config.PredictionLength).select(2, channel));
            seen.select(2, channel).fill_((TorchSharp.Scalar)1);
        }

        return (cat([past, hidden], 1), cat([observed, seen], 1));
    }

    private void Check(TtmInput input)
    {
        if (input.Past.dim() != 3) throw Wrong($"past values have {input.Past.dim()} axes; [batch, time, channel] is wanted");
        var (rows, channels) = (input.Past.shape[1], input.Past.shape[2]);
        if (rows < Config.ContextLength) throw Wrong($"past values have {rows} rows; the network reads {Config.ContextLength}");
        var mixes = Config.MixChannels || (Config.DecoderMixesChannels && Config.UseDecoder) || Config.ForecastMixing || Config.ExogenousChannels.Count > 0 || Config.PredictedChannels is not null;
        if (mixes && channels != Config.Channels) throw Wrong($"past values have {channels} channels; the network mixes {Config.Channels}");
        if (Config.FrequencyPrefix && input.Frequency is null) throw Wrong("the network wants the frequency's number");
        if (Config.Categories.Count > 0 && input.Categories is null) throw Wrong($"the network wants {Config.Categories.Count} static categories");
        if (Config.ExogenousChannels.Count > 0 && (input.Future is null || input.Future.shape[1] < Config.Horizon)) throw Wrong("the network wants the future of its exogenous channels");
    }

    private static ForecastException Wrong(string what) => new("ttm-input", $"ttm: {what}");

    /// <summary>The level of names that published files have here.</summary>
    private sealed class Named : nn.Module
    {
        public Named(TtmEncoder encoder)
            : base(nameof(Named)) => register_module("encoder", encoder);
    }
}
