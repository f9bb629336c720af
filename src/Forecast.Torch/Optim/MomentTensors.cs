using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Keeping, copying, saving and loading the tensors that an optimiser holds for a parameter.</summary>
internal abstract class MomentTensors(Parameter parameter)
{
    /// <summary>Zeros like the parameter, owned by the optimiser and by no dispose scope.</summary>
    protected Tensor Zeros() => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();

    /// <summary>Exchanges a tensor, freeing the one before.</summary>
    protected static void Replace(ref Tensor? place, Tensor? value)
    {
        if (ReferenceEquals(place, value)) return;
        place?.Dispose();
        place = value?.DetachFromDisposeScope();
    }

    /// <summary>Exchanges a tensor for a copy of another parameter's, on this parameter's device.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    protected void Copy(ref Tensor? place, Tensor? source)
    {
        if (source is not null && !source.shape.AsSpan().SequenceEqual(parameter.shape))
            throw new ArgumentException($"A state of shape [{string.Join(", ", source.shape)}] does not fit a parameter of shape [{string.Join(", ", parameter.shape)}].", nameof(source));
        Replace(ref place, source?.to(source.dtype, parameter.device, copy: true));
    }

    protected static void Move(ref Tensor? place, Device device)
    {
        if (place is not null) Replace(ref place, place.to(device, copy: true));
    }

    protected static void Write(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        if (tensor is not null) TensorCodec.Write(writer, tensor);
    }

    /// <exception cref="InvalidDataException">The bytes are not such a tensor, or not of the parameter's shape.</exception>
    protected void Read(BinaryReader reader, ref Tensor? place)
    {
        if (!reader.ReadBoolean())
        {
            Replace(ref place, null);
            return;
        }
        using var read = TensorCodec.Read(reader, parameter.shape);
        Replace(ref place, read.to(read.dtype, parameter.device, copy: true));
    }

    protected static bool Close(Tensor? a, Tensor? b) => a is null || b is null ? a is null && b is null : a.allclose(b);
}
