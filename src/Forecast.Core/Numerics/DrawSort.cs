using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Forecast.Core.Numerics;

/// <summary>
/// Sorts many doubles that are spread out, as simulated draws are: three passes of a radix sort over the 33 highest bits in which
/// the values differ, then insertion for the few that these bits leave out of order. Values that the bits hardly tell apart are
/// left to <see cref="Array.Sort{T}(T[])"/>, so that no input is slow.
/// </summary>
internal static class DrawSort
{
    private const int Digit = 11;
    private const int Buckets = 1 << Digit;
    private const int Passes = 3;
    private const int WorthIt = 1024;

    /// <summary>Sorts ascending. NaN comes to one of the ends.</summary>
    public static void Ascending(double[] values)
    {
        if (values.Length < WorthIt)
        {
            Array.Sort(values);
            return;
        }

        var bits = MemoryMarshal.Cast<double, ulong>(values.AsSpan());
        ulong all = ulong.MaxValue, any = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            var key = Key(bits[i]);
            bits[i] = key;
            all &= key;
            any |= key;
        }

        Radix(bits, BitOperations.Log2((any ^ all) | 1));
        var sorted = Insert(bits);
        for (var i = 0; i < bits.Length; i++) bits[i] = Unkey(bits[i]);
        if (!sorted) Array.Sort(values);
    }

    /// <summary>Whole numbers in the order of the doubles: the sign bit turned for positive ones, all bits for negative ones.</summary>
    private static ulong Key(ulong bits) => bits ^ ((ulong)((long)bits >> 63) | 0x8000_0000_0000_0000);

    private static ulong Unkey(ulong key) => key ^ ((ulong)((long)~key >> 63) | 0x8000_0000_0000_0000);

    /// <param name="keys">What to sort.</param>
    /// <param name="highest">Number of the highest bit in which keys differ.</param>
    private static void Radix(Span<ulong> keys, int highest)
    {
        var low = Math.Max(0, highest + 1 - (Passes * Digit));
        Span<int> starts = stackalloc int[Passes * Buckets];
        starts.Clear();
        foreach (var key in keys)
        {
            var k = key >> low;
            starts[(int)(k & (Buckets - 1))]++;
            starts[Buckets + (int)((k >> Digit) & (Buckets - 1))]++;
            starts[(2 * Buckets) + (int)((k >> (2 * Digit)) & (Buckets - 1))]++;
        }

        var rented = ArrayPool<ulong>.Shared.Rent(keys.Length);
        Span<ulong> from = keys, to = rented.AsSpan(0, keys.Length);
        for (var pass = 0; pass < Passes; pass++)
        {
            var start = starts.Slice(pass * Buckets, Buckets);
            var sum = 0;
            for (var b = 0; b < Buckets; b++) (start[b], sum) = (sum, sum + start[b]);
            var shift = low + (pass * Digit);
            foreach (var key in from) to[start[(int)((key >> shift) & (Buckets - 1))]++] = key;
            var swap = from;
            from = to;
            to = swap;
        }

        // An odd number of passes ends in the other array.
        from.CopyTo(keys);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>False when it was given up because too much was out of order; nothing is lost then.</summary>
    private static bool Insert(Span<ulong> keys)
    {
        var moves = 4 * keys.Length;
        for (var i = 1; i < keys.Length; i++)
        {
            var key = keys[i];
            if (keys[i - 1] <= key) continue;
            var j = i;
            for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
            keys[j] = key;
            moves -= i - j;
            if (moves < 0) return false;
        }

        return true;
    }
}
