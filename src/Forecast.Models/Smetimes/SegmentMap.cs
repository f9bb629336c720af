using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>From one width to another through a few layers: linear, activation, dropout, ..., linear. Places in <c>layers</c> are the authors' own.</summary>
internal sealed class SegmentMap : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] _layers;
    private readonly SmetimesConfig _config;

    public SegmentMap(long inputs, long outputs, SmetimesConfig config)
        : base(nameof(SegmentMap))
    {
        _config = config;
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => nn.Linear(i == 0 ? inputs : config.Hidden, i == config.Layers - 1 ? outputs : config.Hidden))];

        // Activation and dropout take two places behind each linear map.
        register_module("layers", new Places(_layers));
    }

    public override Tensor forward(Tensor input)
    {
        var x = _layers[0].call(input);
        foreach (var layer in _layers.AsSpan(1))
        {
            x = _config.Activation switch { "relu" => x.relu(), "gelu" => nn.functional.gelu(x), _ => x.tanh() };
            x = layer.call(nn.functional.dropout(x, _config.Dropout, training));
        }

        return x;
    }

    private sealed class Places : nn.Module
    {
        private const int Step = 3;

        public Places(Linear[] layers)
            : base(nameof(Places))
        {
            for (var i = 0; i < layers.Length; i++) register_module(FormattableString.Invariant($"{i * Step}"), layers[i]);
        }
    }
}
