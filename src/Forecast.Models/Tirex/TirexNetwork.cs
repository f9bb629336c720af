using Forecast.Models.Engine;
using Forecast.Models.Xlstm;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>
/// TiRex (Auer et al. 2025): patches of a scaled series with marks of what was observed, a stack of sLSTM blocks, and for each patch the
/// quantiles of the next one. Parameters have the names of the published checkpoint, less its prefix <c>block_stack.</c>.
/// </summary>
internal sealed class TirexNetwork : nn.Module
{
    /// <summary>The module that reads quantiles out.</summary>
    public const string ReadOut = "output_patch_embedding";

    private const string Prefix = "block_stack.";

    private readonly ResidualMap _embedding;
    private readonly TirexBlock[] _blocks;
    private readonly RootMeanSquareNorm _norm;
    private readonly ResidualMap _head;
    private ISlstmStack? _fused;

    public TirexNetwork(TirexConfig config)
        : base(nameof(TirexNetwork))
    {
        Config = config;
        register_module("input_patch_embedding", _embedding = new ResidualMap(2 * config.Patch, config.Hidden, config.Width));
        _blocks = [.. Enumerable.Range(0, config.Blocks).Select(_ => new TirexBlock(config.Width, config.Heads, config.FeedForwardFactor))];
        register_module("blocks", nn.ModuleList(_blocks));
        register_module("out_norm", _norm = new RootMeanSquareNorm(config.Width));
        register_module(ReadOut, _head = new ResidualMap(config.Width, config.Hidden, (long)config.Patch * config.Quantiles.Count));
    }

    public TirexConfig Config { get; }

    public IReadOnlyList<TirexBlock> Blocks => _blocks;

    /// <summary>The parameter's name for a name in a file.</summary>
    public static string ParameterName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    /// <summary>A parameter's name as the published checkpoint writes it.</summary>
    public static string PublishedName(string name) => name.StartsWith("blocks.", StringComparison.Ordinal) || name.StartsWith("out_norm.", StringComparison.Ordinal) ? Prefix + name : name;

    /// <summary>
    /// Prepares weights that no longer change, in one precision: for <see cref="Features"/>. In bfloat16 on CUDA all matrix products but
    /// those of the read-out are; on the CPU the recurrence is rounded as the published cell's.
    /// </summary>
    public void Freeze(bool bfloat16)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var shape = new SlstmStackShape(Config.Heads, TirexBlock.ForgetCap, RootMeanSquareNorm.Eps, OffsetNorm.Eps, bfloat16);
        _fused = TensorEngine.Current.FuseStack(shape, [.. _blocks.Select(b => b.Weights())]);
        if (_fused is null)
        {
            foreach (var block in _blocks) block.Layer.Freeze();
        }
        else if (bfloat16)
        {
            _embedding.Freeze(ScalarType.BFloat16);
        }
    }

    /// <summary>Embedding and blocks with prepared weights, fused where the engine can.</summary>
    /// <param name="tokens">[B, P, p], scaled; NaN = not observed.</param>
    /// <param name="states">[blocks, 4, B or 1, d] to start from; null = the start of a series.</param>
    /// <param name="bfloat16">As given to <see cref="Freeze"/>.</param>
    /// <returns>[B, P, d], and the states after the last patch [blocks, 4, B, d].</returns>
    public (Tensor Output, Tensor States) Features(Tensor tokens, Tensor? states, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        var embedded = Embed(tokens);
        if (_fused is not null)
        {
            var (output, after) = _fused.Run(embedded, states);
            return (output.MoveToOuterDisposeScope(), after.MoveToOuterDisposeScope());
        }

        var batch = tokens.shape[0];
        var each = states?.expand(states.shape[0], states.shape[1], batch, states.shape[3]).unbind(0);
        var (plain, list) = Stack(embedded, each, bfloat16, keepStates: true);
        return (plain.MoveToOuterDisposeScope(), stack(list).MoveToOuterDisposeScope());
    }

    /// <summary>What the patches become before the first block.</summary>
    /// <param name="tokens">[B, P, p], scaled; NaN = not observed.</param>
    /// <returns>[B, P, d].</returns>
    public Tensor Embed(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var missing = tokens.isnan();
        return Embed(tokens.masked_fill(missing, 0), missing.logical_not().to(tokens.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>As the other, with the marks given: 1 = observed.</summary>
    public Tensor Embed(Tensor values, Tensor observed) => _embedding.call(cat([values, observed], 2));

    /// <summary>The stack of blocks.</summary>
    /// <param name="embedded">[B, P, d].</param>
    /// <param name="states">For each block [4, B, d] to start from; null = the start of a series.</param>
    /// <param name="bfloat16">Precision of the recurrences.</param>
    /// <param name="watch">Sees what happens inside.</param>
    /// <param name="keepStates">Whether the states after the last patch are wanted.</param>
    public (Tensor Output, Tensor[] States) Stack(Tensor embedded, IReadOnlyList<Tensor>? states, bool bfloat16, TirexWatch? watch = null, bool keepStates = false)
    {
        using var scope = NewDisposeScope();
        var x = embedded;
        var after = new Tensor[keepStates ? _blocks.Length : 0];
        for (var i = 0; i < _blocks.Length; i++)
        {
            var (output, state) = _blocks[i].Run(x, states?[i], bfloat16, watch is null ? null : (name, value) => watch($"{i}.{name}", value));
            if (keepStates) after[i] = state.MoveToOuterDisposeScope();
            else state.Dispose();
            if (i > 0 && !x.requires_grad) x.Dispose();
            x = output;
            watch?.Invoke($"{i}", x);
        }

        return (x.MoveToOuterDisposeScope(), after);
    }

    /// <param name="features">[B, P, d], of the last block.</param>
    /// <returns>[B, P, quantile, p]: of the patch after each.</returns>
    public Tensor Read(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _head.call(_norm.call(features)).view(features.shape[0], features.shape[1], Config.Quantiles.Count, Config.Patch).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _fused?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>output(relu(hidden(x))) + residual(x).</summary>
    private sealed class ResidualMap : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _hidden;
        private readonly Linear _output;
        private readonly Linear _residual;
        private Tensor[]? _frozen;

        public ResidualMap(long from, long hidden, long to)
            : base(nameof(ResidualMap))
        {
            register_module("hidden_layer", _hidden = nn.Linear(from, hidden));
            register_module("output_layer", _output = nn.Linear(hidden, to));
            register_module("residual_layer", _residual = nn.Linear(from, to));
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            if (_frozen is not [var hidden, var hiddenBias, var output, var outputBias, var residual, var residualBias])
                return (_output.call(_hidden.call(input).relu()) + _residual.call(input)).MoveToOuterDisposeScope();
            var given = input.to(hidden.dtype);
            var inner = nn.functional.linear(given, hidden, hiddenBias).relu_();
            return (nn.functional.linear(inner, output, outputBias) + nn.functional.linear(given, residual, residualBias)).to(input.dtype).MoveToOuterDisposeScope();
        }

        /// <summary>From now on computes in another type, with weights that no longer change.</summary>
        public void Freeze(ScalarType type) =>
            _frozen = [.. new[] { _hidden, _output, _residual }.SelectMany(map => new[] { map.weight!, map.bias! }).Select(weight => weight.detach().to(type).DetachFromDisposeScope())];

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var weight in _frozen ?? []) weight.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
