using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>OPT (Zhang et al. 2022): learned positions from the third row of their table on, rectified feed-forward layers, norms in front or behind.</summary>
internal sealed class Opt : LanguageModel
{
    private const int FirstPosition = 2;
    private const double NormEps = 1e-5;

    private readonly OptConfig _config;
    private readonly Decoder _decoder;

    /// <param name="config">Its sizes.</param>
    /// <param name="type">Of its weights and of what it computes.</param>
    public Opt(OptConfig config, ScalarType type = ScalarType.Float32)
        : base(nameof(Opt))
    {
        _config = config;
        register_module("model", new Body(_decoder = new Decoder(config, type)));
    }

    public override int Width => _config.EmbeddingWidth;

    public override int Vocabulary => _config.Vocabulary;

    public override int LongestContext => _config.LongestContext;

    public override int Blocks => _config.Blocks;

    public override Tensor Embed(Tensor tokens) => _decoder.Tokens.call(tokens);

    public override Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, _decoder.Tokens.Weight);

    /// <summary>Positions count what may be looked at; a padded place has the row before the first.</summary>
    private protected override Tensor Positions(Tensor? mask, long past, Tensor embeddings)
    {
        if (mask is null) return base.Positions(mask, past, embeddings);
        var seen = mask.to(ScalarType.Int64);
        return ((seen.cumsum(1) * seen) - 1).narrow(1, past, embeddings.shape[1]);
    }

    private protected override Tensor Run(Tensor embeddings, Tensor positions, AttentionMask mask, KeyValueCache? cache, LanguageWatch? watch) =>
        _decoder.Run(embeddings, positions + FirstPosition, mask, cache, watch);

    private sealed class Body : nn.Module
    {
        public Body(Decoder decoder)
            : base(nameof(Body))
        {
            register_module("decoder", decoder);
        }
    }

    private sealed class Decoder : nn.Module
    {
        private readonly LoadedTable _positions;
        private readonly Block[] _blocks;
        private readonly LoadedLayerNorm? _norm;
        private readonly LoadedLinear? _in;
        private readonly LoadedLinear? _out;

        public Decoder(OptConfig config, ScalarType type)
            : base(nameof(Decoder))
        {
            register_module("embed_tokens", Tokens = new LoadedTable(config.Vocabulary, config.EmbeddingWidth, type));
            register_module("embed_positions", _positions = new LoadedTable(config.LongestContext + FirstPosition, config.Width, type));
            if (config.EmbeddingWidth != config.Width)
            {
                register_module("project_in", _in = new LoadedLinear(config.EmbeddingWidth, config.Width, bias: false, type));
                register_module("project_out", _out = new LoadedLinear(config.Width, config.EmbeddingWidth, bias: false, type));
            }

            _blocks = [.. Enumerable.Range(0, config.Blocks).Select(i => new Block(config, i, type))];
            register_module("layers", nn.ModuleList(_blocks));
            if (config.LastNorm) register_module("final_layer_norm", _norm = new LoadedLayerNorm(config.Width, NormEps, type));
        }

        public LoadedTable Tokens { get; }

        public Tensor Run(Tensor embeddings, Tensor positions, AttentionMask mask, KeyValueCache? cache, LanguageWatch? watch)
        {
            var x = (_in is null ? embeddings : _in.call(embeddings)) + _positions.call(positions);
            watch?.Invoke("embeddings", x);
            for (var i = 0; i < _blocks.Length; i++)
            {
                x = _blocks[i].Run(x, mask, cache);
                watch?.Invoke($"after_block{i}", x);
            }

            if (_norm is not null) x = _norm.call(x);
            return _out is null ? x : _out.call(x);
        }
    }

    private sealed class Block : nn.Module
    {
        private readonly bool _front;
        private readonly SelfAttention _attention;
        private readonly LoadedLayerNorm _norm;
        private readonly LoadedLinear _up;
        private readonly LoadedLinear _down;
        private readonly LoadedLayerNorm _innerNorm;

        public Block(OptConfig config, int number, ScalarType type)
            : base(nameof(Block))
        {
            _front = config.NormsInFront;
            register_module("self_attn", _attention = new SelfAttention(config, number, type));
            register_module("self_attn_layer_norm", _norm = new LoadedLayerNorm(config.Width, NormEps, type));
            register_module("fc1", _up = new LoadedLinear(config.Width, config.InnerWidth, bias: true, type));
            register_module("fc2", _down = new LoadedLinear(config.InnerWidth, config.Width, bias: true, type));
            register_module("final_layer_norm", _innerNorm = new LoadedLayerNorm(config.Width, NormEps, type));
        }

        public Tensor Run(Tensor input, AttentionMask mask, KeyValueCache? cache)
        {
            using var scope = NewDisposeScope();
            var x = Around(input, _norm, y => _attention.Run(y, mask, cache));
            return Around(x, _innerNorm, y => _down.call(_up.call(y).relu())).MoveToOuterDisposeScope();
        }

        private Tensor Around(Tensor x, LoadedLayerNorm norm, Func<Tensor, Tensor> inner) => _front ? x + inner(norm.call(x)) : norm.call(x + inner(x));
    }

    private sealed class SelfAttention : nn.Module
    {
        private readonly int _heads;
        private readonly int _number;
        private readonly LoadedLinear _query;
        private readonly LoadedLinear _key;
        private readonly LoadedLinear _value;
        private readonly LoadedLinear _output;

        public SelfAttention(OptConfig config, int number, ScalarType type)
            : base(nameof(SelfAttention))
        {
            (_heads, _number) = (config.Heads, number);
            register_module("q_proj", _query = new LoadedLinear(config.Width, config.Width, bias: true, type));
            register_module("k_proj", _key = new LoadedLinear(config.Width, config.Width, bias: true, type));
            register_module("v_proj", _value = new LoadedLinear(config.Width, config.Width, bias: true, type));
            register_module("out_proj", _output = new LoadedLinear(config.Width, config.Width, bias: true, type));
        }

        public Tensor Run(Tensor x, AttentionMask mask, KeyValueCache? cache)
        {
            var (keys, values) = (Attention.Split(_key.call(x), _heads), Attention.Split(_value.call(x), _heads));
            if (cache is not null) (keys, values) = cache.Append(_number, keys, values);
            return _output.call(Attention.Run(Attention.Split(_query.call(x), _heads), keys, values, mask));
        }
    }
}
