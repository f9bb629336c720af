using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Sizes of a stack of mixer layers.</summary>
/// <param name="Width">d, features of a patch.</param>
/// <param name="Patches">P.</param>
/// <param name="Channels">Channels that are mixed; null = none are.</param>
/// <param name="Layers">Layers, or layers a level.</param>
/// <param name="Levels">Levels of adaptive patching; 0 = none.</param>
internal sealed record TtmBlockShape(int Width, int Patches, int? Channels, int Layers, int Levels);

/// <summary>
/// A stack of mixer layers over [B, C, P, d]. With adaptive patching each level looks at shorter, narrower patches than the next: level
/// i views [P, d] as [P 2^i, d / 2^i], and the last one is level 0.
/// </summary>
internal sealed class TtmBlock : nn.Module<Tensor, Tensor>
{
    private const int Narrowest = 4;

    private readonly nn.Module<Tensor, Tensor>[] _mixers;

    public TtmBlock(TtmConfig config, TtmBlockShape shape, string place)
        : base(nameof(TtmBlock))
    {
        _mixers = shape.Levels == 0
            ? [.. Enumerable.Range(0, shape.Layers).Select(i => new TtmLayer(config, shape, $"{place} {i}"))]
            : [.. Enumerable.Range(0, shape.Levels).Select(i => new TtmLevel(config, shape, shape.Levels - 1 - i, $"{place} {i}"))];
        register_module("mixers", nn.ModuleList(_mixers));
    }

    /// <summary>The output of the first layer or level, for those who look.</summary>
    public Tensor Run(Tensor input, Action<Tensor>? watchFirst)
    {
        var x = input;
        for (var i = 0; i < _mixers.Length; i++)
        {
            x = _mixers[i].call(x);
            if (i == 0) watchFirst?.Invoke(x);
        }

        return x;
    }

    public override Tensor forward(Tensor input) => Run(input, null);

    /// <summary>2^level, or 1 where that would leave a patch no more than 4 features.</summary>
    internal static int Factor(int level, int width) => width >> level <= Narrowest ? 1 : 1 << level;

    /// <summary>Channel, patch and feature mixer, each where there is something to mix.</summary>
    private sealed class TtmLayer : nn.Module<Tensor, Tensor>
    {
        private readonly TtmChannelMixer? _channels;
        private readonly TtmPatchMixer? _patches;
        private readonly TtmFeatureMixer _features;

        public TtmLayer(TtmConfig config, TtmBlockShape shape, string place)
            : base(nameof(TtmLayer))
        {
            if (shape.Patches > 1) register_module("patch_mixer", _patches = new TtmPatchMixer(config, shape.Width, shape.Patches, place));
            register_module("feature_mixer", _features = new TtmFeatureMixer(config, shape.Width, place));
            if (shape.Channels is { } channels) register_module("channel_feature_mixer", _channels = new TtmChannelMixer(config, shape.Width, channels, place));
        }

        public override Tensor forward(Tensor input)
        {
            var x = _channels is null ? input : _channels.call(input);
            if (_patches is not null) x = _patches.call(x);
            return _features.call(x);
        }
    }

    private sealed class TtmLevel : nn.Module<Tensor, Tensor>
    {
        private readonly TtmLayer[] _layers;
        private readonly int _factor;

        public TtmLevel(TtmConfig config, TtmBlockShape shape, int level, string place)
            : base(nameof(TtmLevel))
        {
            _factor = Factor(level, shape.Width);
            var narrow = shape with { Width = shape.Width / _factor, Patches = shape.Patches * _factor };
            _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new TtmLayer(config, narrow, $"{place} {i}"))];
            register_module("mixer_layers", nn.ModuleList(_layers));
        }

        public override Tensor forward(Tensor input)
        {
            var shape = input.shape;
            var x = input.reshape(shape[0], shape[1], shape[2] * _factor, shape[3] / _factor);
            foreach (var layer in _layers) x = layer.call(x);
            return x.reshape(shape);
        }
    }
}
