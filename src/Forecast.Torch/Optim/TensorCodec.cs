using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A tensor as bytes: its type's number, the number of dimensions, their sizes, and the elements in row order, little-endian.</summary>
internal static class TensorCodec
{
    internal static void Write(BinaryWriter writer, Tensor tensor)
    {
        writer.Write((byte)tensor.dtype);
        writer.Write((byte)tensor.dim());
        foreach (var size in tensor.shape) writer.Write(size);
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous();
        writer.Write(flat.bytes);
        GC.KeepAlive(flat);
    }

    /// <summary>Reads a floating-point tensor whose shape is known beforehand, so that a wrong file cannot claim any memory it likes.</summary>
    /// <exception cref="InvalidDataException">The type is no floating-point type, the shape is another one, or bytes are missing.</exception>
    internal static Tensor Read(BinaryReader reader, long[] shape)
    {
        var type = (ScalarType)reader.ReadByte();
        if (!Enum.IsDefined(type) || !is_floating_point(type)) throw new InvalidDataException($"A state holds tensors of floating-point numbers, not of type {type}.");
        var found = new long[reader.ReadByte()];
        for (var i = 0; i < found.Length; i++) found[i] = reader.ReadInt64();
        if (!found.AsSpan().SequenceEqual(shape))
            throw new InvalidDataException($"A state of shape [{string.Join(", ", found)}] does not fit a parameter of shape [{string.Join(", ", shape)}].");
        var tensor = empty(shape, type);
        var bytes = reader.ReadBytes(tensor.bytes.Length);
        if (bytes.Length != tensor.bytes.Length)
        {
            tensor.Dispose();
            throw new InvalidDataException($"The state ends early: {bytes.Length} of {shape.Aggregate(1L, (a, b) => a * b)} elements' bytes are there.");
        }
        tensor.bytes = bytes;
        return tensor;
    }
}
