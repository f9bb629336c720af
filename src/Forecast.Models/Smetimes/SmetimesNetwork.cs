using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>
/// What SMETimes (Fan et al. 2025) trains around a frozen language model f of width d. A window of S segments of n rows is put to mean 0 and
/// variance 1, each segment becomes a token,
/// e_s = encoder(segment s), t_s = a e_s + (1 - a) p_s with a = sigmoid(fusion_gate) and p_s the embedding of the segment's prompt,
/// h = f(t), m_s = sum_k softmax(gate(h_s))_k E_k h_s, and decoder(m_s) is the forecast of segment s + 1.
/// </summary>
internal sealed class SmetimesNetwork : nn.Module
{
    private const double VarianceFloor = 1e-5;

    private readonly SmetimesConfig _config;
    private readonly nn.Module<Tensor, Tensor> _encoder;
    private readonly nn.Module<Tensor, Tensor> _decoder;
    private readonly Linear? _gate;
    private readonly Linear[] _experts;
    private readonly Parameter _fusion;

    /// <param name="config">Sizes.</param>
    /// <param name="attention">Whether it has one layer of attention of its own, to stand where the language model stands.</param>
    public SmetimesNetwork(SmetimesConfig config, bool attention = false)
        : base(nameof(SmetimesNetwork))
    {
        _config = config;
        register_parameter("fusion_gate", _fusion = new Parameter(zeros([])));
        _experts = [.. Enumerable.Range(0, config.Experts).Select(_ => nn.Linear(config.Width, config.Width, hasBias: false))];
        if (config.Experts > 0)
        {
            register_module("experts", nn.ModuleList(_experts));
            register_module("gate", _gate = nn.Linear(config.Width, config.Experts));
        }

        register_module("encoder", _encoder = Map(config.Segment, config.Width, "encoder"));
        register_module("decoder", _decoder = Map(config.Width, config.Segment, "decoder"));
        if (attention) register_module("attention", Attention = new CausalLayer(config.Width));
    }

    /// <summary>Null where a language model is meant to be used.</summary>
    public CausalLayer? Attention { get; }

    /// <summary>Sees <c>segments</c>, <c>segment_embedding</c>, <c>llm_output</c>, <c>gate_logits</c>, <c>moe_output</c>, <c>decoder_output</c>.</summary>
    public delegate void Watch(string name, Tensor value);

    /// <param name="window">[B, S n], complete.</param>
    /// <param name="prompts">[B, S, d]; null where the configuration mixes none in.</param>
    /// <param name="backbone">The language model: [B, S, d] to [B, S, d], causal.</param>
    /// <param name="watch">Sees what happens inside.</param>
    /// <returns>[B, S n]: row t is the forecast of row t + n, in the unit of the window.</returns>
    public Tensor Run(Tensor window, Tensor? prompts, Func<Tensor, Tensor> backbone, Watch? watch = null)
    {
        if (_config.Prompts != prompts is not null) throw new ArgumentException("prompts must be given where the network mixes them in, and nowhere else", nameof(prompts));
        using var scope = NewDisposeScope();
        var mean = window.mean([1], keepdim: true).detach();
        var centred = window - mean;
        var deviation = (centred.square().mean([1], keepdim: true) + VarianceFloor).sqrt().detach();
        var segments = (centred / deviation).reshape(window.shape[0], -1, _config.Segment);
        watch?.Invoke("segments", segments);
        var tokens = _encoder.call(segments);
        watch?.Invoke("segment_embedding", tokens);
        if (prompts is not null)
        {
            var share = _fusion.sigmoid();
            tokens = (share * tokens) + ((1 - share) * prompts);
        }

        var hidden = backbone(tokens).reshape(-1, _config.Width);
        watch?.Invoke("llm_output", hidden);
        var mixed = (_gate is null ? hidden : Mix(_gate, hidden, watch)).reshape(tokens.shape);
        watch?.Invoke("moe_output", mixed);
        var decoded = _decoder.call(mixed);
        watch?.Invoke("decoder_output", decoded);
        return ((decoded.reshape(window.shape) * deviation) + mean).MoveToOuterDisposeScope();
    }

    /// <summary>Forecasts one segment after another, each appended to the window while the first one leaves it.</summary>
    /// <param name="window">[B, S n].</param>
    /// <param name="prompts">[B, S, d], or null.</param>
    /// <param name="horizon">Rows to forecast.</param>
    /// <param name="backbone">The language model.</param>
    /// <param name="promptOf">Embedding [B, 1, d] of a forecast segment [B, n]; null where prompts is.</param>
    /// <returns>[B, horizon].</returns>
    public Tensor RollOut(Tensor window, Tensor? prompts, long horizon, Func<Tensor, Tensor> backbone, Func<int, Tensor, Tensor>? promptOf)
    {
        using var scope = NewDisposeScope();
        var length = window.shape[1];
        var parts = new List<Tensor>();
        for (var done = 0L; done < horizon; done += _config.Segment)
        {
            var next = Run(window, prompts, backbone).narrow(1, length - _config.Segment, _config.Segment);
            parts.Add(next);
            window = cat([window.narrow(1, _config.Segment, length - _config.Segment), next], 1);
            if (prompts is not null) prompts = cat([prompts.narrow(1, 1, prompts.shape[1] - 1), promptOf!(parts.Count - 1, next)], 1);
        }

        return cat(parts, 1).narrow(1, 0, horizon).MoveToOuterDisposeScope();
    }

    /// <summary>Each position through all experts, weighted by its gate.</summary>
    private Tensor Mix(Linear gate, Tensor hidden, Watch? watch)
    {
        var scores = gate.call(hidden);
        watch?.Invoke("gate_logits", scores);
        var weights = scores.softmax(-1);
        return _experts.Select((expert, k) => weights.narrow(1, k, 1) * expert.call(hidden)).Aggregate((a, b) => a + b);
    }

    private nn.Module<Tensor, Tensor> Map(long inputs, long outputs, string place) => _config.Layers < 2 ? nn.Linear(inputs, outputs) : new SegmentMap(inputs, outputs, _config, place);
}
