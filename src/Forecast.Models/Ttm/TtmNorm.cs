using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Normalises features [B, C, P, d]: LayerNorm over d, or batch normalisation of each feature over series, channels and patches.</summary>
internal sealed class TtmNorm : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm? _layer;
    private readonly BatchNorm1d? _batch;

    public TtmNorm(TtmConfig config, int width)
        : base(nameof(TtmNorm))
    {
        if (config.BatchNorm)
        {
            _batch = nn.BatchNorm1d(width, config.NormEps);
            register_module("norm", new Named(_batch));
        }
        else
        {
            _layer = nn.LayerNorm(width, config.NormEps);
            register_module("norm", _layer);
        }
    }

    public override Tensor forward(Tensor input)
    {
        if (_layer is not null) return _layer.call(input);
        var shape = input.shape;
        return _batch!.call(input.reshape(-1, shape[^1])).reshape(shape);
    }

    /// <summary>The level of names that published files have here.</summary>
    private sealed class Named : nn.Module
    {
        public Named(BatchNorm1d inner)
            : base(nameof(Named)) => register_module("batchnorm", inner);
    }
}
