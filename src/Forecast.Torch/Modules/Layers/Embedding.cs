using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors: integer indices (*) to rows of the weight (*, embedding_dims).</summary>
    /// <remarks>Starts standard normal; the row of <c>padding_idx</c>, when there is one, is zero and gets no gradient.</remarks>
    public class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long? _paddingIndex;
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scaleGradByFreq;
        private readonly bool _sparse;

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            var rows = weight.shape[0];
            if (padding_idx is { } index && (index < -rows || index >= rows))
                throw new ArgumentOutOfRangeException(nameof(padding_idx), index, $"The padding index lies outside a table of {rows} rows.");
            _paddingIndex = padding_idx < 0 ? padding_idx + rows : padding_idx;
            (_maxNorm, _normType, _scaleGradByFreq, _sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
            this.weight = weight;
        }

        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        /// <summary>Zeroes the row that stands for padding.</summary>
        internal void ZeroPadding()
        {
            if (_paddingIndex is not { } index) return;
            using (no_grad())
            using (var row = weight!.select(0, index)) row.zero_();
        }

        /// <exception cref="ArgumentException">The input is not of an integer type.</exception>
        public override Tensor forward(Tensor input)
        {
            if (_maxNorm is { } limit)
            {
                using var _ = no_grad();
                NnOps.EmbeddingRenorm(weight!, input, limit, _normType);
            }
            return NnOps.Embedding(weight!, input, _paddingIndex ?? -1, _scaleGradByFreq, _sparse);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of <paramref name="num_embeddings"/> vectors of <paramref name="embedding_dims"/> numbers each.</summary>
            /// <param name="num_embeddings">Rows of the table.</param>
            /// <param name="embedding_dims">Columns of the table.</param>
            /// <param name="padding_idx">A row that stays zero.</param>
            /// <param name="max_norm">Rows that are used are shrunk to this norm first.</param>
            /// <param name="norm_type">The p of that norm.</param>
            /// <param name="scale_grad_by_freq">Divides a row's gradient by how often the batch uses it.</param>
            /// <param name="sparse">Whether the gradient of the table is a sparse tensor.</param>
            /// <param name="device">Where the table lies.</param>
            /// <param name="dtype">Its floating-point type.</param>
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                Arguments.Positive(num_embeddings, nameof(num_embeddings));
                Arguments.Positive(embedding_dims, nameof(embedding_dims));
                var weight = new Parameter(empty([num_embeddings, embedding_dims], dtype, device));
                init.normal_(weight);
                var module = new Embedding(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
                module.ZeroPadding();
                return module;
            }

            /// <summary>A table that starts from given vectors (rows, columns); frozen unless told otherwise.</summary>
            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                ArgumentNullException.ThrowIfNull(embeddings);
                if (embeddings.dim() != 2) throw new ArgumentException($"A table of vectors has two dimensions, not {embeddings.dim()}.", nameof(embeddings));
                var weight = new Parameter(embeddings.to(dtype ?? embeddings.dtype, device ?? embeddings.device, copy: true), requires_grad: !freeze);
                return new Embedding(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }
        }
    }
}
