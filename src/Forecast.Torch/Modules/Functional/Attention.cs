namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(Q Kᵀ / √E + mask) V, with the fused kernels of libtorch where it has them.</summary>
            /// <param name="query">(*, L, E)</param>
            /// <param name="key">(*, S, E)</param>
            /// <param name="value">(*, S, Ev)</param>
            /// <param name="attn_mask">Spreads to (*, L, S): true where attending is allowed, or numbers to add to the scores.</param>
            /// <param name="p">Dropout of the weights.</param>
            /// <param name="is_casual">Whether a position sees only itself and those before it (the name is TorchSharp's). Excludes a mask.</param>
            /// <exception cref="ArgumentException">Both a mask and <paramref name="is_casual"/>.</exception>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (attn_mask is not null && is_casual)
                    throw new ArgumentException("A causal attention has its mask already; give either a mask or is_casual.", nameof(attn_mask));
                Arguments.Probability(p, nameof(p));
                return NnOps.HasFusedAttention
                    ? NnOps.FusedAttention(query, key, value, attn_mask, p, is_casual)
                    : ComposedAttention(query, key, value, attn_mask, p, is_casual);
            }

            /// <summary>The same out of plain operators: for a libtorch without the fused one, and as the reference it is tested against.</summary>
            internal static Tensor ComposedAttention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask, double p, bool causal)
            {
                using var scope = NewDisposeScope();

                // Half of the scale goes to each factor, so that half precision does not overflow.
                var scale = Math.Pow(query.size(-1), -0.25);
                var scores = query.mul((Scalar)scale).matmul(key.mul((Scalar)scale).transpose(-2, -1));
                var mask = causal ? ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).tril() : attn_mask;
                if (mask is not null)
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores.add(mask);
                var weights = scores.softmax(-1);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
