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

    /// <summary>The parameter's name for a name in a file.</summary>
    public static string ParameterName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    /// <summary>A parameter's name as the published checkpoint writes it.</summary>
    public static string PublishedName(string name) => name.StartsWith("blocks.", StringComparison.Ordinal) || name.StartsWith("out_norm.", StringComparison.Ordinal) ? Prefix + name : name;

    /// <summary>Prepares weights that no longer change.</summary>
    public void Freeze()
    {
        foreach (var block in _blocks) block.Layer.Freeze();
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

    /// <summary>output(relu(hidden(x))) + residual(x).</summary>
    private sealed class ResidualMap : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _hidden;
        private readonly Linear _output;
        private readonly Linear _residual;

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
            return (_output.call(_hidden.call(input).relu()) + _residual.call(input)).MoveToOuterDisposeScope();
        }
    }
}
