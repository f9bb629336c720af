using System.Buffers.Binary;
using System.Text;
using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>A stored (uncompressed) record of a zip archive and where its bytes lie in the file.</summary>
internal sealed record ZipRecord(string Name, long Offset, long Length, uint Checksum);

/// <summary>
/// The directory of a zip archive (PKWARE APPNOTE 6.3, with zip64). PyTorch stores its records uncompressed, so that they can be looked
/// at in place; anything else is refused, and so are records that overlap, which is how small files pretend to be large ones.
/// </summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int End64Length = 56;
    private const int LocatorLength = 20;
    private const int CentralLength = 46;
    private const int LocalLength = 30;
    private const int MostRecords = 1_000_000;

    /// <exception cref="ForecastException">The directory is damaged, or a record is compressed, encrypted or overlaps another.</exception>
    public static Dictionary<string, ZipRecord> Read(WeightMemory memory)
    {
        var (start, length, count, limit) = FindDirectory(memory);
        var records = new Dictionary<string, ZipRecord>(StringComparer.Ordinal);
        var position = start;
        for (var i = 0L; i < count; i++)
        {
            var record = ReadCentral(memory, ref position, start + length);
            if (record.Name.EndsWith('/') && record.Length == 0) continue;
            if (!records.TryAdd(record.Name, record)) throw WeightErrors.Invalid(memory.File, $"the archive has the record {WeightErrors.Quote(record.Name)} twice");
        }

        CheckOverlap(memory, records.Values, limit);
        return records;
    }

    private static void CheckOverlap(WeightMemory memory, IEnumerable<ZipRecord> records, long limit)
    {
        var free = 0L;
        foreach (var r in records.OrderBy(r => r.Offset).ThenBy(r => r.Length))
        {
            if (r.Offset < free) throw WeightErrors.Invalid(memory.File, $"record {WeightErrors.Quote(r.Name)} of the archive overlaps another");
            if (r.Length < 0 || r.Length > limit - r.Offset) throw WeightErrors.Invalid(memory.File, $"record {WeightErrors.Quote(r.Name)} of the archive claims {r.Length} bytes at {r.Offset}, but the records end at {limit}");
            free = r.Offset + r.Length;
        }
    }

    private static (long Start, long Length, long Count, long Limit) FindDirectory(WeightMemory memory)
    {
        var tailLength = Math.Min(memory.Length, EndLength + ushort.MaxValue);
        var tailStart = memory.Length - tailLength;
        var tail = memory.Slice(tailStart, tailLength);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail[at..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != 0x06054B50 || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) != end.Length - EndLength) continue;
            if (BinaryPrimitives.ReadUInt32LittleEndian(end[4..]) is not (0 or uint.MaxValue)) throw WeightErrors.Unsupported(memory.File, "the archive is one of several parts");
            long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            var limit = tailStart + at;
            if (Read64(memory, limit) is { } big) (start, length, count, limit) = big;
            else if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue) throw WeightErrors.Invalid(memory.File, "the archive refers to a zip64 directory that it lacks");
            if (start < 0 || length < 0 || start > limit - length)
                throw WeightErrors.Invalid(memory.File, $"the archive's directory is claimed at byte {start}, {length} long, but may end at {limit} at the latest");
            if (count < 0 || count > length / CentralLength || count > MostRecords) throw WeightErrors.Invalid(memory.File, $"the archive's directory of {length} bytes claims {count} records");
            return (start, length, count, start);
        }

        throw WeightErrors.Invalid(memory.File, "the archive has no directory at its end: it is cut short");
    }

    private static (long Start, long Length, long Count, long Limit)? Read64(WeightMemory memory, long end)
    {
        if (end < LocatorLength) return null;
        var locator = memory.Slice(end - LocatorLength, LocatorLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != 0x07064B50) return null;
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (at < 0 || at > end - LocatorLength - End64Length) throw WeightErrors.Invalid(memory.File, $"the zip64 directory is claimed at byte {at}, outside the archive");
        var record = memory.Slice(at, End64Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != 0x06064B50) throw WeightErrors.Invalid(memory.File, $"there is no zip64 directory at byte {at}");
        return (BinaryPrimitives.ReadInt64LittleEndian(record[48..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]), BinaryPrimitives.ReadInt64LittleEndian(record[32..]), at);
    }

    private static ZipRecord ReadCentral(WeightMemory memory, ref long position, long end)
    {
        if (position > end - CentralLength) throw WeightErrors.Invalid(memory.File, "the archive's directory ends inside a record");
        var fixedPart = memory.Slice(position, CentralLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(fixedPart) != 0x02014B50) throw WeightErrors.Invalid(memory.File, $"the archive's directory is damaged at byte {position}");
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[10..]);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[16..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[24..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[32..]);
        long local = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[42..]);
        var whole = (long)CentralLength + nameLength + extraLength + commentLength;
        if (position > end - whole) throw WeightErrors.Invalid(memory.File, "the archive's directory ends inside a record");
        var nameBytes = memory.Slice(position + CentralLength, nameLength);
        var name = Encoding.UTF8.GetString(nameBytes);
        ReadExtra64(memory.Slice(position + CentralLength + nameLength, extraLength), ref length, ref packed, ref local);
        if ((flags & 1) != 0) throw WeightErrors.Unsupported(memory.File, $"record {WeightErrors.Quote(name)} of the archive is encrypted");
        if (method != 0 || packed != length) throw WeightErrors.Unsupported(memory.File, $"record {WeightErrors.Quote(name)} of the archive is compressed; PyTorch stores its records as they are");
        position += whole;
        return new ZipRecord(name, DataOffset(memory, name, nameBytes, local), length, checksum);
    }

    /// <summary>The zip64 field holds, in this order, those of the three numbers whose 32-bit place is all ones.</summary>
    private static void ReadExtra64(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) return;
            if (id == 1)
            {
                var field = extra.Slice(4, size);
                Take(ref length, ref field);
                Take(ref packed, ref field);
                Take(ref local, ref field);
                return;
            }

            extra = extra[(4 + size)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8) return;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private static long DataOffset(WeightMemory memory, string name, ReadOnlySpan<byte> nameBytes, long local)
    {
        if (local < 0 || local > memory.Length - LocalLength) throw WeightErrors.Invalid(memory.File, $"record {WeightErrors.Quote(name)} of the archive is claimed at byte {local}, outside the file");
        var header = memory.Slice(local, LocalLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034B50) throw WeightErrors.Invalid(memory.File, $"record {WeightErrors.Quote(name)} of the archive is not at byte {local}, where the directory says");
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != 0 || !memory.Slice(local + LocalLength, nameLength).SequenceEqual(nameBytes))
            throw WeightErrors.Invalid(memory.File, $"the archive's directory and its record {WeightErrors.Quote(name)} contradict one another");
        return local + LocalLength + nameLength + extraLength;
    }
}
