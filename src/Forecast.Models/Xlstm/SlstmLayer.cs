using Forecast.Models.Engine;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>How the published files lay the recurrent kernel out.</summary>
internal enum SlstmLayout
{
    /// <summary>Kernel [H, in, 4 out], bias [H, 4, out] (TiRex).</summary>
    InputMajor,

    /// <summary>Kernel [H, 4 out, in], bias [4, H, out] (the xLSTM package on a processor).</summary>
    OutputMajor,
}

/// <summary>
/// Four head-wise maps of the input, the sLSTM recurrence on them, and a norm per head. The maps stand in the order fgate, igate,
/// zgate, ogate while the recurrence reads input, forget, candidate, output: the map named <c>fgate</c> feeds the input gate. Published
/// weights were trained so.
/// </summary>
internal sealed class SlstmLayer : nn.Module
{
    private readonly HeadwiseMap[] _maps;
    private readonly Cell _cell;
    private readonly OffsetNorm _norm;
    private readonly long _heads;
    private readonly double _cap;
    private Tensor? _stacked;
    private Tensor? _packed;

    /// <param name="width">H D.</param>
    /// <param name="heads">H, which divides it.</param>
    /// <param name="layout">Of the recurrent kernel and bias.</param>
    /// <param name="forgetCap">Greatest forget pre-activation.</param>
    /// <param name="convolution">Steps of the convolution that stands before the first two maps; 0 = there is none.</param>
    public SlstmLayer(long width, long heads, SlstmLayout layout, double forgetCap, int convolution = 0)
        : base(nameof(SlstmLayer))
    {
        (_heads, _cap) = (heads, forgetCap);
        if (convolution > 0) register_module("conv1d", Convolution = new CausalConvolution(width, convolution));
        string[] names = ["fgate", "igate", "zgate", "ogate"];
        _maps = [.. names.Select(_ => new HeadwiseMap(heads, width))];
        for (var i = 0; i < names.Length; i++) register_module(names[i], _maps[i]);
        register_module("slstm_cell", _cell = new Cell(heads, width / heads, layout));
        register_module("group_norm", _norm = new OffsetNorm(width, heads));
    }

    /// <summary>What the caller applies, with SiLU, to the input of the first two maps; null = nothing.</summary>
    public CausalConvolution? Convolution { get; }

    /// <summary>[H, D, 4 D].</summary>
    public Tensor Recurrent => _cell.Kernel();

    /// <summary>[4 H D], by head, gate and unit.</summary>
    public Tensor Bias => _cell.Bias();

    /// <summary>[H, D, 4 D]: from a head's inputs to its gates, side by side.</summary>
    public Tensor Maps() => cat([.. _maps.Select(m => m.Weight.transpose(1, 2))], 2);

    /// <summary>[H D]: what the norm per head is multiplied by.</summary>
    public Tensor Scale() => 1 + _norm.Weight;

    /// <summary>Lays the weights out for the recurrence once and for all: for networks whose weights no longer change.</summary>
    public void Freeze()
    {
        using var frozen = no_grad();
        _stacked?.Dispose();
        _packed?.Dispose();
        _stacked = Maps().DetachFromDisposeScope();
        _packed = TensorEngine.Current.PackSlstm(Recurrent)?.DetachFromDisposeScope();
    }

    /// <summary>What the inputs give each gate.</summary>
    /// <param name="gated">[B, T, H D]: read by the first two maps.</param>
    /// <param name="plain">[B, T, H D]: read by the other two; often the same tensor.</param>
    /// <returns>[B, T, 4, H, D].</returns>
    public Tensor GateInputs(Tensor gated, Tensor plain)
    {
        using var scope = NewDisposeScope();
        var (batch, steps) = (gated.shape[0], gated.shape[1]);
        var weights = _stacked ?? Maps();
        var units = weights.shape[1];
        Tensor Rows(Tensor x) => x.reshape(batch * steps, _heads, units).transpose(0, 1);
        Tensor gates;
        if (ReferenceEquals(gated, plain)) gates = Rows(gated).matmul(weights);
        else gates = cat([Rows(gated).matmul(weights.narrow(2, 0, 2 * units)), Rows(plain).matmul(weights.narrow(2, 2 * units, 2 * units))], 2);
        return gates.view(_heads, batch, steps, 4, units).permute(1, 2, 3, 0, 4).MoveToOuterDisposeScope();
    }

    /// <summary>The recurrence on gate inputs [B, T, 4, H, D].</summary>
    public SlstmOutput Recur(Tensor gates, Tensor? state, bool bfloat16) =>
        TensorEngine.Current.Slstm(new SlstmInput(gates, Recurrent, Bias) { State = state, ForgetCap = _cap, BFloat16 = bfloat16, Packed = _packed });

    /// <summary>The layer's output [B, T, H D] for hidden states of the same shape.</summary>
    public Tensor Finish(Tensor hidden) => _norm.call(hidden);

    /// <summary>All of it.</summary>
    public (Tensor Output, Tensor State) Run(Tensor gated, Tensor plain, Tensor? state = null, bool bfloat16 = false, Action<Tensor>? watchGates = null)
    {
        using var scope = NewDisposeScope();
        var gates = GateInputs(gated, plain);
        watchGates?.Invoke(gates);
        var output = Recur(gates, state, bfloat16);
        return (Finish(output.Hidden).MoveToOuterDisposeScope(), output.State.MoveToOuterDisposeScope());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stacked?.Dispose();
            _packed?.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Cell : nn.Module
    {
        private readonly Parameter _kernel;
        private readonly Parameter _bias;
        private readonly SlstmLayout _layout;
        private readonly long _heads;
        private readonly long _units;

        public Cell(long heads, long units, SlstmLayout layout)
            : base(nameof(Cell))
        {
            (_heads, _units, _layout) = (heads, units, layout);
            _kernel = new Parameter(layout == SlstmLayout.InputMajor ? zeros(heads, units, 4 * units) : zeros(heads, 4 * units, units));
            _bias = new Parameter(zeros(heads * 4 * units));
            register_parameter("_recurrent_kernel_", _kernel);
            register_parameter("_bias_", _bias);
        }

        public Tensor Kernel() => _layout == SlstmLayout.InputMajor ? _kernel : _kernel.transpose(1, 2);

        public Tensor Bias() => _layout == SlstmLayout.InputMajor ? _bias : _bias.view(4, _heads, _units).transpose(0, 1).reshape(-1);
    }
}
