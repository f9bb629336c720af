using Forecast.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The gradients of parameters, without the overhead of asking for them one property at a time.</summary>
internal static class Gradients
{
    private static readonly Operator VectorNorm = new("linalg_vector_norm");

    /// <summary>The gradients that there are; the caller disposes them.</summary>
    internal static Tensor[] Of(IEnumerable<Parameter> parameters)
    {
        var found = new List<Tensor>();
        foreach (var parameter in parameters)
            if (parameter.grad is { } gradient) found.Add(gradient);
        return [.. found];
    }

    /// <summary>Forgets a gradient, or fills it with zeros.</summary>
    internal static void Clear(Parameter parameter, bool toNone)
    {
        if (toNone)
        {
            parameter.grad = null;
            return;
        }
        using var gradient = parameter.grad;
        if (gradient is null) return;
        using (no_grad()) gradient.zero_();
    }

    /// <summary>The norm of all entries taken together.</summary>
    internal static double Norm(Tensor[] gradients, double p)
    {
        var norms = Foreach.Norms(gradients, p);
        using var together = stack(norms);
        foreach (var norm in norms) norm.Dispose();
        using Tensor total = VectorNorm.Call(together, p);
        return total.ToDouble();
    }
}
