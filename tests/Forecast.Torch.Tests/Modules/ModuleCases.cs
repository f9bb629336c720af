using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Modules;

/// <summary>The modules of nn.json as model code would make them.</summary>
internal static class ModuleCases
{
    private static readonly Dictionary<string, Func<(nn.Module Module, Func<Tensor[], Tensor?[]> Call)>> Makers = new()
    {
        ["linear"] = () => One(nn.Linear(5, 2)),
        ["linear_no_bias"] = () => One(nn.Linear(5, 2, hasBias: false)),
        ["embedding"] = () => One(nn.Embedding(6, 3, padding_idx: 2)),
        ["embedding_max_norm"] = () => One(nn.Embedding(6, 3, max_norm: 0.25, scale_grad_by_freq: true)),
        ["conv1d"] = () => One(nn.Conv1d(3, 4, 3, padding: 1)),
        ["conv1d_unbatched"] = () => One(nn.Conv1d(3, 4, 3)),
        ["conv1d_strided"] = () => One(nn.Conv1d(3, 6, 2, stride: 2, dilation: 2, padding: 2, groups: 3, bias: false)),
        ["conv1d_same"] = () => One(nn.Conv1d(3, 4, 4, Padding.Same, dilation: 2)),
        ["conv1d_valid"] = () => One(nn.Conv1d(3, 4, 4, Padding.Valid)),
        ["conv1d_circular"] = () => One(nn.Conv1d(3, 4, 3, padding: 2, padding_mode: PaddingModes.Circular)),
        ["conv1d_reflect"] = () => One(nn.Conv1d(3, 4, 4, Padding.Same, padding_mode: PaddingModes.Reflect)),
        ["conv1d_replicate"] = () => One(nn.Conv1d(3, 4, 3, padding: 1, padding_mode: PaddingModes.Replicate)),
        ["layernorm"] = () => One(nn.LayerNorm(5)),
        ["layernorm_2"] = () => One(nn.LayerNorm([3, 5], eps: 1e-3)),
        ["layernorm_plain"] = () => One(nn.LayerNorm(5, elementwise_affine: false)),
        ["groupnorm"] = () => One(nn.GroupNorm(3, 6)),
        ["groupnorm_plain"] = () => One(nn.GroupNorm(2, 6, affine: false)),
        ["batchnorm1d"] = () => One(nn.BatchNorm1d(6)),
        ["batchnorm1d_3"] = () => One(nn.BatchNorm1d(3, momentum: 0.3, eps: 1e-3)),
        ["batchnorm1d_eval"] = () => One(nn.BatchNorm1d(6)),
        ["batchnorm1d_untracked"] = () => One(nn.BatchNorm1d(6, affine: false, track_running_stats: false)),
        ["lstm"] = () => Recurrent(nn.LSTM(4, 6, 2)),
        ["lstm_state"] = () => Recurrent(nn.LSTM(4, 6, 2)),
        ["lstm_bidirectional"] = () => Recurrent(nn.LSTM(4, 6, 1, bias: false, batchFirst: true, bidirectional: true)),
        ["lstm_unbatched"] = () => Recurrent(nn.LSTM(4, 6, 2)),
        ["lstm_unbatched_state"] = () => Recurrent(nn.LSTM(4, 6, 2)),
        ["lstm_dropout_eval"] = () => Recurrent(nn.LSTM(4, 6, 2, dropout: 0.5)),
        ["gru"] = () => Recurrent(nn.GRU(4, 6, 2)),
        ["gru_state"] = () => Recurrent(nn.GRU(4, 6, 2)),
        ["gru_bidirectional"] = () => Recurrent(nn.GRU(4, 6, 1, batchFirst: true, bidirectional: true)),
        ["gru_unbatched"] = () => Recurrent(nn.GRU(4, 6, 2)),
        ["attention"] = () => Attention(nn.MultiheadAttention(8, 2), (m, x) => m.call(x[0], x[1], x[2])),
        ["attention_self"] = () => Attention(nn.MultiheadAttention(8, 2), (m, x) => m.call(x[0], x[0], x[0])),
        ["attention_no_weights"] = () =>
        {
            var module = nn.MultiheadAttention(8, 2);
            return (module, x => [module.call(x[0], x[1], x[2], need_weights: false).Item1]);
        },
        ["attention_widths"] = () => Attention(nn.MultiheadAttention(8, 4, bias: false, kdim: 6, vdim: 3), (m, x) => m.call(x[0], x[1], x[2])),
        ["attention_masks"] = () => Attention(nn.MultiheadAttention(8, 2, add_bias_kv: true, add_zero_attn: true), (m, x) => m.call(x[0], x[1], x[2], x[3], true, x[4])),
        ["attention_mask_per_head"] = () => Attention(nn.MultiheadAttention(8, 2), (m, x) => m.call(x[0], x[1], x[2], attn_mask: x[3])),
        ["sequential"] = () => One(nn.Sequential(("first", nn.Linear(6, 4)), ("act", nn.GELU()), ("norm", nn.LayerNorm(4)), ("last", nn.Linear(4, 1)))),
        ["nested"] = () => One(new NestedNet()),
        ["relu"] = () => One(nn.ReLU()),
        ["silu"] = () => One(nn.SiLU()),
        ["tanh"] = () => One(nn.Tanh()),
        ["sigmoid"] = () => One(nn.Sigmoid()),
        ["gelu"] = () => One(nn.GELU()),
        ["gelu_tanh"] = () => One(nn.GELU(GELU.Approximate.tanh)),
        ["leaky_relu"] = () => One(nn.LeakyReLU(0.2)),
        ["elu"] = () => One(nn.ELU(0.7)),
        ["softplus"] = () => One(nn.Softplus()),
        ["softplus_beta"] = () => One(nn.Softplus(2.0, 1.5)),
        ["log_sigmoid"] = () => One(nn.LogSigmoid()),
        ["softmax"] = () => One(nn.Softmax(1)),
        ["log_softmax"] = () => One(nn.LogSoftmax(0)),
        ["glu"] = () => One(nn.GLU()),
        ["identity"] = () => One(nn.Identity()),
        ["flatten"] = () => One(nn.Flatten(0, 1)),
        ["dropout_eval"] = () => One(nn.Dropout(0.3)),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>A fresh module and how the case calls it.</summary>
    public static (nn.Module Module, Func<Tensor[], Tensor?[]> Call) Make(string name) => Makers[name]();

    private static (nn.Module, Func<Tensor[], Tensor?[]>) One(nn.Module<Tensor, Tensor> module) => (module, x => [module.call(x[0])]);

    private static (nn.Module, Func<Tensor[], Tensor?[]>) Recurrent(LSTM module) => (module, x =>
    {
        var (output, h, c) = x.Length == 1 ? module.call(x[0]) : module.call(x[0], (x[1], x[2]));
        return [output, h, c];
    }
    );

    private static (nn.Module, Func<Tensor[], Tensor?[]>) Recurrent(GRU module) => (module, x =>
    {
        var (output, h) = x.Length == 1 ? module.call(x[0]) : module.call(x[0], x[1]);
        return [output, h];
    }
    );

    private static (nn.Module, Func<Tensor[], Tensor?[]>) Attention(MultiheadAttention module, Func<MultiheadAttention, Tensor[], Tuple<Tensor, Tensor?>> call) => (module, x =>
    {
        var (result, weights) = call(module, x);
        return [result, weights];
    }
    );
}

/// <summary>A network with parts of every kind in its fields, as users write them.</summary>
internal sealed class NestedNet : nn.Module<Tensor, Tensor>
{
    private readonly Parameter scale = nn.Parameter(ones(4));
    private readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(6, 4), nn.Linear(4, 4));
    private readonly ParameterList free = nn.ParameterList(nn.Parameter(zeros(4)), nn.Parameter(zeros(1)));
    private readonly Tensor offset = zeros(4);
    private readonly BatchNorm1d norm = nn.BatchNorm1d(4);

    public NestedNet() : base(nameof(NestedNet))
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        foreach (var layer in layers) input = layer.call(input).tanh();
        return norm.call(input * scale + offset + free[0]) * free[1];
    }
}
