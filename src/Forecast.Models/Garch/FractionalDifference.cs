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
    public double[] Weights(int order) => _weights[order];

    /// <summary>The derivative of that order at lag i.</summary>
    public double At(int order, int lag) => _weights[order][N - lag];

    /// <summary>Entry t: its sum over the lags after t.</summary>
    public double[] Beyond(int order) => _beyond[order];

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

    /// <summary>λ_N and the sum.</summary>
    public static void Compute(FractionalDifference delta, double phi, double beta, Span<double> last, Span<double> sum)
    {
        Span<double> l = stackalloc double[Terms];
        First(delta, phi, beta, l);
        l.CopyTo(sum);
        for (var i = 2; i <= FigarchWeights.Lags; i++)
        {
            Next(delta, phi, beta, i, l);
            for (var j = 0; j < Terms; j++) sum[j] += l[j];
        }

        l.CopyTo(last);
    }

    /// <summary>λ_1, λ_2, .. as many as there is room for, one row of <see cref="Terms"/> each.</summary>
    public static void Fill(FractionalDifference delta, double phi, double beta, Span<double> rows)
    {
        First(delta, phi, beta, rows[..Terms]);
        for (var i = 1; i < rows.Length / Terms; i++)
        {
            var row = rows.Slice(i * Terms, Terms);
            rows.Slice((i - 1) * Terms, Terms).CopyTo(row);
            Next(delta, phi, beta, i + 1, row);
        }
    }

    private static void First(FractionalDifference delta, double phi, double beta, Span<double> l)
    {
        l.Clear();
        l[0] = phi - beta + delta.At(0, 1);
        l[1] = 1;
        l[2] = 1;
        l[3] = -1;
    }

    /// <summary>From λ_{i-1} to λ_i in place.</summary>
    private static void Next(FractionalDifference delta, double phi, double beta, int i, Span<double> l)
    {
        double d0 = delta.At(0, i - 1), d1 = delta.At(1, i - 1), d2 = delta.At(2, i - 1);
        double l0 = l[0], l1 = l[1], l2 = l[2], l3 = l[3];
        for (var j = 0; j < Terms; j++) l[j] *= beta;
        l[0] += delta.At(0, i) - phi * d0;
        l[1] -= d0;
        l[2] += delta.At(1, i) - phi * d1;
        l[3] += l0;
        l[5] -= d1;
        l[6] += l1;
        l[7] += delta.At(2, i) - phi * d2;
        l[8] += l2;
        l[9] += 2 * l3;
    }
}
