using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b over the last dimension: (*, in) to (*, out). W is (out, in), b is (out) or absent.</summary>
    /// <remarks>Both start uniform on ±1/√in, as PyTorch's do.</remarks>
    public class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            Arguments.Positive(inputSize, nameof(inputSize));
            Arguments.Positive(outputSize, nameof(outputSize));
            (in_features, out_features) = (inputSize, outputSize);
            weight = new Parameter(empty([outputSize, inputSize], dtype, device));
            if (hasBias) bias = new Parameter(empty([outputSize], dtype, device));
            nn.init.KaimingLinear(weight, bias);
        }

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            ArgumentNullException.ThrowIfNull(weight);
            if (weight.dim() != 2) throw new ArgumentException($"The weight of a linear layer has two dimensions (out, in), not {weight.dim()}.", nameof(weight));
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
            this.weight = weight;
            this.bias = bias;
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight!, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>y = x Wᵀ + b over the last dimension.</summary>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            /// <summary>A linear layer that uses the given weight (out, in) and bias (out).</summary>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
