using System.Text;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Tests.Weights.Support;

/// <summary>What a record of the archive says about itself; every field can be made to lie.</summary>
internal sealed record ZipPart(string Name, byte[] Content)
{
    public ushort Method { get; init; }

    public ushort Flags { get; init; }

    public long? Length { get; init; }

    public long? Offset { get; init; }

    public uint? Checksum { get; init; }
}

/// <summary>Writes zip archives of stored records, with or without zip64 fields.</summary>
internal static class ZipBytes
{
    public static byte[] Make(IEnumerable<ZipPart> parts, bool zip64 = false, int? count = null)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var placed = new List<(ZipPart Part, long Offset)>();
        foreach (var p in parts)
        {
            placed.Add((p, file.Position));
            writer.Write(0x04034B50u);
            writer.Write((ushort)20);
            Common(writer, p, zip64);
            writer.Write((ushort)0);
            writer.Write(Encoding.UTF8.GetBytes(p.Name));
            writer.Write(p.Content);
        }

        var start = file.Position;
        foreach (var (p, offset) in placed)
        {
            var name = Encoding.UTF8.GetBytes(p.Name);
            writer.Write(0x02014B50u);
            writer.Write((ushort)20);
            writer.Write((ushort)20);
            Common(writer, p, zip64);
            writer.Write((ushort)(zip64 ? 28 : 0));
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(0u);
            writer.Write(zip64 ? uint.MaxValue : (uint)(p.Offset ?? offset));
            writer.Write(name);
            if (!zip64) continue;
            writer.Write((ushort)1);
            writer.Write((ushort)24);
            writer.Write(p.Length ?? p.Content.Length);
            writer.Write(p.Length ?? p.Content.Length);
            writer.Write(p.Offset ?? offset);
        }

        var length = file.Position - start;
        if (zip64)
        {
            var end64 = file.Position;
            writer.Write(0x06064B50u);
            writer.Write(44L);
            writer.Write(45);
            writer.Write(0L);
            writer.Write((long)placed.Count);
            writer.Write((long)(count ?? placed.Count));
            writer.Write(length);
            writer.Write(start);
            writer.Write(0x07064B50u);
            writer.Write(0);
            writer.Write(end64);
            writer.Write(1);
        }

        writer.Write(0x06054B50u);
        writer.Write(0);
        writer.Write((ushort)placed.Count);
        writer.Write(zip64 ? ushort.MaxValue : (ushort)(count ?? placed.Count));
        writer.Write(zip64 ? uint.MaxValue : (uint)length);
        writer.Write(zip64 ? uint.MaxValue : (uint)start);
        writer.Write((ushort)0);
        return file.ToArray();
    }

    private static void Common(BinaryWriter writer, ZipPart part, bool zip64)
    {
        writer.Write(part.Flags);
        writer.Write(part.Method);
        writer.Write(0u);
        writer.Write(part.Checksum ?? Crc32.Of(part.Content));
        var length = zip64 ? uint.MaxValue : (uint)(part.Length ?? part.Content.Length);
        writer.Write(length);
        writer.Write(length);
        writer.Write((ushort)Encoding.UTF8.GetByteCount(part.Name));
    }
}
