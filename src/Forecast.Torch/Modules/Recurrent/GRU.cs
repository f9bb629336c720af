using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Gated recurrent units, one or more layers, in one or both directions. With gates r, z, n in this order in the weights:
    /// n = tanh(W x + r·(U h + b)), h' = (1 − z)·n + z·h. Runs in ATen's own kernels, cuDNN's on CUDA. Source: Cho et al., 2014.
    /// </summary>
    public class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RecurrentWeights _weights;

        internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
            : base(nameof(GRU))
        {
            _weights = new(this, RecurrentWeights.Cell.Gru, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }

        /// <summary>Runs over a whole sequence.</summary>
        /// <param name="input">(time, batch, input), or (batch, time, input) when batch first, or (time, input).</param>
        /// <param name="h0">Starting state (layers · directions, batch, hidden); zero when absent.</param>
        /// <returns>The outputs of the last layer at every time, and the last state of every layer.</returns>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            _weights.CheckInput(input);
            if (h0 is not null) _weights.CheckState(input, h0, nameof(h0));
            if (input.dim() == 3)
            {
                if (h0 is not null) return NnOps.Gru(input, h0, _weights, training);
                using var zero = _weights.ZeroState(input);
                return NnOps.Gru(input, zero, _weights, training);
            }

            // ATen knows batches only: a lone sequence is a batch of one.
            using var scope = NewDisposeScope();
            var batchAt = _weights.BatchFirst ? 0 : 1;
            var alone = input.unsqueeze(batchAt);
            var (output, hn) = NnOps.Gru(alone, h0?.unsqueeze(1) ?? _weights.ZeroState(alone), _weights, training);
            return (output.squeeze(batchAt).MoveToOuterDisposeScope(), hn.squeeze(1).MoveToOuterDisposeScope());
        }

        /// <summary>Lays the weights out in one buffer where cuDNN wants it so; done by itself on construction and on moves.</summary>
        public void flatten_parameters() => _weights.Flatten();

        internal override void OnMoved() => _weights.Flatten();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Gated recurrent units; the arguments are those of <see cref="LSTM"/>.</summary>
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
                bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
