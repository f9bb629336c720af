using Forecast.Torch;

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
                return Composed.Attention(query, key, value, attn_mask, p, is_casual);
            }
        }
    }
}
