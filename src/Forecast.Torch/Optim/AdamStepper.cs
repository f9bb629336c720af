using TorchSharp.Modules;

namespace TorchSharp;

/// <summary>The implementations of an optimiser's step. They agree to within rounding.</summary>
internal enum StepKind
{
    /// <summary>The fastest that there is for the device.</summary>
    Fastest,

    /// <summary>One operator for all parameters and the whole formula.</summary>
    Fused,

    /// <summary>One operator for all parameters and each line of the formula.</summary>
    Foreach,

    /// <summary>The formula as it stands in the paper, parameter by parameter: the reference.</summary>
    Plain,
}

/// <summary>Adam's step on a group of parameters.</summary>
/// <param name="decoupled">Whether weight decay shrinks the weights rather than being added to the gradient.</param>
/// <param name="momentsOf">What is remembered about a parameter.</param>
internal sealed class AdamStepper(bool decoupled, Func<Parameter, AdamMoments> momentsOf)
{
    private readonly Dictionary<ParamGroup, StepBatch<AdamMoments>> _batches = new(ReferenceEqualityComparer.Instance);

    internal StepKind Kind { get; set; }

    /// <summary>Drops what was derived from groups and states.</summary>
    internal void Forget() => _batches.Clear();

    internal void Step(ParamGroup group, AdamSettings settings)
    {
        if (!_batches.TryGetValue(group, out var batch)) _batches[group] = batch = new StepBatch<AdamMoments>(group.Parameters, momentsOf);
        foreach (var part in batch.WithGradients(m => m.Step))
            using (part)
            {
                foreach (var moments in part.States)
                {
                    moments.Step++;
                    if (settings.AmsGrad && moments.LargestSquare is null) moments.StartLargest();
                }
                switch (Kind == StepKind.Fastest ? Best(part) : Kind)
                {
                    case StepKind.Fused: AdamKernels.Fused(part, settings, decoupled); break;
                    case StepKind.Foreach: AdamKernels.Foreach(part, settings, decoupled); break;
                    default: AdamKernels.Plain(part, settings, decoupled); break;
                }
            }
    }

    private StepKind Best(StepPart<AdamMoments> part) => AdamKernels.CanFuse(part, decoupled) ? StepKind.Fused : StepKind.Foreach;
}
