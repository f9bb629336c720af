using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Linear(n, e n), GELU (exact), Linear(e n, m) over the last axis, with dropout after each.</summary>
internal sealed class TtmMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear _rise;
    private readonly Linear _fall;
    private readonly SeededDropout _first;
    private readonly SeededDropout _second;

    public TtmMlp(TtmConfig config, int size, string place)
        : base(nameof(TtmMlp))
    {
        register_module("fc1", _rise = nn.Linear(size, size * config.Expansion));
        register_module("fc2", _fall = nn.Linear(size * config.Expansion, size));
        register_module("dropout1", _first = new SeededDropout(config.Dropout, $"{place} 1"));
        register_module("dropout2", _second = new SeededDropout(config.Dropout, $"{place} 2"));
    }

    public override Tensor forward(Tensor input) => _second.call(_fall.call(_first.call(nn.functional.gelu(_rise.call(input)))));
}

/// <summary>x softmax(W x + b) over the last axis.</summary>
internal sealed class TtmGate : nn.Module<Tensor, Tensor>
{
    private readonly Linear _weights;

    public TtmGate(int size)
        : base(nameof(TtmGate)) => register_module("attn_layer", _weights = nn.Linear(size, size));

    public override Tensor forward(Tensor input) => input * nn.functional.softmax(_weights.call(input), -1);
}

/// <summary>Self-attention over the patches of each channel, several heads, no mask.</summary>
internal sealed class TtmAttention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly Linear _keys;
    private readonly Linear _values;
    private readonly Linear _queries;
    private readonly Linear _output;
    private readonly SeededDropout _dropout;

    public TtmAttention(int width, int heads, double dropout, string place)
        : base(nameof(TtmAttention))
    {
        _heads = heads;
        register_module("k_proj", _keys = nn.Linear(width, width));
        register_module("v_proj", _values = nn.Linear(width, width));
        register_module("q_proj", _queries = nn.Linear(width, width));
        register_module("out_proj", _output = nn.Linear(width, width));
        register_module("dropout", _dropout = new SeededDropout(dropout, place));
    }

    /// <param name="input">[B, C, P, d].</param>
    public override Tensor forward(Tensor input)
    {
        var shape = input.shape;
        var (rows, patches, each) = (shape[0] * shape[1], shape[2], shape[3] / _heads);
        var q = Heads(_queries.call(input) * Math.Pow(each, -0.5));
        var weights = _dropout.call(nn.functional.softmax(q.matmul(Heads(_keys.call(input)).transpose(-1, -2)), -1));
        return _output.call(weights.matmul(Heads(_values.call(input))).transpose(1, 2).reshape(shape));

        Tensor Heads(Tensor x) => x.reshape(rows, patches, _heads, each).transpose(1, 2);
    }
}

/// <summary>Mixes along patches: x + [LayerNorm of attention and] gate(MLP(norm(x)^T))^T.</summary>
internal sealed class TtmPatchMixer : nn.Module<Tensor, Tensor>
{
    private readonly TtmNorm _norm;
    private readonly TtmMlp _mlp;
    private readonly TtmGate? _gate;
    private readonly TtmAttention? _attention;
    private readonly TtmNorm? _attentionNorm;

    public TtmPatchMixer(TtmConfig config, int width, int patches, string place)
        : base(nameof(TtmPatchMixer))
    {
        register_module("norm", _norm = new TtmNorm(config, width));
        register_module("mlp", _mlp = new TtmMlp(config, patches, $"{place} patch"));
        if (config.Gated) register_module("gating_block", _gate = new TtmGate(patches));
        if (!config.SelfAttention) return;
        register_module("self_attn_layer", _attention = new TtmAttention(width, config.AttentionHeads, config.Dropout, $"{place} attention"));
        register_module("norm_attn", _attentionNorm = new TtmNorm(config, width));
    }

    public override Tensor forward(Tensor input)
    {
        var normed = _norm.call(input);
        var mixed = _mlp.call(normed.transpose(2, 3));
        if (_gate is not null) mixed = _gate.call(mixed);
        mixed = mixed.transpose(2, 3);
        if (_attention is not null) mixed = _attentionNorm!.call(mixed + _attention.call(normed));
        return input + mixed;
    }
}

/// <summary>Mixes along features: x + gate(MLP(norm(x))).</summary>
internal sealed class TtmFeatureMixer : nn.Module<Tensor, Tensor>
{
    private readonly TtmNorm _norm;
    private readonly TtmMlp _mlp;
    private readonly TtmGate? _gate;

    public TtmFeatureMixer(TtmConfig config, int width, string place)
        : base(nameof(TtmFeatureMixer))
    {
        register_module("norm", _norm = new TtmNorm(config, width));
        register_module("mlp", _mlp = new TtmMlp(config, width, $"{place} feature"));
        if (config.Gated) register_module("gating_block", _gate = new TtmGate(width));
    }

    public override Tensor forward(Tensor input)
    {
        var mixed = _mlp.call(_norm.call(input));
        return input + (_gate is null ? mixed : _gate.call(mixed));
    }
}

/// <summary>Mixes along channels: x + MLP(gate(norm(x)^T))^T; the gate comes first here.</summary>
internal sealed class TtmChannelMixer : nn.Module<Tensor, Tensor>
{
    private readonly TtmNorm _norm;
    private readonly TtmMlp _mlp;
    private readonly TtmGate? _gate;

    public TtmChannelMixer(TtmConfig config, int width, int channels, string place)
        : base(nameof(TtmChannelMixer))
    {
        register_module("norm", _norm = new TtmNorm(config, width));
        register_module("mlp", _mlp = new TtmMlp(config, channels, $"{place} channel"));
        if (config.Gated) register_module("gating_block", _gate = new TtmGate(channels));
    }

    public override Tensor forward(Tensor input)
    {
        var mixed = _norm.call(input).permute(0, 3, 2, 1);
        if (_gate is not null) mixed = _gate.call(mixed);
        return input + _mlp.call(mixed).permute(0, 3, 2, 1);
    }
}
