using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// Starting values for weights. Every function changes its tensor in place, outside autograd, and returns it. Draws come from
        /// the generator in PyTorch's order, so that one seed gives the same weights in both on the same kind of device.
        /// </summary>
        public static class init
        {
            /// <summary>Which side of a layer keeps its variance.</summary>
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            /// <summary>What follows a layer, for its gain.</summary>
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            /// <summary>The factor by which a nonlinearity shrinks standard deviations: 1, 5/3 for tanh, √2 for ReLU, √(2/(1+slope²)) for leaky ReLU.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1.0 + param * param)),
                >= NonlinearityType.Linear and <= NonlinearityType.Sigmoid => 1.0,
                _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "Unknown nonlinearity."),
            };

            /// <summary>Inputs and outputs of one unit of a weight (out, in, kernel...).</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException($"Fan-in and fan-out need at least two dimensions, the tensor has {shape.Length}.", nameof(tensor));
                var field = 1L;
                foreach (var size in shape.AsSpan(2)) field *= size;
                return (shape[1] * field, shape[0] * field);
            }

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Fills with one value.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using var _ = no_grad();
                tensor.fill_(val);
                return tensor;
            }

            /// <summary>Uniform on [low, high).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                tensor.uniform_(low, high, generator);
                return tensor;
            }

            /// <summary>Normal with a mean and a standard deviation.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                tensor.normal_(mean, std, generator);
                return tensor;
            }

            /// <summary>Normal, cut off outside [a, b] (both in the units of the tensor): uniform draws through the inverse of the distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                if (!(std > 0)) throw new ArgumentOutOfRangeException(nameof(std), std, "The standard deviation must be positive.");
                if (!(a < b)) throw new ArgumentException($"The interval [{a}, {b}] is empty.", nameof(a));
                using var _ = no_grad();
                var (low, high) = (NormalDistribution((a - mean) / std), NormalDistribution((b - mean) / std));
                tensor.uniform_(2 * low - 1, 2 * high - 1, generator);
                NnOps.ErfinvInPlace(tensor);
                tensor.mul_((Scalar)(std * Math.Sqrt(2)));
                tensor.add_((Scalar)mean);
                tensor.clamp_((Scalar)a, (Scalar)b);
                return tensor;
            }

            /// <summary>Uniform with variance 2·gain²/(fan-in + fan-out). Source: Glorot and Bengio, 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var bound = Math.Sqrt(3.0) * GlorotDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with variance 2·gain²/(fan-in + fan-out).</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => normal_(tensor, 0, GlorotDeviation(tensor, gain));

            /// <summary>Uniform with variance gain²/fan. Source: He et al., 2015.</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * HeDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with variance gain²/fan.</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, HeDeviation(tensor, a, mode, nonlinearity));

            /// <summary>A matrix (all dimensions after the first as columns) with orthonormal rows or columns, times gain: QR of normal draws.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.dim() < 2) throw new ArgumentException("An orthogonal start needs at least two dimensions.", nameof(tensor));
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var rows = tensor.size(0);
                var columns = tensor.numel() / rows;
                var flat = randn([rows, columns], tensor.dtype, tensor.device);
                if (rows < columns) flat = flat.t();
                var (q, r) = NnOps.Qr(flat);

                // The signs of R's diagonal make the factorisation, and so the draw, unique.
                q = q.mul(r.diagonal().sign());
                if (rows < columns) q = q.t();
                tensor.copy_(q.reshape(tensor.shape).mul((Scalar)gain));
                return tensor;
            }

            /// <summary>The start of linear and convolutional layers: both uniform on ±1/√fan-in (He's with slope √5, and PyTorch's for the bias).</summary>
            internal static void KaimingLinear(Parameter weight, Parameter? bias)
            {
                kaiming_uniform_(weight, Math.Sqrt(5));
                if (bias is null) return;
                var bound = 1.0 / Math.Sqrt(CalculateFanInAndFanOut(weight).fanIn);
                uniform_(bias, -bound, bound);
            }

            private static double NormalDistribution(double x)
            {
                using var at = tensor(x / Math.Sqrt(2), ScalarType.Float64);
                using var value = at.erf();
                return (1 + value.ToDouble()) / 2;
            }

            private static double GlorotDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            private static double HeDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }
        }
    }
}
