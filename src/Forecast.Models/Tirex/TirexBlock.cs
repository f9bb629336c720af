using Forecast.Models.Xlstm;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>Told of an intermediate result by its name; the tensor lives only until the call returns.</summary>
internal delegate void TirexWatch(string name, Tensor value);

/// <summary>x + sLSTM(norm(x)), then x + FFN(norm(x)), over [B, patches, d].</summary>
internal sealed class TirexBlock : nn.Module
{
    /// <summary>Published: greater forget pre-activations change nothing in single precision.</summary>
    public const double ForgetCap = 15;

    private readonly RootMeanSquareNorm _normSlstm;
    private readonly SlstmLayer _slstm;
    private readonly RootMeanSquareNorm _normFeedForward;
    private readonly GatedFeedForward _feedForward;

    public TirexBlock(long width, long heads, double feedForwardFactor)
        : base(nameof(TirexBlock))
    {
        register_module("norm_slstm", _normSlstm = new RootMeanSquareNorm(width));
        register_module("slstm_layer", _slstm = new SlstmLayer(width, heads, SlstmLayout.InputMajor, ForgetCap));
        register_module("norm_ffn", _normFeedForward = new RootMeanSquareNorm(width));
        register_module("ffn", _feedForward = new GatedFeedForward(width, feedForwardFactor));
    }

    public SlstmLayer Layer => _slstm;

    /// <summary>As a fused stack takes them; for the time of the caller's scope.</summary>
    public SlstmBlockWeights Weights() => new(
        _normSlstm.Weight, _slstm.Maps(), _slstm.Recurrent, _slstm.Bias, _slstm.Scale(), _normFeedForward.Weight, _feedForward.Gate, _feedForward.Up, _feedForward.Down);

    /// <param name="input">[B, T, d].</param>
    /// <param name="state">[4, B, d], or null at the start of a series.</param>
    /// <param name="bfloat16">Precision of the recurrence.</param>
    /// <param name="watch">Sees what happens inside.</param>
    public (Tensor Output, Tensor State) Run(Tensor input, Tensor? state, bool bfloat16, TirexWatch? watch = null)
    {
        using var scope = NewDisposeScope();
        var normed = _normSlstm.call(input);
        watch?.Invoke("block.norm_slstm", normed);
        var (mixed, after) = _slstm.Run(normed, normed, state, bfloat16, gates => watch?.Invoke("layer.gate_inputs", gates.reshape(gates.shape[0], gates.shape[1], -1)));
        watch?.Invoke("layer.output", mixed);
        var x = input + mixed;
        watch?.Invoke("block.after_slstm", x);
        x += _feedForward.call(_normFeedForward.call(x));
        return (x.MoveToOuterDisposeScope(), after.MoveToOuterDisposeScope());
    }
}
