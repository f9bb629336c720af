using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>The Llama family (Touvron et al. 2023): x + attention(norm(x)), x + down(silu(gate(norm(x))) * up(norm(x))), rotary positions.</summary>
internal sealed class Llama : LanguageModel
{
    private readonly LlamaConfig _config;
    private readonly RotaryPositions _positions;
    private readonly LoadedTable _embedding;
    private readonly Block[] _blocks;
    private readonly LlamaNorm _norm;
    private readonly LoadedLinear? _head;

    /// <param name="config">Its sizes.</param>
    /// <param name="type">Of its weights and of what it computes.</param>
    public Llama(LlamaConfig config, ScalarType type = ScalarType.Float32)
        : base(nameof(Llama))
    {
        _config = config;
        _positions = new RotaryPositions(config.HeadWidth, config.Theta, config.Scaling);
        _embedding = new LoadedTable(config.Vocabulary, config.Width, type);
        _blocks = [.. Enumerable.Range(0, config.Blocks).Select(i => new Block(config, i, type))];
        _norm = new LlamaNorm(config.Width, config.NormEps, type);
        register_module("model", new Body(_embedding, _blocks, _norm));
        if (!config.TiedHead) register_module("lm_head", _head = new LoadedLinear(config.Width, config.Vocabulary, bias: false, type));
    }

    public override int Width => _config.Width;

    public override int Vocabulary => _config.Vocabulary;

    public override int LongestContext => _config.LongestContext;

    public override int Blocks => _config.Blocks;

    public override Tensor Embed(Tensor tokens) => _embedding.call(tokens);

    public override Tensor Logits(Tensor hidden) => _head is null ? nn.functional.linear(hidden, _embedding.Weight) : _head.call(hidden);

    private protected override Tensor Run(Tensor embeddings, Tensor positions, AttentionMask mask, KeyValueCache? cache, LanguageWatch? watch)
    {
        var wave = _positions.At(positions, embeddings, (cache?.Length ?? 0) + embeddings.shape[1]);
        var x = embeddings;
        watch?.Invoke("embeddings", x);
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Run(x, wave, mask, cache);
            watch?.Invoke($"after_block{i}", x);
        }

        return _norm.call(x);
    }

    private sealed class Body : nn.Module
    {
        public Body(LoadedTable embedding, Block[] blocks, LlamaNorm norm)
            : base(nameof(Body))
        {
            register_module("embed_tokens", embedding);
            register_module("layers", nn.ModuleList(blocks));
            register_module("norm", norm);
        }
    }

    private sealed class Block : nn.Module
    {
        private readonly LlamaNorm _norm;
        private readonly SelfAttention _attention;
        private readonly LlamaNorm _innerNorm;
        private readonly FeedForward _forward;

        public Block(LlamaConfig config, int number, ScalarType type)
            : base(nameof(Block))
        {
            register_module("self_attn", _attention = new SelfAttention(config, number, type));
            register_module("mlp", _forward = new FeedForward(config, type));
            register_module("input_layernorm", _norm = new LlamaNorm(config.Width, config.NormEps, type));
            register_module("post_attention_layernorm", _innerNorm = new LlamaNorm(config.Width, config.NormEps, type));
        }

        public Tensor Run(Tensor input, (Tensor Cosine, Tensor Sine) wave, AttentionMask mask, KeyValueCache? cache)
        {
            using var scope = NewDisposeScope();
            var x = input + _attention.Run(_norm.call(input), wave, mask, cache);
            return (x + _forward.call(_innerNorm.call(x))).MoveToOuterDisposeScope();
        }
    }

    private sealed class SelfAttention : nn.Module
    {
        private readonly LlamaConfig _config;
        private readonly int _number;
        private readonly LoadedLinear _query;
        private readonly LoadedLinear _key;
        private readonly LoadedLinear _value;
        private readonly LoadedLinear _output;

        public SelfAttention(LlamaConfig config, int number, ScalarType type)
            : base(nameof(SelfAttention))
        {
            (_config, _number) = (config, number);
            var (all, shared) = ((long)config.Heads * config.HeadWidth, (long)config.Groups * config.HeadWidth);
            register_module("q_proj", _query = new LoadedLinear(config.Width, all, config.QueryBias, type));
            register_module("k_proj", _key = new LoadedLinear(config.Width, shared, config.QueryBias, type));
            register_module("v_proj", _value = new LoadedLinear(config.Width, shared, config.QueryBias, type));
            register_module("o_proj", _output = new LoadedLinear(all, config.Width, config.OutputBias, type));
        }

        public Tensor Run(Tensor x, (Tensor Cosine, Tensor Sine) wave, AttentionMask mask, KeyValueCache? cache)
        {
            var queries = RotaryPositions.Turn(Attention.Split(_query.call(x), _config.Heads), wave);
            var keys = RotaryPositions.Turn(Attention.Split(_key.call(x), _config.Groups), wave);
            var values = Attention.Split(_value.call(x), _config.Groups);
            if (cache is not null) (keys, values) = cache.Append(_number, keys, values);
            return _output.call(Attention.Run(queries, keys, values, mask));
        }
    }

    private sealed class FeedForward : nn.Module<Tensor, Tensor>
    {
        private readonly LoadedLinear _gate;
        private readonly LoadedLinear _up;
        private readonly LoadedLinear _down;

        public FeedForward(LlamaConfig config, ScalarType type)
            : base(nameof(FeedForward))
        {
            register_module("gate_proj", _gate = new LoadedLinear(config.Width, config.InnerWidth, config.InnerBias, type));
            register_module("up_proj", _up = new LoadedLinear(config.Width, config.InnerWidth, config.InnerBias, type));
            register_module("down_proj", _down = new LoadedLinear(config.InnerWidth, config.Width, config.InnerBias, type));
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return _down.call(nn.functional.silu(_gate.call(input)) * _up.call(input)).MoveToOuterDisposeScope();
        }
    }
}
