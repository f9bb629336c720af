using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Long short-term memory, one or more layers, in one or both directions. With gates i, f, g, o in this order in the weights:
    /// c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'). Runs in ATen's own kernels, cuDNN's on CUDA. Source: Hochreiter and
    /// Schmidhuber, 1997.
    /// </summary>
    public class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentWeights _weights;

        internal LSTM(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
            : base(nameof(LSTM))
        {
            _weights = new(this, RecurrentWeights.Cell.Lstm, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }

        /// <summary>Runs over a whole sequence.</summary>
        /// <param name="input">(time, batch, input), or (batch, time, input) when batch first, or (time, input).</param>
        /// <param name="h0_c0">Starting state and memory, each (layers · directions, batch, hidden); zero when absent.</param>
        /// <returns>The outputs of the last layer at every time, and the last state and memory of every layer.</returns>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            _weights.CheckInput(input);
            if (h0_c0 is var (h0, c0))
            {
                _weights.CheckState(input, h0, nameof(h0));
                _weights.CheckState(input, c0, nameof(c0));
            }
            if (input.dim() == 3)
            {
                if (h0_c0 is var (h, c)) return NnOps.Lstm(input, h, c, _weights, training);
                using var zero = _weights.ZeroState(input);
                return NnOps.Lstm(input, zero, zero, _weights, training);
            }

            // ATen knows batches only: a lone sequence is a batch of one.
            using var scope = NewDisposeScope();
            var batchAt = _weights.BatchFirst ? 0 : 1;
            var alone = input.unsqueeze(batchAt);
            var zeroState = h0_c0 is null ? _weights.ZeroState(alone) : null;
            var (output, hn, cn) = NnOps.Lstm(alone, h0_c0?.Item1.unsqueeze(1) ?? zeroState!, h0_c0?.Item2.unsqueeze(1) ?? zeroState!, _weights, training);
            return (output.squeeze(batchAt).MoveToOuterDisposeScope(), hn.squeeze(1).MoveToOuterDisposeScope(), cn.squeeze(1).MoveToOuterDisposeScope());
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
            /// <summary>Long short-term memory.</summary>
            /// <param name="inputSize">Features of the input.</param>
            /// <param name="hiddenSize">Features of the state.</param>
            /// <param name="numLayers">Layers, each on the outputs of the one before.</param>
            /// <param name="bias">Whether the gates have biases.</param>
            /// <param name="batchFirst">Whether inputs and outputs are (batch, time, features) rather than (time, batch, features).</param>
            /// <param name="dropout">Dropout between layers while training.</param>
            /// <param name="bidirectional">Whether a second pass runs backwards; outputs are side by side.</param>
            /// <param name="device">Where the weights lie.</param>
            /// <param name="dtype">Their floating-point type.</param>
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
                bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
