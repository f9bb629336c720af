using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Helpers for the gradients and values of many parameters at once.</summary>
        public static class utils
        {
            /// <summary>
            /// Shrinks all gradients by one factor when the norm of them taken together is above <paramref name="max_norm"/>.
            /// </summary>
            /// <param name="tensors">Parameters; those without a gradient count for nothing.</param>
            /// <param name="max_norm">The largest norm to leave.</param>
            /// <param name="norm_type">The p of the norm; infinity for the largest entry.</param>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                Arguments.NotNegative(max_norm, nameof(max_norm));
                var gradients = Gradients.Of(tensors);
                if (gradients.Length == 0) return 0;
                try
                {
                    using var _ = no_grad();
                    var norm = Gradients.Norm(gradients, norm_type);
                    var factor = max_norm / (norm + 1e-6);

                    // A norm that is not a number must show: multiplying by it spreads it, as PyTorch's clipping does.
                    if (factor < 1 || double.IsNaN(factor)) Foreach.Multiply(gradients, factor);
                    return norm;
                }
                finally
                {
                    foreach (var gradient in gradients) gradient.Dispose();
                }
            }

            /// <summary>Cuts every entry of every gradient to [−clip_value, clip_value].</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                Arguments.NotNegative(clip_value, nameof(clip_value));
                using var _ = no_grad();
                foreach (var gradient in Gradients.Of(tensors))
                    using (gradient) gradient.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            /// <summary>All parameters end to end in one dimension.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using var scope = NewDisposeScope();
                return cat([.. tensors.Select(t => t.reshape(-1))], 0).MoveToOuterDisposeScope();
            }

            /// <summary>Copies consecutive pieces of <paramref name="vec"/> into the parameters.</summary>
            /// <exception cref="ArgumentException">The vector has another number of entries than the parameters together.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                ArgumentNullException.ThrowIfNull(vec);
                ArgumentNullException.ThrowIfNull(tensors);
                var parameters = tensors.ToList();
                var wanted = parameters.Sum(p => p.numel());
                if (vec.dim() != 1 || vec.numel() != wanted)
                    throw new ArgumentException($"A vector of {wanted} entries is wanted, not a tensor of shape [{string.Join(", ", vec.shape)}].", nameof(vec));
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var start = 0L;
                foreach (var parameter in parameters)
                {
                    parameter.copy_(vec.narrow(0, start, parameter.numel()).view(parameter.shape));
                    start += parameter.numel();
                }
            }
        }
    }
}
