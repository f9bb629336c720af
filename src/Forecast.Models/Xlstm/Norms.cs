using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>x / sqrt(mean(x^2) + eps) * weight over the last axis.</summary>
internal sealed class RootMeanSquareNorm : nn.Module<Tensor, Tensor>
{
    public const double Eps = 1e-6;

    private readonly Parameter _weight;
    private readonly double _eps;

    public RootMeanSquareNorm(long width, double eps = Eps)
        : base(nameof(RootMeanSquareNorm))
    {
        _eps = eps;
        _weight = new Parameter(ones(width));
        register_parameter("weight", _weight);
    }

    public Tensor Weight => _weight;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input * (input.square().mean([-1], keepdim: true) + _eps).rsqrt() * _weight).MoveToOuterDisposeScope();
    }
}

/// <summary>Mean 0 and variance 1 within each head (or, with one head, over the whole width), times 1 + weight.</summary>
internal sealed class OffsetNorm : nn.Module<Tensor, Tensor>
{
    public const double Eps = 1e-5;

    private readonly Parameter _weight;
    private readonly long _heads;
    private readonly double _eps;

    public OffsetNorm(long width, long heads = 1, double eps = Eps)
        : base(nameof(OffsetNorm))
    {
        (_heads, _eps) = (heads, eps);
        _weight = new Parameter(zeros(width));
        register_parameter("weight", _weight);
    }

    /// <summary>[width]: what the norm is multiplied by, less 1.</summary>
    public Tensor Weight => _weight;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var units = shape[^1] / _heads;
        var normed = nn.functional.layer_norm(input.reshape([.. shape[..^1], _heads, units]), [units], eps: _eps);
        return (normed.reshape(shape) * (1 + _weight)).MoveToOuterDisposeScope();
    }
}
