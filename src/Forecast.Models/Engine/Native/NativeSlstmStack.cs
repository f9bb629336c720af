using Forecast.Models.Xlstm;
using Forecast.Torch;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>The blocks of the shim, <c>forecast::slstm_stack</c>; <see cref="Tirex.TirexBlock"/> is their reference.</summary>
internal sealed class NativeSlstmStack : ISlstmStack
{
    private const long WidestRow = 1024;

    private static readonly Operator Stack = new("forecast::slstm_stack");
    private static readonly Operator Panels = new("forecast::slstm_panels");

    private readonly SlstmStackShape _shape;
    private readonly torch.Tensor[] _weights;

    public NativeSlstmStack(SlstmStackShape shape, IReadOnlyList<SlstmBlockWeights> blocks)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        _shape = shape;
        var type = shape.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        torch.Tensor Own(torch.Tensor weight) => weight.detach().contiguous().DetachFromDisposeScope();
        // [.., out, in]: laid out for the CPU's kernels, as it is for CUDA's libraries.
        torch.Tensor Product(torch.Tensor weight) =>
            (weight.device_type == DeviceType.CPU ? (torch.Tensor)Panels.Call(weight.detach()) : weight.detach().to(type).contiguous()).DetachFromDisposeScope();
        torch.Tensor Maps(torch.Tensor weight) => Product(weight.device_type == DeviceType.CPU ? weight.transpose(1, 2) : weight);
        _weights = [.. blocks.SelectMany(b => new[]
        {
            Own(b.Norm), Maps(b.Maps), NativeSlstm.Pack(b.Recurrent, bfloat16: shape.BFloat16)!.DetachFromDisposeScope(), Own(b.Bias), Own(b.Scale), Own(b.FeedForwardNorm),
            Product(b.Gate), Product(b.Up), Product(b.Down),
        })];
    }

    /// <summary>float32 on the CPU; float32 and bfloat16 on CUDA, where heads have 16, 32, 64 or 128 units and rows up to 1024 numbers.</summary>
    public static bool Fits(SlstmStackShape shape, IReadOnlyList<SlstmBlockWeights> blocks)
    {
        if (blocks.Count == 0 || !Stack.Exists) return false;
        var (norm, recurrent) = (blocks[0].Norm, blocks[0].Recurrent);
        if (norm.dtype != torch.ScalarType.Float32 || recurrent.dtype != torch.ScalarType.Float32) return false;
        return norm.device_type switch
        {
            DeviceType.CPU => !shape.BFloat16,
            DeviceType.CUDA => norm.shape[0] <= WidestRow && NativeSlstm.OnCuda(recurrent.shape[1]),
            _ => false,
        };
    }

    public (torch.Tensor Output, torch.Tensor States) Run(torch.Tensor input, torch.Tensor? states) =>
        Stack.Call(input, _weights, states, _shape.Heads, _shape.ForgetCap, _shape.NormEps, _shape.GroupEps);

    public void Dispose()
    {
        foreach (var weight in _weights) weight.Dispose();
    }
}
