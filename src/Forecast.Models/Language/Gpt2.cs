using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>GPT-2 (Radford et al. 2019): learned positions, layer norms in front, head tied to the embeddings.</summary>
internal sealed class Gpt2 : LanguageModel
{
    private readonly Gpt2Config _config;
    private readonly LoadedTable _tokens;
    private readonly LoadedTable _positions;
    private readonly Block[] _blocks;
    private readonly LoadedLayerNorm _norm;

    /// <param name="config">Its sizes.</param>
    /// <param name="type">Of its weights and of what it computes.</param>
    public Gpt2(Gpt2Config config, ScalarType type = ScalarType.Float32)
        : base(nameof(Gpt2))
    {
        _config = config;
        register_module("wte", _tokens = new LoadedTable(config.Vocabulary, config.Width, type));
        register_module("wpe", _positions = new LoadedTable(config.LongestContext, config.Width, type));
        _blocks = [.. Enumerable.Range(0, config.Blocks).Select(i => new Block(config, i, type))];
        register_module("h", nn.ModuleList(_blocks));
        register_module("ln_f", _norm = new LoadedLayerNorm(config.Width, config.NormEps, type));
    }

    public override int Width => _config.Width;

    public override int Vocabulary => _config.Vocabulary;

    public override int LongestContext => _config.LongestContext;

    public override int Blocks => _config.Blocks;

    public override Tensor Embed(Tensor tokens) => _tokens.call(tokens);

    public override Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, _tokens.Weight);

    private protected override Tensor Run(Tensor embeddings, Tensor positions, AttentionMask mask, KeyValueCache? cache, LanguageWatch? watch)
    {
        var x = embeddings + _positions.call(positions);
        watch?.Invoke("embeddings", x);
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Run(x, mask, cache);
            watch?.Invoke($"after_block{i}", x);
        }

        return _norm.call(x);
    }

    private sealed class Block : nn.Module
    {
        private readonly LoadedLayerNorm _norm;
        private readonly SelfAttention _attention;
        private readonly LoadedLayerNorm _innerNorm;
        private readonly FeedForward _forward;

        public Block(Gpt2Config config, int number, ScalarType type)
            : base(nameof(Block))
        {
            register_module("ln_1", _norm = new LoadedLayerNorm(config.Width, config.NormEps, type));
            register_module("attn", _attention = new SelfAttention(config, number, type));
            register_module("ln_2", _innerNorm = new LoadedLayerNorm(config.Width, config.NormEps, type));
            register_module("mlp", _forward = new FeedForward(config, type));
        }

        public Tensor Run(Tensor input, AttentionMask mask, KeyValueCache? cache)
        {
            using var scope = NewDisposeScope();
            var x = input + _attention.Run(_norm.call(input), mask, cache);
            return (x + _forward.call(_innerNorm.call(x))).MoveToOuterDisposeScope();
        }
    }

    private sealed class SelfAttention : nn.Module
    {
        private readonly Gpt2Config _config;
        private readonly int _number;
        private readonly TransposedLinear _all;
        private readonly TransposedLinear _output;

        public SelfAttention(Gpt2Config config, int number, ScalarType type)
            : base(nameof(SelfAttention))
        {
            (_config, _number) = (config, number);
            register_module("c_attn", _all = new TransposedLinear(config.Width, 3L * config.Width, type));
            register_module("c_proj", _output = new TransposedLinear(config.Width, config.Width, type));
        }

        public Tensor Run(Tensor x, AttentionMask mask, KeyValueCache? cache)
        {
            var all = _all.call(x);
            Tensor Part(int which) => Attention.Split(all.narrow(-1, which * (long)_config.Width, _config.Width), _config.Heads);
            var (keys, values) = (Part(1), Part(2));
            if (cache is not null) (keys, values) = cache.Append(_number, keys, values);
            return _output.call(Attention.Run(Part(0), keys, values, mask));
        }
    }

    private sealed class FeedForward : nn.Module<Tensor, Tensor>
    {
        private readonly TransposedLinear _up;
        private readonly TransposedLinear _down;
        private readonly string _activation;

        public FeedForward(Gpt2Config config, ScalarType type)
            : base(nameof(FeedForward))
        {
            _activation = config.Activation;
            register_module("c_fc", _up = new TransposedLinear(config.Width, config.InnerWidth, type));
            register_module("c_proj", _down = new TransposedLinear(config.InnerWidth, config.Width, type));
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _up.call(input);
            x = _activation switch
            {
                "relu" => x.relu(),
                "gelu" => nn.functional.gelu(x),
                _ => nn.functional.gelu(x, GELU.Approximate.tanh),
            };
            return _down.call(x).MoveToOuterDisposeScope();
        }
    }
}
