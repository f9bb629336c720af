using Forecast.Torch;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Adam's and AdamW's step, three times: fused, list by list, and as the papers write it.</summary>
internal static class AdamKernels
{
    private static readonly Operator FusedAdam = new("_fused_adam_");
    private static readonly Operator FusedAdamW = new("_fused_adamw_");

    // libtorch got the fused operators for the CPU together with this one; before, it had the names with kernels for CUDA only.
    private static readonly Operator CameWithCpuKernels = new("_fused_adagrad_");

    private static readonly Operator AddQuotientOp = new("addcdiv_");
    private static readonly Operator AddProductOp = new("addcmul_");

    /// <summary>Whether this libtorch has a fused step for such tensors.</summary>
    internal static bool CanFuse(StepPart<AdamMoments> part, bool decoupled)
    {
        var first = part.Parameters[0];
        if (!(decoupled ? FusedAdamW : FusedAdam).Exists || !is_floating_point(first.dtype)) return false;
        if (first.device_type == DeviceType.CUDA) return true;
        if (first.device_type != DeviceType.CPU || !CameWithCpuKernels.Exists) return false;
        for (var i = 0; i < part.Parameters.Length; i++)
            if (!part.Parameters[i].is_contiguous() || !part.Gradients[i].is_contiguous()) return false;
        return true;
    }

    /// <summary>One call for everything.</summary>
    internal static void Fused(StepPart<AdamMoments> part, AdamSettings settings, bool decoupled)
    {
        // The kernel reads the count of steps, already raised, from the device.
        using var step = full([], (float)part.States[0].Step, ScalarType.Float32, part.Parameters[0].device);
        var steps = new Tensor[part.Parameters.Length];
        Array.Fill(steps, step);
        (decoupled ? FusedAdamW : FusedAdam).Do(
            part.Parameters, part.Gradients, part.Gather(s => s.Mean), part.Gather(s => s.Square), settings.AmsGrad ? part.Gather(s => s.LargestSquare) : [], steps,
            settings.Rate, settings.Beta1, settings.Beta2, settings.WeightDecay, settings.Epsilon, settings.AmsGrad, settings.Maximize);
    }

    /// <summary>One call for each line of the formula.</summary>
    internal static void Foreach(StepPart<AdamMoments> part, AdamSettings settings, bool decoupled)
    {
        var (rate, beta1, beta2) = (settings.Rate, settings.Beta1, settings.Beta2);
        var (parameters, means, squares) = (part.Parameters, part.Gather(s => s.Mean), part.Gather(s => s.Square));
        var gradients = settings.Maximize ? TorchSharp.Foreach.Negate(part.Gradients) : part.Gradients;
        if (settings.WeightDecay != 0)
        {
            if (decoupled)
            {
                TorchSharp.Foreach.Multiply(parameters, 1 - rate * settings.WeightDecay);
            }
            else
            {
                var decayed = TorchSharp.Foreach.Sum(gradients, parameters, settings.WeightDecay);
                if (settings.Maximize) TorchSharp.Foreach.Dispose(gradients);
                gradients = decayed;
            }
        }

        TorchSharp.Foreach.Multiply(means, beta1);
        TorchSharp.Foreach.Add(means, gradients, 1 - beta1);
        TorchSharp.Foreach.Multiply(squares, beta2);
        TorchSharp.Foreach.AddProduct(squares, gradients, gradients, 1 - beta2);
        if (settings.AmsGrad)
        {
            squares = TorchSharp.Foreach.Maximum(part.Gather(s => s.LargestSquare), squares);
            for (var i = 0; i < squares.Length; i++) part.States[i].KeepLargest(squares[i]);
        }

        var roots = TorchSharp.Foreach.Sqrt(squares);
        TorchSharp.Foreach.Divide(roots, Math.Sqrt(1 - Math.Pow(beta2, part.States[0].Step)));
        TorchSharp.Foreach.Add(roots, settings.Epsilon);
        TorchSharp.Foreach.AddQuotient(parameters, means, roots, -rate / (1 - Math.Pow(beta1, part.States[0].Step)));
        TorchSharp.Foreach.Dispose(roots);
        if (!ReferenceEquals(gradients, part.Gradients)) TorchSharp.Foreach.Dispose(gradients);
    }

    /// <summary>The formula as it stands, parameter by parameter.</summary>
    internal static void Plain(StepPart<AdamMoments> part, AdamSettings settings, bool decoupled)
    {
        for (var i = 0; i < part.Parameters.Length; i++)
        {
            using var scope = NewDisposeScope();
            var (parameter, state) = (part.Parameters[i], part.States[i]);
            var gradient = settings.Maximize ? part.Gradients[i].neg() : part.Gradients[i];
            if (decoupled) parameter.mul_((Scalar)(1 - settings.Rate * settings.WeightDecay));
            else if (settings.WeightDecay != 0) gradient = gradient.add(parameter.mul((Scalar)settings.WeightDecay));

            state.Mean!.mul_((Scalar)settings.Beta1).add_(gradient, 1 - settings.Beta1);
            AddProductOp.Apply(state.Square!.mul_((Scalar)settings.Beta2), gradient, gradient, 1 - settings.Beta2);
            if (settings.AmsGrad) state.KeepLargest(maximum(state.LargestSquare!, state.Square!));

            var square = settings.AmsGrad ? state.LargestSquare! : state.Square!;
            var root = square.sqrt().div_((Scalar)Math.Sqrt(1 - Math.Pow(settings.Beta2, state.Step))).add_((Scalar)settings.Epsilon);
            AddQuotientOp.Apply(parameter, state.Mean, root, -settings.Rate / (1 - Math.Pow(settings.Beta1, state.Step)));
        }
    }
}
