using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The modules' computations as plain functions. A result is always a tensor object of its own, also when computed in place.</summary>
        public static partial class functional
        {
            /// <summary>max(0, x).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            /// <summary>x · sigmoid(x).</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();

            /// <summary>The hyperbolic tangent.</summary>
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            /// <summary>1 / (1 + e⁻ˣ).</summary>
            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            /// <summary>1 / (1 + e⁻ˣ).</summary>
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();

            /// <summary>x · Φ(x).</summary>
            public static Tensor gelu(Tensor x) => NnOps.Gelu(x, tanh: false);

            /// <summary>x · Φ(x).</summary>
            public static Tensor gelu(Tensor x, bool inplace) => gelu(x, Modules.GELU.Approximate.none, inplace);

            /// <summary>x · Φ(x), exactly or as x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false)
            {
                var result = NnOps.Gelu(x, approximate == Modules.GELU.Approximate.tanh);
                if (!inplace) return result;
                using (result) return x.copy_(result).alias();
            }

            /// <summary>x where positive, negative_slope · x elsewhere.</summary>
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? NnOps.LeakyReluInPlace(input, negative_slope).alias() : NnOps.LeakyRelu(input, negative_slope);

            /// <summary>x where positive, alpha · (eˣ − 1) elsewhere.</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? NnOps.EluInPlace(x, alpha).alias() : NnOps.Elu(x, alpha);

            /// <summary>log(1 + e^(beta·x)) / beta, and x itself where beta·x is above the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0) => NnOps.Softplus(x, beta, threshold);

            /// <summary>log(1 / (1 + e⁻ˣ)).</summary>
            public static Tensor logsigmoid(Tensor x) => NnOps.LogSigmoid(x);

            /// <summary>a · sigmoid(b), where a and b are the halves of one dimension.</summary>
            public static Tensor glu(Tensor input, long dim = -1) => NnOps.Glu(input, dim);

            /// <summary>eˣ / Σ eˣ over one dimension; computed in <paramref name="dtype"/> when that is given.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => NnOps.Softmax(input, dim, dtype);

            /// <summary>x − log Σ eˣ over one dimension.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => NnOps.LogSoftmax(x, dim);
        }
    }
}
