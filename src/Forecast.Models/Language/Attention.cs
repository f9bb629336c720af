using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>softmax(Q K' / sqrt(e) + mask) V over heads, queries in groups that share keys and values.</summary>
internal static class Attention
{
    /// <summary>[B, T, heads e] to [B, heads, T, e].</summary>
    public static Tensor Split(Tensor x, long heads) => x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);

    /// <param name="queries">[B, heads, T, e].</param>
    /// <param name="keys">[B, groups, S, e]; groups divides heads.</param>
    /// <param name="values">[B, groups, S, e].</param>
    /// <param name="mask">Who may look at whom.</param>
    /// <returns>[B, T, heads e].</returns>
    public static Tensor Run(Tensor queries, Tensor keys, Tensor values, AttentionMask mask)
    {
        var shared = queries.shape[1] / keys.shape[1];
        var mixed = nn.functional.scaled_dot_product_attention(queries, Repeat(keys, shared), Repeat(values, shared), mask.Added, is_casual: mask.Causal);
        return mixed.transpose(1, 2).reshape(queries.shape[0], queries.shape[2], -1);
    }

    private static Tensor Repeat(Tensor x, long times)
    {
        if (times == 1) return x;
        var shape = x.shape;
        return x.unsqueeze(2).expand(shape[0], shape[1], times, shape[2], shape[3]).reshape(shape[0], shape[1] * times, shape[2], shape[3]);
    }
}
