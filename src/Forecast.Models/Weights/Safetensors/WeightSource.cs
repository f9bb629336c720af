using System.Runtime.InteropServices;

namespace Forecast.Models.Weights.Safetensors;

/// <summary>A tensor to be written: <paramref name="Write"/> puts its values on the stream row by row, little-endian.</summary>
public sealed record WeightSource(string Name, WeightType Type, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    /// <summary>Values in memory, row by row.</summary>
    /// <typeparam name="T">A type as wide as one element.</typeparam>
    public static WeightSource Of<T>(string name, WeightType type, IReadOnlyList<long> shape, ReadOnlyMemory<T> values)
        where T : unmanaged => new(name, type, shape, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    /// <summary>A tensor of an open file, under its own name or another.</summary>
    public static WeightSource Of(WeightTensor tensor, string? name = null) =>
        new(name ?? tensor.Name, tensor.Type, tensor.Shape, stream =>
        {
            if (tensor.IsContiguous && tensor.ByteLength <= int.MaxValue)
            {
                stream.Write(tensor.Bytes);
                return;
            }

            CopyInParts(tensor, stream);
        });

    private static unsafe void CopyInParts(WeightTensor tensor, Stream stream)
    {
        if (!tensor.IsContiguous)
        {
            var dense = new byte[tensor.ByteLength];
            tensor.CopyTo(dense);
            stream.Write(dense);
            return;
        }

        const int Part = 1 << 26;
        using var lease = tensor.Hold();
        for (var done = 0L; done < lease.Length; done += Part)
            stream.Write(new ReadOnlySpan<byte>((byte*)lease.Address + done, (int)Math.Min(Part, lease.Length - done)));
    }
}
