using System.Numerics;

namespace Forecast.Core.Numerics;

/// <summary>
/// Uniform and normal draws that are the same for the same seed on every machine: xoshiro256++ (Blackman and Vigna 2021), its
/// state filled by SplitMix64.
/// </summary>
public sealed class RandomSource
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public RandomSource(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The generator in a given state, as its authors' test vectors need it.</summary>
    internal RandomSource(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform on the open interval (0, 1): never 0 or 1, so that a quantile function may take it.</summary>
    public double NextDouble() => ((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Standard normal, by inversion: one uniform a draw.</summary>
    public double NextNormal() => Distributions.NormalDistribution.Quantile(NextDouble());

    /// <summary>Fills a span with what as many calls of <see cref="NextNormal"/> would give, in about a quarter of the time.</summary>
    public void FillNormal(Span<double> draws)
    {
        for (var i = 0; i < draws.Length; i++) draws[i] = NextDouble();
        Distributions.NormalQuantile.Replace(draws);
    }

    /// <summary>Uniform on 0..<paramref name="exclusiveMax"/>-1.</summary>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    internal static ulong SplitMix(ref ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        var z = x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
