namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>(input − target)², averaged unless told otherwise.</summary>
            /// <exception cref="ArgumentException">The shapes differ.</exception>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                SameShape(input, target, nameof(mse_loss));
                return LossOps.Mse(input, target, reduction);
            }

            /// <summary>|input − target|, averaged unless told otherwise.</summary>
            /// <exception cref="ArgumentException">The shapes differ.</exception>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                SameShape(input, target, nameof(l1_loss));
                using var difference = input.sub(target);
                var distance = difference.abs();
                return Reduce(distance, reduction);
            }

            /// <summary>With e = input − target: e²/(2·beta) where |e| is below beta, |e| − beta/2 elsewhere.</summary>
            /// <exception cref="ArgumentException">The shapes differ.</exception>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0)
            {
                SameShape(input, target, nameof(smooth_l1_loss));
                Arguments.NotNegative(beta, nameof(beta));
                return LossOps.SmoothL1(input, target, reduction, beta);
            }

            /// <summary>With e = input − target: e²/2 where |e| is at most delta, delta·(|e| − delta/2) elsewhere.</summary>
            /// <exception cref="ArgumentException">The shapes differ.</exception>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean)
            {
                SameShape(input, target, nameof(huber_loss));
                if (!(delta > 0)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "delta must be positive.");
                return LossOps.Huber(input, target, reduction, delta);
            }

            /// <summary>(log v + (input − target)²/v) / 2 with v = max(variance, eps), plus log(2π)/2 when <paramref name="full"/>.</summary>
            /// <exception cref="ArgumentException">The variance fits neither the input nor the input with a last dimension of 1, or is negative.</exception>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-6f, Reduction reduction = Reduction.Mean)
            {
                SameShape(input, target, nameof(gaussian_nll_loss));
                using var scope = NewDisposeScope();
                variance = SpreadVariance(input, variance);
                using (no_grad())
                using (var negative = variance.lt((Scalar)0).any())
                    if (negative.ToBoolean()) throw new ArgumentException("A variance is negative.", nameof(variance));

                // The floor leaves the gradient alone, as PyTorch's does: only the value is bounded.
                var bounded = variance.clone();
                using (no_grad()) bounded.clamp_min_(eps);
                var loss = bounded.log().add(input.sub(target).square().div(bounded)).mul((Scalar)0.5);
                if (full) loss = loss.add((Scalar)(0.5 * Math.Log(2 * Math.PI)));
                return Reduce(loss, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>−log softmax(input) at the target class, or minus the sum of it times target probabilities.</summary>
            /// <param name="input">Scores (N, C), (C) or (N, C, d...).</param>
            /// <param name="target">Classes as integers (N), () or (N, d...), or probabilities in the shape of the input.</param>
            /// <param name="weight">A factor for each class.</param>
            /// <param name="ignore_index">A target that counts for nothing.</param>
            /// <param name="reduction">Mean (weighted), sum or none.</param>
            /// <param name="label_smoothing">Share of the probability that is spread evenly over all classes.</param>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
            {
                Arguments.Probability(label_smoothing, nameof(label_smoothing));
                return LossOps.CrossEntropy(input, target, weight, reduction, ignore_index, label_smoothing);
            }

            /// <summary>Minus the log probability at the target class: input (N, C), (C) or (N, C, d...), target integers.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                LossOps.Nll(input, target, weight, reduction);

            /// <summary>−(pos_weights·t·log σ(x) + (1 − t)·log(1 − σ(x)))·weight, computed without overflow.</summary>
            /// <exception cref="ArgumentException">The shapes differ.</exception>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                SameShape(input, target, nameof(binary_cross_entropy_with_logits));
                return LossOps.BinaryWithLogits(input, target, weight, pos_weights, reduction);
            }

            private static Tensor SpreadVariance(Tensor input, Tensor variance)
            {
                if (variance.shape.AsSpan().SequenceEqual(input.shape)) return variance;
                if (variance.dim() == input.dim() - 1 && variance.shape.AsSpan().SequenceEqual(input.shape.AsSpan(0, (int)input.dim() - 1))) return variance.unsqueeze(-1);
                if (variance.dim() == input.dim() && variance.size(-1) == 1 &&
                    variance.shape.AsSpan(0, (int)input.dim() - 1).SequenceEqual(input.shape.AsSpan(0, (int)input.dim() - 1))) return variance;
                throw new ArgumentException($"A variance of shape [{string.Join(", ", variance.shape)}] does not fit an input of shape [{string.Join(", ", input.shape)}].", nameof(variance));
            }

            private static Tensor Reduce(Tensor terms, Reduction reduction)
            {
                if (reduction == Reduction.None) return terms;
                using (terms) return reduction == Reduction.Mean ? terms.mean() : terms.sum();
            }

            // Broadcasting a (N) target against a (N, 1) output is the classical silent mistake, so equal shapes are asked for.
            private static void SameShape(Tensor input, Tensor target, string loss)
            {
                if (input.shape.AsSpan().SequenceEqual(target.shape)) return;
                throw new ArgumentException($"{loss} needs input and target of one shape, not [{string.Join(", ", input.shape)}] and [{string.Join(", ", target.shape)}].", nameof(target));
            }
        }
    }
}
