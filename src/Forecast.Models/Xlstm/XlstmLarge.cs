using System.Text.Json;
using Forecast.Models.Engine;
using Forecast.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>Sizes of the xLSTM-large form.</summary>
internal sealed record XlstmLargeConfig(int Width, int Heads, int Blocks, int Vocabulary, double QueryFactor, double ValueFactor, double FeedForwardFactor, double GateCap, double LogitCap)
{
    /// <exception cref="Forecast.Core.ForecastException">A key has a value that cannot be.</exception>
    public static XlstmLargeConfig Read(JsonElement json, string source)
    {
        var keys = new ConfigKeys(json, source, "xlstm-config");
        if (keys.Text("weight_mode", "single") is var mode && mode is not "single") throw keys.Wrong("weight_mode", $"is '{mode}'; only 'single' is built here");
        if (keys.Flag("use_bias", false)) throw keys.Wrong("use_bias", "is true; linear maps with biases are not built here");
        var config = new XlstmLargeConfig(
            keys.Count("embedding_dim"), keys.Count("num_heads"), keys.Count("num_blocks"), keys.Count("vocab_size"), keys.Number("qk_dim_factor", 0.5), keys.Number("v_dim_factor", 1),
            keys.Number("ffn_proj_factor", 2.667), keys.Number("gate_soft_cap", 15), keys.Number("output_logit_soft_cap", 30));
        return config.QueryWidth % config.Heads == 0 && config.ValueWidth % config.Heads == 0 ? config : throw keys.Wrong("num_heads", $"is {config.Heads}, which does not divide the widths");
    }

    public long QueryWidth => (long)(Width * QueryFactor);

    public long ValueWidth => (long)(Width * ValueFactor);
}

/// <summary>The xLSTM-large form (Beck et al. 2025, xLSTM 7B): mLSTM blocks without convolution, soft-capped gates, gated feed-forward layers.</summary>
internal sealed class XlstmLarge : nn.Module
{
    private readonly XlstmLargeConfig _config;
    private readonly Embedding _embedding;
    private readonly XlstmLargeStack _stack;
    private readonly Linear _head;

    public XlstmLarge(XlstmLargeConfig config)
        : base(nameof(XlstmLarge))
    {
        _config = config;
        register_module("embedding", _embedding = nn.Embedding(config.Vocabulary, config.Width));
        register_module("backbone", _stack = new XlstmLargeStack(config));
        register_module("lm_head", _head = nn.Linear(config.Width, config.Vocabulary, hasBias: false));
    }

    /// <param name="tokens">[B, T], int64.</param>
    /// <param name="states">Of each block; null = the start.</param>
    /// <param name="form">How the recurrence is worked out.</param>
    /// <returns>Logits [B, T, vocabulary].</returns>
    public (Tensor Logits, MlstmState[] States) Run(Tensor tokens, IReadOnlyList<MlstmState>? states, MlstmForm form)
    {
        var (x, after) = _stack.Run(_embedding.call(tokens), states, form);
        return (SoftCap(_head.call(x), _config.LogitCap), after);
    }

    /// <summary>c tanh(x / c).</summary>
    internal static Tensor SoftCap(Tensor x, double cap) => (x / cap).tanh() * cap;
}

/// <summary>The blocks of the xLSTM-large form and the norm after them, over [B, T, d].</summary>
internal sealed class XlstmLargeStack : nn.Module
{
    private readonly Block[] _blocks;
    private readonly RootMeanSquareNorm _norm;

    public XlstmLargeStack(XlstmLargeConfig config)
        : base(nameof(XlstmLargeStack))
    {
        _blocks = [.. Enumerable.Range(0, config.Blocks).Select(_ => new Block(config))];
        register_module("blocks", nn.ModuleList(_blocks));
        register_module("out_norm", _norm = new RootMeanSquareNorm(config.Width));
    }

    /// <param name="input">[B, T, d].</param>
    /// <param name="states">Of each block; null = the start.</param>
    /// <param name="form">How the recurrence is worked out.</param>
    public (Tensor Output, MlstmState[] States) Run(Tensor input, IReadOnlyList<MlstmState>? states, MlstmForm form)
    {
        var x = input;
        var after = new MlstmState[_blocks.Length];
        for (var i = 0; i < _blocks.Length; i++) (x, after[i]) = _blocks[i].Run(x, states?[i], form);
        return (_norm.call(x), after);
    }

    private sealed class Block : nn.Module
    {
        private readonly RootMeanSquareNorm _norm;
        private readonly Layer _layer;
        private readonly RootMeanSquareNorm _feedForwardNorm;
        private readonly GatedFeedForward _feedForward;

        public Block(XlstmLargeConfig config)
            : base(nameof(Block))
        {
            register_module("norm_mlstm", _norm = new RootMeanSquareNorm(config.Width));
            register_module("mlstm_layer", _layer = new Layer(config));
            register_module("norm_ffn", _feedForwardNorm = new RootMeanSquareNorm(config.Width));
            register_module("ffn", _feedForward = new GatedFeedForward(config.Width, config.FeedForwardFactor));
        }

        public (Tensor Output, MlstmState State) Run(Tensor input, MlstmState? state, MlstmForm form)
        {
            var (mixed, after) = _layer.Run(_norm.call(input), state, form);
            var x = input + mixed;
            return (x + _feedForward.call(_feedForwardNorm.call(x)), after);
        }
    }

    private sealed class Layer : nn.Module
    {
        private const int Chunk = 64;
        private const double NormEps = 1e-6;

        private readonly XlstmLargeConfig _config;
        private readonly Linear _query;
        private readonly Linear _key;
        private readonly Linear _value;
        private readonly Linear _output;
        private readonly Linear _input;
        private readonly Linear _forget;
        private readonly HeadNorm _norm;
        private readonly Linear _down;

        public Layer(XlstmLargeConfig config)
            : base(nameof(Layer))
        {
            _config = config;
            register_module("q", _query = nn.Linear(config.Width, config.QueryWidth, hasBias: false));
            register_module("k", _key = nn.Linear(config.Width, config.QueryWidth, hasBias: false));
            register_module("v", _value = nn.Linear(config.Width, config.ValueWidth, hasBias: false));
            register_module("ogate_preact", _output = nn.Linear(config.Width, config.ValueWidth, hasBias: false));
            register_module("igate_preact", _input = nn.Linear(config.Width, config.Heads));
            register_module("fgate_preact", _forget = nn.Linear(config.Width, config.Heads));
            register_module("multihead_norm", _norm = new HeadNorm(config.ValueWidth, config.Heads, NormEps));
            register_module("out_proj", _down = nn.Linear(config.ValueWidth, config.Width, hasBias: false));
        }

        public (Tensor Output, MlstmState State) Run(Tensor x, MlstmState? state, MlstmForm form)
        {
            Tensor Heads(Tensor y) => y.view(y.shape[0], y.shape[1], _config.Heads, -1).transpose(1, 2);
            Tensor Gate(Linear map) => XlstmLarge.SoftCap(map.call(x), _config.GateCap).transpose(1, 2);
            var input = new MlstmInput(Heads(_query.call(x)), Heads(_key.call(x)), Heads(_value.call(x)), Gate(_input), Gate(_forget));
            var (hidden, after) = form == MlstmForm.Recurrent ? MlstmCell.Recurrent(input, state) : TensorEngine.Current.Mlstm(input, state, Chunk);
            var normed = _norm.call(hidden.transpose(1, 2).reshape(x.shape[0], x.shape[1], -1));
            return (_down.call(_output.call(x).sigmoid() * normed), after);
        }
    }

    /// <summary>Mean 0 and variance 1 within each head, times the weight as it is stored.</summary>
    private sealed class HeadNorm : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _weight;
        private readonly long _heads;
        private readonly double _eps;

        public HeadNorm(long width, long heads, double eps)
            : base(nameof(HeadNorm))
        {
            (_heads, _eps) = (heads, eps);
            register_parameter("weight", _weight = new Parameter(ones(width)));
        }

        public override Tensor forward(Tensor input)
        {
            var shape = input.shape;
            var units = shape[^1] / _heads;
            return nn.functional.layer_norm(input.reshape([.. shape[..^1], _heads, units]), [units], eps: _eps).reshape(shape) * _weight;
        }
    }
}
