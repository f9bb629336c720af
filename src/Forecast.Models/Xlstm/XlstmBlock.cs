using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>Told of an intermediate result by its name; the tensor lives only until the call returns.</summary>
internal delegate void XlstmWatch(string name, Tensor value);

/// <summary>What a block carries from one step to the next.</summary>
internal sealed record XlstmState
{
    /// <summary>[B, K, width]: the last inputs of the convolution.</summary>
    public Tensor? Convolution { get; init; }

    /// <summary>[4, B, d].</summary>
    public Tensor? Slstm { get; init; }

    public MlstmState? Mlstm { get; init; }
}

/// <summary>How the mLSTM recurrence is worked out.</summary>
internal enum MlstmForm
{
    /// <summary>T x T scores; only from the start of a series, and without a state at the end.</summary>
    Parallel,
    Chunkwise,
    Recurrent,
}

/// <summary>x + layer(norm(x)), and in sLSTM blocks x + ffn(norm(x)), over [B, T, d].</summary>
internal sealed class XlstmBlock : nn.Module
{
    private readonly OffsetNorm _norm;
    private readonly MlstmLayer? _mlstm;
    private readonly SlstmLayer? _slstm;
    private readonly OffsetNorm? _feedForwardNorm;
    private readonly HalvedFeedForward? _feedForward;

    public XlstmBlock(XlstmConfig config, bool slstm)
        : base(nameof(XlstmBlock))
    {
        register_module("xlstm_norm", _norm = new OffsetNorm(config.Width));
        if (!slstm)
        {
            register_module("xlstm", _mlstm = new MlstmLayer(config));
            return;
        }

        register_module("xlstm", _slstm = new SlstmLayer(config.Width, config.SlstmHeads, SlstmLayout.OutputMajor, double.PositiveInfinity, config.SlstmConvolution));
        if (config.FeedForwardFactor is not { } factor) return;
        register_module("ffn_norm", _feedForwardNorm = new OffsetNorm(config.Width));
        register_module("ffn", _feedForward = new HalvedFeedForward(config.Width, factor, config.Activation));
    }

    public SlstmLayer? Slstm => _slstm;

    public (Tensor Output, XlstmState State) Run(Tensor input, XlstmState? state, MlstmForm form, XlstmWatch? watch = null)
    {
        using var scope = NewDisposeScope();
        var normed = _norm.call(input);
        Tensor mixed;
        XlstmState after;
        if (_mlstm is not null)
        {
            (mixed, after) = _mlstm.Run(normed, state, form, watch);
        }
        else
        {
            var (gated, last) = (normed, (Tensor?)null);
            if (_slstm!.Convolution is { } convolution)
            {
                (gated, last) = convolution.Run(normed, state?.Convolution);
                watch?.Invoke("conv", gated);
                gated = nn.functional.silu(gated);
            }

            (mixed, var own) = _slstm.Run(gated, normed, state?.Slstm);
            after = new XlstmState { Convolution = last, Slstm = own };
        }

        watch?.Invoke("cell_layer", mixed);
        var x = input + mixed;
        if (_feedForward is not null) x += _feedForward.call(_feedForwardNorm!.call(x));
        after.Convolution?.MoveToOuterDisposeScope();
        after.Slstm?.MoveToOuterDisposeScope();
        after.Mlstm?.C.MoveToOuterDisposeScope();
        after.Mlstm?.N.MoveToOuterDisposeScope();
        after.Mlstm?.M.MoveToOuterDisposeScope();
        return (x.MoveToOuterDisposeScope(), after);
    }

    /// <summary>down(act(first half of up(x)) * second half), without biases.</summary>
    private sealed class HalvedFeedForward : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _up;
        private readonly Linear _down;
        private readonly Func<Tensor, Tensor> _activation;

        public HalvedFeedForward(long width, double factor, string activation)
            : base(nameof(HalvedFeedForward))
        {
            var inner = GatedFeedForward.InnerWidth(width, factor);
            _activation = XlstmConfig.ActivationOf(activation);
            register_module("proj_up", _up = nn.Linear(width, 2 * inner, hasBias: false));
            register_module("proj_down", _down = nn.Linear(inner, width, hasBias: false));
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var up = _up.call(input);
            var inner = up.shape[^1] / 2;
            return _down.call(_activation(up.narrow(-1, 0, inner)) * up.narrow(-1, inner, inner)).MoveToOuterDisposeScope();
        }
    }
}
