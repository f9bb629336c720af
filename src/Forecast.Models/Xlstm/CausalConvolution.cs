using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>A convolution of each channel by itself, over the step and those before it: y_t = bias + sum_k weight_k x_(t - K + 1 + k).</summary>
internal sealed class CausalConvolution : nn.Module
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _width;
    private readonly long _kernel;

    public CausalConvolution(long width, long kernel)
        : base(nameof(CausalConvolution))
    {
        (_width, _kernel) = (width, kernel);
        _weight = new Parameter(zeros(width, 1, kernel));
        _bias = new Parameter(zeros(width));
        register_module("conv", new Named(_weight, _bias));
    }

    /// <param name="input">[B, T, width].</param>
    /// <param name="before">[B, K, width]: the last K inputs; null = zeros.</param>
    /// <returns>[B, T, width], and the last K inputs.</returns>
    public (Tensor Output, Tensor Last) Run(Tensor input, Tensor? before)
    {
        using var scope = NewDisposeScope();
        before ??= input.new_zeros([input.shape[0], _kernel, _width]);
        var whole = cat([before, input], 1);
        var steps = input.shape[1];
        var output = nn.functional.conv1d(whole.narrow(1, 1, whole.shape[1] - 1).transpose(1, 2), _weight, _bias, groups: _width).transpose(1, 2);
        return (output.MoveToOuterDisposeScope(), whole.narrow(1, steps, _kernel).MoveToOuterDisposeScope());
    }

    /// <summary>The level of names that published files have here.</summary>
    private sealed class Named : nn.Module
    {
        public Named(Parameter weight, Parameter bias)
            : base(nameof(Named))
        {
            register_parameter("weight", weight);
            register_parameter("bias", bias);
        }
    }
}
