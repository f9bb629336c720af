using System.Runtime.CompilerServices;
using TorchSharp;

namespace Forecast.Torch;

/// <summary>
/// What an operator returned. It converts to the tensor, tuple, list or number that the caller expects, once: the results
/// belong to whoever converts.
/// </summary>
internal unsafe struct Outputs()
{
    internal const int Capacity = 5;

    [InlineArray(Capacity)]
    private struct Values
    {
        private NativeValue first;
    }

    private Values values = default;
    internal int Count;

    internal NativeValue* Address => (NativeValue*)Unsafe.AsPointer(ref values);

    public static implicit operator torch.Tensor(Outputs outputs) => outputs.TensorAt(0);

    public static implicit operator (torch.Tensor, torch.Tensor)(Outputs outputs) => (outputs.TensorAt(0), outputs.TensorAt(1));

    public static implicit operator (torch.Tensor, torch.Tensor, torch.Tensor)(Outputs outputs) =>
        (outputs.TensorAt(0), outputs.TensorAt(1), outputs.TensorAt(2));

    public static implicit operator (torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor)(Outputs outputs) =>
        (outputs.TensorAt(0), outputs.TensorAt(1), outputs.TensorAt(2), outputs.TensorAt(3));

    public static implicit operator torch.Tensor[](Outputs outputs)
    {
        var value = outputs.At(0, ValueTag.Tensors);
        var tensors = new torch.Tensor[value.Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(((nint*)value.Handle)[i]);
        Native.Free(value.Handle);
        return tensors;
    }

    public static implicit operator bool(Outputs outputs) => outputs.At(0, ValueTag.Bool).Integer != 0;

    public static implicit operator long(Outputs outputs) => outputs.At(0, ValueTag.Int).Integer;

    public static implicit operator double(Outputs outputs) => outputs.At(0, ValueTag.Double).Real;

    /// <summary>The tensor at a place among the results; null when the operator left it undefined.</summary>
    internal readonly torch.Tensor? OptionalAt(int place)
    {
        var value = At(place, ValueTag.Tensor);
        return value.Handle == 0 ? null : new torch.Tensor(value.Handle, value.Count);
    }

    /// <summary>The tensor at a place among the results.</summary>
    /// <exception cref="TorchException">The operator left it undefined.</exception>
    internal readonly torch.Tensor TensorAt(int place) => OptionalAt(place) ?? throw new TorchException($"result {place} is an undefined tensor");

    /// <summary>The tensor that a factory made.</summary>
    internal readonly torch.Tensor Made(bool requiresGrad)
    {
        var made = TensorAt(0);
        return requiresGrad ? made.requires_grad_() : made;
    }

    /// <summary>Gives back results that nobody wants.</summary>
    internal readonly void Drop()
    {
        for (var i = 0; i < Count; i++)
        {
            var value = values[i];
            if (value.Tag == ValueTag.Tensor) Native.Release(value.Handle);
            if (value.Tag == ValueTag.Tensors)
            {
                for (var k = 0; k < value.Count; k++) Native.Release(((nint*)value.Handle)[k]);
            }

            if (value.Tag is ValueTag.Tensors or ValueTag.Ints or ValueTag.Complex) Native.Free(value.Handle);
        }
    }

    private readonly NativeValue At(int place, ValueTag tag)
    {
        var value = values[place];
        return place < Count && value.Tag == tag ? value : throw new TorchException($"result {place} is a {value.Tag}, not a {tag}");
    }
}
