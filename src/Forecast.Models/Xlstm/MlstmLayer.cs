using Forecast.Models.Engine;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>
/// (x, z) = up(input); q and k from silu(conv(x)), v from x, in small blocks; the gates from all three; the mLSTM recurrence; a norm per
/// head; (h + skip * silu(conv(x))) * silu(z); down.
/// </summary>
internal sealed class MlstmLayer : nn.Module
{
    private const int Chunk = 64;

    private readonly Linear _up;
    private readonly CausalConvolution _convolution;
    private readonly HeadwiseMap _query;
    private readonly HeadwiseMap _key;
    private readonly HeadwiseMap _value;
    private readonly Cell _cell;
    private readonly Parameter _skip;
    private readonly Linear _down;

    public MlstmLayer(XlstmConfig config)
        : base(nameof(MlstmLayer))
    {
        long inner = config.InnerWidth;
        register_module("proj_up", _up = nn.Linear(config.Width, 2 * inner, hasBias: false));
        register_module("conv1d", _convolution = new CausalConvolution(inner, config.MlstmConvolution));
        register_module("q_proj", _query = new HeadwiseMap(inner / config.MapBlock, inner));
        register_module("k_proj", _key = new HeadwiseMap(inner / config.MapBlock, inner));
        register_module("v_proj", _value = new HeadwiseMap(inner / config.MapBlock, inner));
        register_module("mlstm_cell", _cell = new Cell(inner, config.MlstmHeads));
        register_parameter("learnable_skip", _skip = new Parameter(ones(inner)));
        register_module("proj_down", _down = nn.Linear(inner, config.Width, hasBias: false));
    }

    public (Tensor Output, XlstmState State) Run(Tensor input, XlstmState? state, MlstmForm form, XlstmWatch? watch)
    {
        using var scope = NewDisposeScope();
        var up = _up.call(input);
        var inner = up.shape[^1] / 2;
        var (x, z) = (up.narrow(-1, 0, inner), up.narrow(-1, inner, inner));
        var (seen, last) = _convolution.Run(x, state?.Convolution);
        watch?.Invoke("conv", seen);
        seen = nn.functional.silu(seen);
        var (hidden, memory) = _cell.Run(_query.call(seen), _key.call(seen), _value.call(x), state?.Mlstm, form);
        var output = _down.call((hidden + (_skip * seen)) * nn.functional.silu(z));
        memory?.C.MoveToOuterDisposeScope();
        memory?.N.MoveToOuterDisposeScope();
        memory?.M.MoveToOuterDisposeScope();
        return (output.MoveToOuterDisposeScope(), new XlstmState { Convolution = last.MoveToOuterDisposeScope(), Mlstm = memory });
    }

    /// <summary>Gates from q, k and v together, the recurrence, and the norm per head.</summary>
    private sealed class Cell : nn.Module
    {
        private readonly Linear _input;
        private readonly Linear _forget;
        private readonly OffsetNorm _norm;
        private readonly long _heads;

        public Cell(long inner, long heads)
            : base(nameof(Cell))
        {
            _heads = heads;
            register_module("igate", _input = nn.Linear(3 * inner, heads));
            register_module("fgate", _forget = nn.Linear(3 * inner, heads));
            register_module("outnorm", _norm = new OffsetNorm(inner, heads));
        }

        public (Tensor Hidden, MlstmState? State) Run(Tensor q, Tensor k, Tensor v, MlstmState? state, MlstmForm form)
        {
            var gates = cat([q, k, v], -1);
            Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
            var input = new MlstmInput(Heads(q), Heads(k), Heads(v), _input.call(gates).transpose(1, 2), _forget.call(gates).transpose(1, 2));
            var (hidden, after) = form switch
            {
                MlstmForm.Parallel when state is null => (MlstmCell.Parallel(input), (MlstmState?)null),
                MlstmForm.Recurrent => MlstmCell.Recurrent(input, state),
                _ => TensorEngine.Current.Mlstm(input, state, Chunk),
            };
            return (_norm.call(hidden.transpose(1, 2).reshape(q.shape)), after);
        }
    }
}
