using Forecast.Core;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Weights;

/// <summary>A run of bytes that one or more tensors look into. A stated checksum is compared before the first byte is handed out.</summary>
internal sealed class WeightStorage(WeightMemory memory, long offset, long length, string name, uint? checksum = null)
{
    private const int Chunk = 1 << 30;
    private int _verified;

    public string File => memory.File;

    public string Name => name;

    /// <summary>Bytes.</summary>
    public long Length => length;

    /// <exception cref="ForecastException">The bytes are damaged, or the range is not inside the storage.</exception>
    public ReadOnlySpan<byte> Slice(long start, long count)
    {
        CheckRange(start, count);
        Verify();
        return memory.Slice(offset + start, count);
    }

    /// <inheritdoc cref="WeightMemory.Hold"/>
    public WeightLease Hold(long start, long count)
    {
        CheckRange(start, count);
        Verify();
        return memory.Hold(offset + start, count);
    }

    private void CheckRange(long start, long count)
    {
        if (start < 0 || count < 0 || start > length - count)
            throw WeightErrors.Invalid(File, $"bytes {start} to {(Int128)start + count} of {WeightErrors.Quote(name)} are asked for, but it has {length}", name);
    }

    private void Verify()
    {
        if (checksum is not { } stated || Volatile.Read(ref _verified) != 0) return;
        var crc = new Crc32();
        for (long done = 0; done < length; done += Chunk) crc.Add(memory.Slice(offset + done, Math.Min(Chunk, length - done)));
        if (crc.Value != stated)
            throw WeightErrors.Invalid(File, $"record {WeightErrors.Quote(name)} is damaged: its checksum is {crc.Value:x8}, the directory says {stated:x8}", name);
        Volatile.Write(ref _verified, 1);
    }
}
