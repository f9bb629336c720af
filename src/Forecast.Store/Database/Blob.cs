using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Database;

/// <summary>Blocks of values as little-endian 64-bit words. Doubles keep every bit, the payload of a NaN included.</summary>
internal static class Blob
{
    public static byte[] Of(ReadOnlySpan<double> values) => Of(MemoryMarshal.Cast<double, long>(values));

    public static byte[] Of(ReadOnlySpan<long> values)
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian) Reverse(bytes);
        return bytes;
    }

    public static byte[] Of(ReadOnlySpan<int> values)
    {
        var wide = new long[values.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = values[i];
        return Of(wide);
    }

    /// <exception cref="ForecastException">An instant between two microseconds: names field, series and row.</exception>
    public static byte[] Of(ReadOnlySpan<Instant> instants, string field, string? series, int firstRow = 0)
    {
        var micros = new long[instants.Length];
        for (var i = 0; i < micros.Length; i++) micros[i] = Micros.Exact(instants[i], field, series, firstRow + i);
        return Of(micros);
    }

    public static double[] Doubles(byte[] bytes, string what) => Words<double>(bytes, what);

    public static long[] Longs(byte[] bytes, string what) => Words<long>(bytes, what);

    public static int[] Ints(byte[] bytes, string what) => [.. Longs(bytes, what).Select(v => checked((int)v))];

    public static Instant[] Instants(byte[] bytes, string what)
    {
        var micros = Longs(bytes, what);
        var instants = new Instant[micros.Length];
        for (var i = 0; i < micros.Length; i++) instants[i] = Micros.ToInstant(micros[i]);
        return instants;
    }

    private static T[] Words<T>(byte[] bytes, string what)
        where T : unmanaged
    {
        if (bytes.Length % sizeof(long) != 0)
            throw new ForecastException("store-corrupt", $"{what}: a block of {bytes.Length} bytes is not a whole number of 64-bit values", what);
        var values = new T[bytes.Length / sizeof(long)];
        var target = MemoryMarshal.AsBytes(values.AsSpan());
        bytes.CopyTo(target);
        if (!BitConverter.IsLittleEndian) Reverse(target);
        return values;
    }

    private static void Reverse(Span<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, long>(bytes);
        BinaryPrimitives.ReverseEndianness(words, words);
    }
}
