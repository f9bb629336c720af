using System.Buffers.Binary;
using Forecast.Core;

namespace Forecast.Models.Weights.Safetensors;

/// <summary>
/// Reads a safetensors file: 8 bytes with the header's length (little-endian), the header, then the values of all tensors without
/// a gap. Format: Hugging Face, safetensors 0.x; the checks are those of its reference library, and duplicate names are refused too.
/// </summary>
internal static class SafetensorsFile
{
    private const int LengthBytes = 8;

    /// <summary>Whether the content can only be meant as this format.</summary>
    public static bool Looks(WeightMemory memory) =>
        memory.Length > LengthBytes
        && memory.Slice(LengthBytes, 1)[0] == (byte)'{'
        && (BinaryPrimitives.ReadUInt64LittleEndian(memory.Slice(0, LengthBytes)) <= uint.MaxValue || !ShardedWeights.Looks(memory));

    /// <exception cref="ForecastException">The file breaks a rule of the format.</exception>
    public static IWeightFile Read(WeightMemory memory)
    {
        var file = memory.File;
        if (memory.Length < LengthBytes) throw WeightErrors.Invalid(file, $"{memory.Length} bytes are too few for the length of a header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(memory.Slice(0, LengthBytes));
        if (length > SafetensorsHeader.LongestHeader) throw WeightErrors.Invalid(file, $"a header of {length} bytes is claimed; the format allows {SafetensorsHeader.LongestHeader}");
        var start = LengthBytes + (long)length;
        if (start > memory.Length) throw WeightErrors.Invalid(file, $"a header of {length} bytes is claimed, but the file has {memory.Length}: it is cut short");
        var dataLength = memory.Length - start;
        var header = SafetensorsHeader.Read(memory.Slice(LengthBytes, (long)length), dataLength, file);
        var storage = new WeightStorage(memory, start, dataLength, "data");
        var tensors = header.Entries.Select(e => WeightTensor.Dense(e.Name, e.Type, e.Shape, storage, e.Begin, e.End - e.Begin)).ToList();
        return new WeightTable(file, WeightFormat.Safetensors, tensors, new Lazy<IReadOnlyDictionary<string, string>>(header.Metadata), [memory]);
    }
}
