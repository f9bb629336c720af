using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Patches [B, C, P, p] to features [B, C, T, d]: linear embedding, the frequency's patch in front, positions, mixers.</summary>
internal sealed class TtmEncoder : nn.Module
{
    private readonly Linear _patcher;
    private readonly TtmFrequency? _frequency;
    private readonly TtmPositions? _positions;
    private readonly TtmBlock _mixers;

    public TtmEncoder(TtmConfig config)
        : base(nameof(TtmEncoder))
    {
        register_module("patcher", _patcher = nn.Linear(config.PatchLength, config.Width));
        if (config.FrequencyPrefix) register_module("freq_mod", _frequency = new TtmFrequency(config));
        if (config.Positions) register_module("positional_encoder", _positions = new TtmPositions(config));
        var shape = new TtmBlockShape(config.Width, config.Tokens, config.MixChannels ? config.Channels : null, config.Layers, config.Levels);
        register_module("mlp_mixer_encoder", _mixers = new TtmBlock(config, shape, "encoder"));
    }

    /// <param name="patches">[B, C, P, p], scaled.</param>
    /// <param name="frequency">[B], int64: the frequency's number; only with a prefix.</param>
    /// <param name="watch">Told of intermediate results.</param>
    public Tensor Run(Tensor patches, Tensor? frequency, TtmWatch? watch)
    {
        var x = _patcher.call(patches);
        watch?.Invoke("patch_embedding", x);
        if (_frequency is not null)
        {
            var prefix = _frequency.call(frequency!);
            x = cat([prefix.unsqueeze(1).unsqueeze(1).expand(-1, x.shape[1], -1, -1), x], 2);
        }

        if (_positions is not null) x = _positions.call(x);
        watch?.Invoke("encoder_input", x);
        return _mixers.Run(x, watch is null ? null : first => watch("encoder_block0", first));
    }
}

/// <summary>A patch that stands for the frequency: embedding, Linear(p, (p + d) / 2), GELU, Linear(.., d).</summary>
internal sealed class TtmFrequency : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _table;
    private readonly Linear _rise;
    private readonly Linear _out;

    public TtmFrequency(TtmConfig config)
        : base(nameof(TtmFrequency))
    {
        var middle = (config.PatchLength + config.Width) / 2;
        register_module("0", _table = nn.Embedding(config.FrequencyVocabulary, config.PatchLength));
        register_module("1", _rise = nn.Linear(config.PatchLength, middle));
        register_module("3", _out = nn.Linear(middle, config.Width));
    }

    public override Tensor forward(Tensor input) => _out.call(nn.functional.gelu(_rise.call(_table.call(input))));
}

/// <summary>A stored table [T, d] that is added; trained only where the configuration says so.</summary>
internal sealed class TtmPositions : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _table;

    public TtmPositions(TtmConfig config)
        : base(nameof(TtmPositions)) =>
        register_parameter("position_enc", _table = nn.Parameter(zeros(config.Tokens, config.Width), config.TrainedPositions));

    public override Tensor forward(Tensor input) => input + _table;
}
