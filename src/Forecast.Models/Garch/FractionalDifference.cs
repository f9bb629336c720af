using System.Numerics;
using System.Runtime.InteropServices;

namespace Forecast.Models.Garch;

/// <summary>
/// The weights δ_i of 1 - (1-B)^d up to lag 1000 with two derivatives in d, newest lag last, and what sums of FIGARCH's λ_i need:
/// δ_i = δ_{i-1} (i-1-d)/i, δ'_i = (δ'_{i-1} (i-1-d) - δ_{i-1})/i, δ''_i = (δ''_{i-1} (i-1-d) - 2δ'_{i-1})/i.
/// </summary>
internal sealed class FractionalDifference
{
    private const int N = FigarchWeights.Lags;
    private readonly double[][] _weights = [new double[N], new double[N], new double[N]];
    private readonly double[][] _beyond = [new double[N + 1], new double[N + 1], new double[N + 1]];

    /// <summary>δ (0), δ' (1) or δ'' (2) in the order of the observations that they weigh: entry N - i belongs to lag i.</summary>
    public ReadOnlySpan<double> Weights(int order) => _weights[order];

    /// <summary>The derivative of that order at lag i.</summary>
    public double At(int order, int lag) => _weights[order][N - lag];

    /// <summary>Its sum over the lags after t.</summary>
    public double Beyond(int order, int t) => _beyond[order][Math.Min(t, N)];

    /// <summary>Σ_{i=1..N} w_i x_{t-i} for x_0..x_{t-1}, a constant before them.</summary>
    public double Convolve(int order, ReadOnlySpan<double> x, int t, double before)
    {
        var k = Math.Min(t, N);
        return Spans.Dot(_weights[order].AsSpan(N - k, k), x.Slice(t - k, k)) + before * _beyond[order][k];
    }

    /// <summary>The sums of x with δ, δ' and δ'' in one pass over x.</summary>
    public (double Zero, double One, double Two) ConvolveAll(ReadOnlySpan<double> x, int t, double before)
    {
        var k = Math.Min(t, N);
        var past = x.Slice(t - k, k);
        ReadOnlySpan<double> w0 = _weights[0].AsSpan(N - k, k), w1 = _weights[1].AsSpan(N - k, k), w2 = _weights[2].AsSpan(N - k, k);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(past);
        var v0 = MemoryMarshal.Cast<double, Vector<double>>(w0)[..wide.Length];
        var v1 = MemoryMarshal.Cast<double, Vector<double>>(w1)[..wide.Length];
        var v2 = MemoryMarshal.Cast<double, Vector<double>>(w2)[..wide.Length];
        Vector<double> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        var i = 0;
        for (; i + 1 < wide.Length; i += 2)
        {
            Vector<double> u = wide[i], v = wide[i + 1];
            a0 += v0[i] * u;
            a1 += v1[i] * u;
            a2 += v2[i] * u;
            b0 += v0[i + 1] * v;
            b1 += v1[i + 1] * v;
            b2 += v2[i + 1] * v;
        }

        if (i < wide.Length)
        {
            a0 += v0[i] * wide[i];
            a1 += v1[i] * wide[i];
            a2 += v2[i] * wide[i];
        }

        double s0 = Vector.Sum(a0 + b0), s1 = Vector.Sum(a1 + b1), s2 = Vector.Sum(a2 + b2);
        for (i = wide.Length * Vector<double>.Count; i < k; i++)
        {
            s0 += w0[i] * past[i];
            s1 += w1[i] * past[i];
            s2 += w2[i] * past[i];
        }

        return (s0 + before * _beyond[0][k], s1 + before * _beyond[1][k], s2 + before * _beyond[2][k]);
    }

    public void Set(double d)
    {
        double w0 = d, w1 = 1, w2 = 0;
        for (var i = 1; i <= N; i++)
        {
            if (i > 1)
            {
                var factor = i - 1 - d;
                w2 = (w2 * factor - 2 * w1) / i;
                w1 = (w1 * factor - w0) / i;
                w0 = w0 * factor / i;
            }

            _weights[0][N - i] = w0;
            _weights[1][N - i] = w1;
            _weights[2][N - i] = w2;
        }

        for (var order = 0; order < 3; order++)
            for (var i = N; i > 0; i--) _beyond[order][i - 1] = _beyond[order][i] + _weights[order][N - i];
    }
}

/// <summary>λ_N and Σ λ_i of FIGARCH with derivatives in (phi, d, beta): value, three first, six second (φφ φd φβ dd dβ ββ).</summary>
internal static class FigarchSums
{
    public const int Terms = 10;

    public static void Compute(FractionalDifference delta, double phi, double beta, Span<double> last, Span<double> sum)
    {
        Span<double> l = stackalloc double[Terms], next = stackalloc double[Terms];
        l[0] = phi - beta + delta.At(0, 1);
        l[1] = 1;
        l[2] = 1;
        l[3] = -1;
        l.CopyTo(sum);
        for (var i = 2; i <= FigarchWeights.Lags; i++)
        {
            double d0 = delta.At(0, i - 1), d1 = delta.At(1, i - 1), d2 = delta.At(2, i - 1);
            for (var j = 0; j < Terms; j++) next[j] = beta * l[j];
            next[0] += delta.At(0, i) - phi * d0;
            next[1] -= d0;
            next[2] += delta.At(1, i) - phi * d1;
            next[3] += l[0];
            next[5] -= d1;
            next[6] += l[1];
            next[7] += delta.At(2, i) - phi * d2;
            next[8] += l[2];
            next[9] += 2 * l[3];
            next.CopyTo(l);
            for (var j = 0; j < Terms; j++) sum[j] += l[j];
        }

        l.CopyTo(last);
    }
}
