using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Forecast.Core.Numerics;

/// <summary>Seeds that depend on what is fitted, never on which worker fits it or when.</summary>
public static class Seeds
{
    /// <summary>First eight bytes (little-endian) of the SHA-256 over the run's seed and the parts, each with its length.</summary>
    public static ulong Derive(ulong seed, params ReadOnlySpan<string> parts)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, seed);
        sha.AppendData(number);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt64LittleEndian(number, bytes.Length);
            sha.AppendData(number);
            sha.AppendData(bytes);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(sha.GetHashAndReset());
    }
}
