using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The numbers of gradient descent with momentum.</summary>
internal readonly record struct SgdSettings(double Rate, double Momentum, double Dampening, double WeightDecay, bool Nesterov, bool Maximize)
{
    /// <exception cref="ArgumentOutOfRangeException">A number is outside of its range.</exception>
    /// <exception cref="ArgumentException">Nesterov's look-ahead without momentum, or with dampening.</exception>
    internal SgdSettings Checked()
    {
        Arguments.NotNegative(Rate, "lr");
        Arguments.NotNegative(Momentum, "momentum");
        Arguments.NotNegative(WeightDecay, "weight_decay");
        Arguments.Require(!Nesterov || (Momentum > 0 && Dampening == 0), "Nesterov's look-ahead needs a momentum and no dampening.", "nesterov");
        return this;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Momentum);
        writer.Write(Dampening);
        writer.Write(WeightDecay);
        writer.Write(Nesterov);
        writer.Write(Maximize);
    }

    internal static SgdSettings Read(BinaryReader reader, double rate) =>
        new(rate, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadBoolean());
}

/// <summary>The step of gradient descent, list by list and as it stands in the textbook.</summary>
internal static class SgdKernels
{
    /// <summary>One call for each line of the formula. A part holds either parameters with a momentum buffer or those without.</summary>
    internal static void Foreach(StepPart<SgdMoments> part, SgdSettings settings)
    {
        var made = new List<Tensor[]>();
        var gradients = part.Gradients;
        if (settings.Maximize) gradients = Keep(TorchSharp.Foreach.Negate(gradients));
        if (settings.WeightDecay != 0) gradients = Keep(TorchSharp.Foreach.Sum(gradients, part.Parameters, settings.WeightDecay));
        if (settings.Momentum != 0)
        {
            if (part.States[0].Momentum is null)
            {
                // The first step takes the gradient as it is, undampened.
                for (var i = 0; i < gradients.Length; i++) part.States[i].Start(gradients[i]);
            }
            else
            {
                var momenta = part.Gather(s => s.Momentum);
                TorchSharp.Foreach.Multiply(momenta, settings.Momentum);
                TorchSharp.Foreach.Add(momenta, gradients, 1 - settings.Dampening);
            }
            var buffers = part.Gather(s => s.Momentum);
            gradients = settings.Nesterov ? Keep(TorchSharp.Foreach.Sum(gradients, buffers, settings.Momentum)) : buffers;
        }
        TorchSharp.Foreach.Add(part.Parameters, gradients, -settings.Rate);
        foreach (var list in made) TorchSharp.Foreach.Dispose(list);

        Tensor[] Keep(Tensor[] list)
        {
            made.Add(list);
            return list;
        }
    }

    /// <summary>The formula as it stands, parameter by parameter.</summary>
    internal static void Plain(StepPart<SgdMoments> part, SgdSettings settings)
    {
        for (var i = 0; i < part.Parameters.Length; i++)
        {
            using var scope = NewDisposeScope();
            var (parameter, state) = (part.Parameters[i], part.States[i]);
            var gradient = settings.Maximize ? part.Gradients[i].neg() : part.Gradients[i];
            if (settings.WeightDecay != 0) gradient = gradient.add(parameter, settings.WeightDecay);
            if (settings.Momentum != 0)
            {
                if (state.Momentum is null) state.Start(gradient);
                else state.Momentum.mul_((Scalar)settings.Momentum).add_(gradient, 1 - settings.Dampening);
                gradient = settings.Nesterov ? gradient.add(state.Momentum!, settings.Momentum) : state.Momentum!;
            }
            parameter.add_(gradient, -settings.Rate);
        }
    }
}
