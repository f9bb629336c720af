using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Garch;

/// <summary>
/// Σ_{i=1..N} w_i x_{t-i} for every t at once, a constant standing before x. Sixteen neighbouring t share each weight that is read, so
/// that the sums wait for arithmetic and not for memory. Equal to <see cref="Spans.Dot"/> at each t up to the order of summation.
/// </summary>
internal sealed class LagSums
{
    private const int Block = 16;
    private readonly int _n;
    private readonly double[] _padded;
    private double _before;

    /// <param name="length">Length of x.</param>
    public LagSums(int length)
    {
        _n = length;
        _padded = new double[length + 3 * Block];
    }

    /// <summary>Room that a result needs: a whole number of blocks.</summary>
    public static int Room(int length) => length + Block;

    /// <summary>Sets x and what stands before it.</summary>
    public void Set(ReadOnlySpan<double> x, double before)
    {
        x.CopyTo(_padded.AsSpan(Block));
        _before = before;
    }

    /// <summary>Sums with one row of weights.</summary>
    /// <param name="weights">w_N .. w_1, newest lag last.</param>
    /// <param name="beyond">Entry t: Σ_{i &gt; t} w_i.</param>
    /// <param name="sums">Receives the sums; of length <see cref="Room"/>.</param>
    public void Of(double[] weights, double[] beyond, double[] sums)
    {
        // Lags beyond t reach the zeros before x.
        for (var t = 0; t < _n; t += Block) Single(t, Math.Min(weights.Length, t + Block - 1), weights, sums);
        AddBefore(beyond, sums);
    }

    /// <summary>Sums with two rows of weights of one length in one pass over x.</summary>
    public void Of(double[] weights, double[] beyond, double[] sums, double[] otherWeights, double[] otherBeyond, double[] otherSums)
    {
        for (var t = 0; t < _n; t += Block) Pair(t, Math.Min(weights.Length, t + Block - 1), weights, sums, otherWeights, otherSums);
        AddBefore(beyond, sums);
        AddBefore(otherBeyond, otherSums);
    }

    private void AddBefore(double[] beyond, double[] sums)
    {
        for (var t = 0; t < Math.Min(_n, beyond.Length); t++) sums[t] += _before * beyond[t];
    }

    private void Single(int t, int last, double[] weights, double[] sums)
    {
        ref var x = ref _padded[Block + t];
        ref var w = ref MemoryMarshal.GetArrayDataReference(weights);
        Vector256<double> a0 = default, a1 = default, a2 = default, a3 = default;
        for (var i = 1; i <= last; i++)
        {
            var weight = Vector256.Create(Unsafe.Add(ref w, weights.Length - i));
            ref var from = ref Unsafe.Subtract(ref x, i);
            a0 = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref from), a0);
            a1 = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref from, 4), a1);
            a2 = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref from, 8), a2);
            a3 = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref from, 12), a3);
        }

        Store(sums, t, a0, a1, a2, a3);
    }

    private void Pair(int t, int last, double[] weights, double[] sums, double[] otherWeights, double[] otherSums)
    {
        ref var x = ref _padded[Block + t];
        ref var w = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var v = ref MemoryMarshal.GetArrayDataReference(otherWeights);
        Vector256<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (var i = 1; i <= last; i++)
        {
            var one = Vector256.Create(Unsafe.Add(ref w, weights.Length - i));
            var other = Vector256.Create(Unsafe.Add(ref v, weights.Length - i));
            ref var from = ref Unsafe.Subtract(ref x, i);
            Vector256<double> x0 = Vector256.LoadUnsafe(ref from), x1 = Vector256.LoadUnsafe(ref from, 4), x2 = Vector256.LoadUnsafe(ref from, 8), x3 = Vector256.LoadUnsafe(ref from, 12);
            a0 = Vector256.FusedMultiplyAdd(one, x0, a0);
            a1 = Vector256.FusedMultiplyAdd(one, x1, a1);
            a2 = Vector256.FusedMultiplyAdd(one, x2, a2);
            a3 = Vector256.FusedMultiplyAdd(one, x3, a3);
            b0 = Vector256.FusedMultiplyAdd(other, x0, b0);
            b1 = Vector256.FusedMultiplyAdd(other, x1, b1);
            b2 = Vector256.FusedMultiplyAdd(other, x2, b2);
            b3 = Vector256.FusedMultiplyAdd(other, x3, b3);
        }

        Store(sums, t, a0, a1, a2, a3);
        Store(otherSums, t, b0, b1, b2, b3);
    }

    private static void Store(double[] sums, int t, Vector256<double> a0, Vector256<double> a1, Vector256<double> a2, Vector256<double> a3)
    {
        ref var target = ref sums.AsSpan(t, Block)[0];
        a0.StoreUnsafe(ref target);
        a1.StoreUnsafe(ref target, 4);
        a2.StoreUnsafe(ref target, 8);
        a3.StoreUnsafe(ref target, 12);
    }
}
