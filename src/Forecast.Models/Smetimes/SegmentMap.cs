using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>From one width to another through a few layers: linear, activation, dropout, ..., linear. Places in <c>layers</c> are the authors' own.</summary>
internal sealed class SegmentMap : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] _layers;
    private readonly SeededDropout[] _dropouts;
    private readonly SmetimesConfig _config;

    /// <param name="inputs">Width that comes in.</param>
    /// <param name="outputs">Width that goes out.</param>
    /// <param name="config">Layers, width between them, activation, dropout.</param>
    /// <param name="place">Tells its dropouts from those of the network's other map.</param>
    public SegmentMap(long inputs, long outputs, SmetimesConfig config, string place)
        : base(nameof(SegmentMap))
    {
        _config = config;
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => nn.Linear(i == 0 ? inputs : config.Hidden, i == config.Layers - 1 ? outputs : config.Hidden))];

        // Activation and dropout take two places behind each linear map.
        _dropouts = [.. Enumerable.Range(0, config.Layers - 1).Select(i => new SeededDropout(config.Dropout, FormattableString.Invariant($"{place} {i}")))];
        register_module("layers", new Places(_layers, _dropouts));
    }

    public override Tensor forward(Tensor input)
    {
        var x = _layers[0].call(input);
        for (var i = 1; i < _layers.Length; i++)
        {
            x = _config.Activation switch { "relu" => x.relu(), "gelu" => nn.functional.gelu(x), _ => x.tanh() };
            x = _layers[i].call(_dropouts[i - 1].call(x));
        }

        return x;
    }

    private sealed class Places : nn.Module
    {
        private const int Step = 3;

        public Places(Linear[] layers, SeededDropout[] dropouts)
            : base(nameof(Places))
        {
            for (var i = 0; i < layers.Length; i++) register_module(FormattableString.Invariant($"{i * Step}"), layers[i]);
            for (var i = 0; i < dropouts.Length; i++) register_module(FormattableString.Invariant($"{(i * Step) + Step - 1}"), dropouts[i]);
        }
    }
}
