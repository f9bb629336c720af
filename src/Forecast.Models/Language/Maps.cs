using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>
/// y = x W' + b with W [out, in]. As <c>nn.Linear</c>, but its values are left as memory had them: they are always loaded, and drawing
/// a billion random numbers first would take longer than the loading.
/// </summary>
internal sealed class LoadedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    public LoadedLinear(long inputs, long outputs, bool bias, ScalarType type)
        : base(nameof(LoadedLinear))
    {
        register_parameter("weight", _weight = new Parameter(empty([outputs, inputs], type)));
        if (bias) register_parameter("bias", _bias = new Parameter(empty([outputs], type)));
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}

/// <summary>y = x W + b with W [in, out], the layout of GPT-2's files.</summary>
internal sealed class TransposedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    public TransposedLinear(long inputs, long outputs, ScalarType type)
        : base(nameof(TransposedLinear))
    {
        register_parameter("weight", _weight = new Parameter(empty([inputs, outputs], type)));
        register_parameter("bias", _bias = new Parameter(empty([outputs], type)));
    }

    public override Tensor forward(Tensor input) => input.matmul(_weight) + _bias;
}

/// <summary>Rows of a table by their numbers, [..] int64 to [.., d]; values left as memory had them.</summary>
internal sealed class LoadedTable : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;

    public LoadedTable(long rows, long width, ScalarType type)
        : base(nameof(LoadedTable))
    {
        register_parameter("weight", _weight = new Parameter(empty([rows, width], type)));
    }

    public Parameter Weight => _weight;

    public override Tensor forward(Tensor input) => _weight.index_select(0, input.reshape(-1)).reshape([.. input.shape, _weight.shape[1]]);
}

/// <summary>Mean 0 and variance 1 over the last axis, times weight, plus bias.</summary>
internal sealed class LoadedLayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _width;
    private readonly double _eps;

    public LoadedLayerNorm(long width, double eps, ScalarType type)
        : base(nameof(LoadedLayerNorm))
    {
        (_width, _eps) = (width, eps);
        register_parameter("weight", _weight = new Parameter(ones([width], type)));
        register_parameter("bias", _bias = new Parameter(zeros([width], type)));
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, [_width], _weight, _bias, _eps);
}

/// <summary>x / sqrt(mean x^2 + eps) over the last axis in float32, back in the type of x, times weight.</summary>
internal sealed class LlamaNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly double _eps;

    public LlamaNorm(long width, double eps, ScalarType type)
        : base(nameof(LlamaNorm))
    {
        _eps = eps;
        register_parameter("weight", _weight = new Parameter(ones([width], type)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var wide = input.to(ScalarType.Float32);
        var normed = wide * (wide.square().mean([-1], keepdim: true) + _eps).rsqrt();
        return (_weight * normed.to(input.dtype)).MoveToOuterDisposeScope();
    }
}
