using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Attention with several heads: softmax(Q Kᵀ / √d) V for each head of width d, heads side by side, then a linear map.
    /// Sequence first: query (L, N, E), key (S, N, kdim), value (S, N, vdim) to (L, N, E). Source: Vaswani et al., 2017.
    /// </summary>
    /// <remarks>Starting values are drawn in PyTorch's order: output map, then Glorot-uniform projections; biases are zero.</remarks>
    public class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor?>>
    {
        private readonly long _width;
        private readonly long _heads;
        private readonly double _dropout;
        private readonly bool _addZeroAttention;
        private readonly Parameter? _inWeight;
        private readonly Parameter? _queryWeight;
        private readonly Parameter? _keyWeight;
        private readonly Parameter? _valueWeight;
        private readonly Parameter? _inBias;
        private readonly Parameter? _biasKey;
        private readonly Parameter? _biasValue;
        private readonly Linear _out;

        internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim)
            : base(nameof(MultiheadAttention))
        {
            Arguments.Positive(embedded_dim, nameof(embedded_dim));
            Arguments.Positive(num_heads, nameof(num_heads));
            Arguments.Probability(dropout, nameof(dropout));
            if (embedded_dim % num_heads != 0)
                throw new ArgumentException($"A width of {embedded_dim} cannot be split into {num_heads} equal heads.", nameof(num_heads));
            (_width, _heads, _dropout, _addZeroAttention) = (embedded_dim, num_heads, dropout, add_zero_attn);

            if ((kdim ?? embedded_dim) == embedded_dim && (vdim ?? embedded_dim) == embedded_dim)
            {
                _inWeight = Add("in_proj_weight", 3 * embedded_dim, embedded_dim);
            }
            else
            {
                _queryWeight = Add("q_proj_weight", embedded_dim, embedded_dim);
                _keyWeight = Add("k_proj_weight", embedded_dim, kdim ?? embedded_dim);
                _valueWeight = Add("v_proj_weight", embedded_dim, vdim ?? embedded_dim);
            }
            if (bias) _inBias = Add("in_proj_bias", 3 * embedded_dim);
            _out = nn.Linear(embedded_dim, embedded_dim, bias);
            add_module("out_proj", _out);
            if (add_bias_kv)
            {
                _biasKey = Add("bias_k", 1, 1, embedded_dim);
                _biasValue = Add("bias_v", 1, 1, embedded_dim);
            }

            foreach (var weight in new[] { _inWeight, _queryWeight, _keyWeight, _valueWeight })
                if (weight is not null) nn.init.xavier_uniform_(weight);
            if (_inBias is not null) nn.init.zeros_(_inBias);
            if (_out.bias is not null) nn.init.zeros_(_out.bias);
            if (_biasKey is not null) nn.init.xavier_normal_(_biasKey);
            if (_biasValue is not null) nn.init.xavier_normal_(_biasValue);
        }

        /// <summary>Attends from every position of the query to the positions of the key.</summary>
        /// <param name="query">(L, N, E)</param>
        /// <param name="key">(S, N, kdim)</param>
        /// <param name="value">(S, N, vdim)</param>
        /// <param name="key_padding_mask">(N, S): true, or minus infinity, where a key is to be ignored.</param>
        /// <param name="need_weights">Whether the weights, averaged over heads, are wanted as well.</param>
        /// <param name="attn_mask">(L, S) or (N·heads, L, S): true where attending is forbidden, or numbers to add to the scores.</param>
        /// <returns>The result (L, N, E), and the weights (N, L, S) or null.</returns>
        public new Tuple<Tensor, Tensor?> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public override Tuple<Tensor, Tensor?> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            CheckShapes(query, key, value);
            using var scope = NewDisposeScope();
            var (length, batch) = (query.shape[0], query.shape[1]);
            var (q, k, v) = Project(query, key, value);
            var source = key.shape[0];
            if (_biasKey is not null)
            {
                k = cat([k, _biasKey.expand(1, batch, _width)], 0);
                v = cat([v, _biasValue!.expand(1, batch, _width)], 0);
                source++;
            }
            (q, k, v) = (ByHead(q, length, batch), ByHead(k, source, batch), ByHead(v, source, batch));
            if (_addZeroAttention)
            {
                k = cat([k, zeros([batch, _heads, 1, _width / _heads], k.dtype, k.device)], 2);
                v = cat([v, zeros([batch, _heads, 1, _width / _heads], v.dtype, v.device)], 2);
                source++;
            }
            var mask = Mask(attn_mask, key_padding_mask, key.shape[0], source, length, batch, q);
            var rate = training ? _dropout : 0.0;

            Tensor attended;
            Tensor? averaged = null;
            if (need_weights)
            {
                var scores = q.mul((Scalar)(1.0 / Math.Sqrt(_width / (double)_heads))).matmul(k.transpose(-2, -1));
                if (mask is not null) scores = scores.add(mask);
                var weights = scores.softmax(-1);
                if (rate > 0) weights = nn.functional.dropout(weights, rate);
                attended = weights.matmul(v);
                averaged = weights.mean([1]).MoveToOuterDisposeScope();
            }
            else
            {
                attended = nn.functional.scaled_dot_product_attention(q, k, v, mask, rate);
            }
            var result = _out.call(attended.permute(2, 0, 1, 3).reshape(length, batch, _width));
            return new(result.MoveToOuterDisposeScope(), averaged);
        }

        private (Tensor, Tensor, Tensor) Project(Tensor query, Tensor key, Tensor value)
        {
            if (_inWeight is not null && ReferenceEquals(query, key) && ReferenceEquals(key, value))
            {
                var all = nn.functional.linear(query, _inWeight, _inBias).chunk(3, -1);
                return (all[0], all[1], all[2]);
            }
            var weights = _inWeight?.chunk(3, 0) ?? [_queryWeight!, _keyWeight!, _valueWeight!];
            var biases = _inBias?.chunk(3, 0);
            return (nn.functional.linear(query, weights[0], biases?[0]), nn.functional.linear(key, weights[1], biases?[1]), nn.functional.linear(value, weights[2], biases?[2]));
        }

        /// <summary>(positions, N, E) to (N, heads, positions, d).</summary>
        private Tensor ByHead(Tensor x, long positions, long batch) => x.reshape(positions, batch, _heads, _width / _heads).permute(1, 2, 0, 3);

        /// <summary>One additive mask (N or 1, heads or 1, L or 1, S + added) out of both; positions that were added are never masked.</summary>
        private Tensor? Mask(Tensor? attention, Tensor? padding, long keys, long source, long length, long batch, Tensor like)
        {
            Tensor? mask = null;
            if (attention is not null)
            {
                var additive = Additive(attention, like);
                mask = attention.dim() switch
                {
                    2 when Fits(attention, length, keys) => additive.reshape(1, 1, length, keys),
                    3 when Fits(attention, batch * _heads, length, keys) => additive.reshape(batch, _heads, length, keys),
                    _ => throw new ArgumentException($"attn_mask is ({length}, {keys}) or ({batch * _heads}, {length}, {keys}), not [{string.Join(", ", attention.shape)}].", nameof(attention)),
                };
            }
            if (padding is not null)
            {
                if (!Fits(padding, batch, keys))
                    throw new ArgumentException($"key_padding_mask is ({batch}, {keys}), not [{string.Join(", ", padding.shape)}].", nameof(padding));
                var additive = Additive(padding, like).reshape(batch, 1, 1, keys);
                mask = mask is null ? additive : mask.add(additive);
            }
            return mask is null || source == keys ? mask : nn.functional.pad(mask, (0, source - keys));
        }

        private static Tensor Additive(Tensor mask, Tensor like) => mask.dtype == ScalarType.Bool
            ? zeros(mask.shape, like.dtype, like.device).masked_fill_(mask, double.NegativeInfinity)
            : mask.to(like.dtype);

        private static bool Fits(Tensor tensor, params ReadOnlySpan<long> shape) => tensor.shape.AsSpan().SequenceEqual(shape);

        private Parameter Add(string name, params long[] shape)
        {
            var parameter = new Parameter(empty(shape));
            register_parameter(name, parameter);
            return parameter;
        }

        private void CheckShapes(Tensor query, Tensor key, Tensor value)
        {
            var (keyWidth, valueWidth) = (_keyWeight?.shape[1] ?? _width, _valueWeight?.shape[1] ?? _width);
            if (query.dim() != 3 || key.dim() != 3 || value.dim() != 3 || query.shape[2] != _width || !Fits(key, key.shape[0], query.shape[1], keyWidth) ||
                !Fits(value, key.shape[0], query.shape[1], valueWidth))
                throw new ArgumentException(
                    $"Attention takes query (L, N, {_width}), key (S, N, {keyWidth}), value (S, N, {valueWidth}), not [{string.Join(", ", query.shape)}], [{string.Join(", ", key.shape)}], [{string.Join(", ", value.shape)}].",
                    nameof(query));
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Attention with <paramref name="num_heads"/> heads over vectors of width <paramref name="embedded_dim"/>, sequence first.</summary>
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true,
                bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
        }
    }
}
