using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>A stack of sLSTM and mLSTM blocks with the names of the published package.</summary>
internal sealed class XlstmStack : nn.Module
{
    private readonly XlstmBlock[] _blocks;
    private readonly OffsetNorm? _norm;

    public XlstmStack(XlstmConfig config)
        : base(nameof(XlstmStack))
    {
        _blocks = [.. Enumerable.Range(0, config.Blocks).Select(i => new XlstmBlock(config, config.SlstmAt.Contains(i)))];
        register_module("blocks", nn.ModuleList(_blocks));
        if (config.PostNorm) register_module("post_blocks_norm", _norm = new OffsetNorm(config.Width));
    }

    public IReadOnlyList<XlstmBlock> Blocks => _blocks;

    /// <param name="input">[B, T, d].</param>
    /// <param name="states">Of each block after the step before; null = the start of a series.</param>
    /// <param name="form">How mLSTM blocks work.</param>
    /// <param name="watch">Sees <c>blockN_...</c>.</param>
    public (Tensor Output, XlstmState[] States) Run(Tensor input, IReadOnlyList<XlstmState>? states, MlstmForm form, XlstmWatch? watch = null)
    {
        var x = input;
        var after = new XlstmState[_blocks.Length];
        for (var i = 0; i < _blocks.Length; i++)
        {
            var place = $"block{i}";
            (x, after[i]) = _blocks[i].Run(x, states?[i], form, watch is null ? null : (name, value) => watch($"{place}_{name}", value));
            watch?.Invoke(place, x);
        }

        return (_norm is null ? x : _norm.call(x), after);
    }
}

/// <summary>A language model on an xLSTM stack.</summary>
internal sealed class XlstmLanguageModel : nn.Module
{
    private readonly Embedding _embedding;
    private readonly XlstmStack _stack;
    private readonly Linear? _head;

    public XlstmLanguageModel(XlstmConfig config)
        : base(nameof(XlstmLanguageModel))
    {
        register_module("xlstm_block_stack", _stack = new XlstmStack(config));
        register_module("token_embedding", _embedding = nn.Embedding(config.Vocabulary, config.Width));
        if (!config.TiedHead) register_module("lm_head", _head = nn.Linear(config.Width, config.Vocabulary, hasBias: false));
    }

    /// <param name="tokens">[B, T], int64.</param>
    /// <param name="states">Of each block; null = the start.</param>
    /// <param name="form">How mLSTM blocks work.</param>
    /// <param name="watch">Sees what happens inside.</param>
    /// <returns>Logits [B, T, vocabulary].</returns>
    public (Tensor Logits, XlstmState[] States) Run(Tensor tokens, IReadOnlyList<XlstmState>? states, MlstmForm form, XlstmWatch? watch = null)
    {
        var (x, after) = _stack.Run(_embedding.call(tokens), states, form, watch);
        return (_head is null ? x.matmul(_embedding.weight!.transpose(0, 1)) : _head.call(x), after);
    }
}
