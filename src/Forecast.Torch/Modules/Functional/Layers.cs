namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x Wᵀ + b over the last dimension: input (*, in), weights (out, in), bias (out).</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => NnOps.Linear(input, weights, bias);

            /// <summary>Cross-correlation along the last dimension: input (N, in, L) or (in, L), weight (out, in/groups, kernel), bias (out).</summary>
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                NnOps.Conv1d(input, weight, bias, stride ?? 1, padding ?? 0, dilation ?? 1, groups);

            /// <summary>The same with padding that keeps the length, or none.</summary>
            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                NnOps.Conv1dPadded(input, weight, bias, stride ?? 1, padding == Padding.Same ? "same" : "valid", dilation ?? 1, groups);

            /// <summary>(x − mean) / √(variance + eps) · weight + bias over the last dimensions, whose shape is <paramref name="normalized_shape"/>.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                NnOps.LayerNorm(input, normalized_shape, weight, bias, eps);

            /// <summary>Normalises each group of the channels of (N, channels, *).</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                NnOps.GroupNorm(input, num_groups, weight, bias, eps);

            /// <summary>Normalises each channel of (N, channels, *): by the batch's statistics while training, by the running ones otherwise.</summary>
            /// <exception cref="ArgumentException">Training with a single value for a channel, whose variance is not defined.</exception>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05)
            {
                if (training && input.numel() == input.size(1))
                    throw new ArgumentException($"Training needs more than one value for each channel; the input is [{string.Join(", ", input.shape)}].", nameof(input));
                return NnOps.BatchNorm(input, weight, bias, running_mean, running_var, training, momentum, eps);
            }

            /// <summary>Zeroes each entry with probability <paramref name="p"/> and divides the rest by 1 − p, while training.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                Arguments.Probability(p, nameof(p));
                return inplace ? NnOps.DropoutInPlace(input, p, training).alias() : NnOps.Dropout(input, p, training);
            }

            /// <summary>x / max(‖x‖ₚ, eps) over one dimension.</summary>
            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1, double eps = 1e-12)
            {
                using var norm = NnOps.VectorNorm(input, p, dim, keepdim: true);
                using var bounded = norm.clamp_min(eps);
                return input.div(bounded);
            }

            /// <summary>A one at the position of each index, zeros elsewhere: integers (*) to (*, classes).</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => NnOps.OneHot(x, num_classes);
        }
    }
}
