using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>What normalisations over a batch share: weight and bias (features), and running mean and variance for evaluation.</summary>
    public abstract class NormBase : nn.Module<Tensor, Tensor>
    {
        private protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device,
            ScalarType? dtype, string name) : base(name)
        {
            Arguments.Positive(num_features, nameof(num_features));
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            if (affine)
            {
                weight = new Parameter(ones([num_features], dtype, device));
                bias = new Parameter(zeros([num_features], dtype, device));
            }
            if (track_running_stats)
            {
                running_mean = zeros([num_features], dtype, device);
                running_var = ones([num_features], dtype, device);
                num_batches_tracked = zeros([], ScalarType.Int64, device);
            }
        }

        public long num_features { get; }

        public double eps { get; set; }

        /// <summary>Weight of a new batch in the running statistics; null averages over all batches.</summary>
        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

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

        public Tensor? running_mean
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_mean), field = value);
        }

        public Tensor? running_var
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_var), field = value);
        }

        public Tensor? num_batches_tracked
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), field = value);
        }

        /// <summary>Sets the running mean to zero, the running variance to one and the count of batches to zero.</summary>
        public void reset_running_stats()
        {
            if (!track_running_stats) return;
            nn.init.zeros_(running_mean!);
            nn.init.ones_(running_var!);
            nn.init.zeros_(num_batches_tracked!);
        }

        /// <summary>Resets the running statistics, sets the weight to one and the bias to zero.</summary>
        public void reset_parameters()
        {
            reset_running_stats();
            if (weight is not null) nn.init.ones_(weight);
            if (bias is not null) nn.init.zeros_(bias);
        }

        /// <summary>Refuses inputs of the wrong number of dimensions.</summary>
        protected abstract void ValidateInputDimensions(Tensor input);
    }

    /// <summary>
    /// y = (x − mean) / √(variance + eps) · weight + bias for each feature, over the batch while training and with running statistics
    /// in evaluation. The running variance is the unbiased one.
    /// </summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device,
            ScalarType? dtype, string name) : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            var weightOfBatch = momentum ?? 0.0;
            if (training && track_running_stats)
            {
                using var _ = no_grad();
                num_batches_tracked!.add_((Scalar)1);
                if (momentum is null) weightOfBatch = 1.0 / num_batches_tracked!.ToInt64();
            }
            return nn.functional.batch_norm(input, running_mean!, running_var!, weight, bias, training || !track_running_stats, weightOfBatch, eps);
        }
    }

    /// <summary>Batch normalisation of (N, features) or (N, features, L).</summary>
    public class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        /// <exception cref="ArgumentException">The input is neither (N, features) nor (N, features, L).</exception>
        protected override void ValidateInputDimensions(Tensor input)
        {
            if (input.dim() is not (2 or 3) || input.shape[1] != num_features)
                throw new ArgumentException($"BatchNorm1d takes (batch, {num_features}) or (batch, {num_features}, length), not [{string.Join(", ", input.shape)}].", nameof(input));
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Batch normalisation of (N, features) or (N, features, L).</summary>
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
