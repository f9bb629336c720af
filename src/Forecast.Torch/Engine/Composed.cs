using static TorchSharp.torch;

namespace Forecast.Torch;

/// <summary>
/// Operators that older libtorch lacks. Each gives way to the native one where the dispatcher has it; the composition beside it
/// says what it computes and stays callable, so that tests can hold the two against each other.
/// </summary>
internal static class Composed
{
    private static readonly Operator NativeAttention = new("scaled_dot_product_attention");
    private static readonly Operator NativeRmsNorm = new("rms_norm");
    private static readonly Operator Dropout = new("dropout");

    /// <summary>
    /// softmax(q kᵀ · scale + mask) v over the last two dimensions; q is [..., L, E], k is [..., S, E], v is [..., S, V].
    /// </summary>
    /// <param name="query">Queries.</param>
    /// <param name="key">Keys.</param>
    /// <param name="value">Values.</param>
    /// <param name="mask">Added to the scores, or (bool) true where a query may look; broadcast to [..., L, S]. Null: none.</param>
    /// <param name="dropout">Probability with which a weight is dropped; 0 outside training.</param>
    /// <param name="causal">Whether query i may look at keys 0 to i only; excludes <paramref name="mask"/>.</param>
    /// <param name="scale">Factor of the scores; 1/√E unless told.</param>
    /// <exception cref="ArgumentException">Both a mask and causality are asked for.</exception>
    internal static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? mask = null, double dropout = 0, bool causal = false, double? scale = null)
    {
        if (mask is not null && causal) throw new ArgumentException("attention takes a mask or causality, not both", nameof(mask));
        return NativeAttention.Exists
            ? NativeAttention.Call(query, key, value, mask, dropout, causal, scale)
            : EagerAttention(query, key, value, mask, dropout, causal, scale);
    }

    /// <summary>As <see cref="Attention"/>, from elementary operators.</summary>
    internal static Tensor EagerAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout, bool causal, double? scale)
    {
        using var scope = NewDisposeScope();
        var scores = (query * (scale ?? (1 / Math.Sqrt(query.size(-1))))).matmul(key.transpose(-2, -1));
        if (causal)
        {
            var hidden = ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).triu(1);
            scores = scores.masked_fill(hidden, double.NegativeInfinity);
        }
        else if (mask is not null)
        {
            scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
        }

        var weights = scores.softmax(-1);
        if (dropout > 0) weights = Dropout.Call(weights, dropout, true);
        return weights.matmul(value).MoveToOuterDisposeScope();
    }

    /// <summary>x / √(mean x² + eps) · weight over the last dimensions; half types are summed in float32.</summary>
    /// <param name="input">[..., shape].</param>
    /// <param name="shape">The last dimensions, over which the mean is taken.</param>
    /// <param name="weight">Of that shape; null: ones.</param>
    /// <param name="eps">Null: the spacing of the type that the sum is made in.</param>
    internal static Tensor RmsNorm(Tensor input, long[] shape, Tensor? weight = null, double? eps = null) =>
        NativeRmsNorm.Exists ? NativeRmsNorm.Call(input, shape, weight, eps) : EagerRmsNorm(input, shape, weight, eps);

    /// <summary>As <see cref="RmsNorm"/>, from elementary operators.</summary>
    /// <exception cref="ArgumentException">The input's last dimensions are not <paramref name="shape"/>.</exception>
    internal static Tensor EagerRmsNorm(Tensor input, long[] shape, Tensor? weight, double? eps)
    {
        var own = input.shape;
        if (shape.Length == 0 || shape.Length > own.Length || !own.AsSpan(own.Length - shape.Length).SequenceEqual(shape))
        {
            throw new ArgumentException($"rms_norm over [{string.Join(", ", shape)}] does not fit an input of [{string.Join(", ", own)}]", nameof(shape));
        }

        using var scope = NewDisposeScope();
        var half = input.dtype is ScalarType.Float16 or ScalarType.BFloat16;
        var wide = half ? input.to(ScalarType.Float32) : input;
        var dims = new long[shape.Length];
        for (var i = 0; i < dims.Length; i++) dims[i] = i - dims.Length;
        var root = (wide.square().mean(dims, keepdim: true) + (eps ?? (wide.dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23)))).rsqrt();
        var normed = wide * root;
        if (half) normed = normed.to(input.dtype);
        if (weight is not null) normed *= weight;
        return normed.MoveToOuterDisposeScope();
    }
}
