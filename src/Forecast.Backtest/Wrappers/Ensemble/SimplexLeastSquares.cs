namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>
/// Least squares over weights that are not negative and sum to 1: minimises w'Gw / 2 - b'w on the simplex, G symmetric and positive
/// semi-definite. Projected gradient steps with Nesterov's momentum, restarted where it points uphill (Beck and Teboulle 2009; O'Donoghue
/// and Candes 2015); the projection gives exact zeros. Equal weights are the start, so of equally good weights those nearer to them are found.
/// </summary>
internal static class SimplexLeastSquares
{
    private const int MaxIterations = 20_000;
    private const double Tolerance = 1e-13;

    /// <param name="g">G, k x k.</param>
    /// <param name="b">b, of length k.</param>
    /// <param name="start">Where to begin; null = equal weights.</param>
    public static double[] Solve(double[,] g, double[] b, double[]? start = null)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(b);
        var k = b.Length;
        var w = start is null ? Equal(k) : (double[])start.Clone();
        var lipschitz = LargestRowSum(g);
        if (k == 1 || lipschitz == 0) return w;
        var (ahead, momentum) = ((double[])w.Clone(), 1.0);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var next = new double[k];
            var gradient = new double[k];
            for (var i = 0; i < k; i++)
            {
                gradient[i] = -b[i];
                for (var j = 0; j < k; j++) gradient[i] += g[i, j] * ahead[j];
                next[i] = ahead[i] - (gradient[i] / lipschitz);
            }

            Project(next);
            double uphill = 0, moved = 0;
            for (var i = 0; i < k; i++)
            {
                uphill += (ahead[i] - next[i]) * (next[i] - w[i]);
                moved = Math.Max(moved, Math.Max(Math.Abs(next[i] - w[i]), Math.Abs(next[i] - ahead[i])));
            }

            var nextMomentum = uphill > 0 ? 1 : 0.5 * (1 + Math.Sqrt(1 + (4 * momentum * momentum)));
            for (var i = 0; i < k; i++) ahead[i] = uphill > 0 ? next[i] : next[i] + ((momentum - 1) / nextMomentum * (next[i] - w[i]));
            (w, momentum) = (next, nextMomentum);
            if (moved < Tolerance) break;
        }

        return w;
    }

    /// <summary>1/k each.</summary>
    public static double[] Equal(int k)
    {
        var w = new double[k];
        Array.Fill(w, 1.0 / k);
        return w;
    }

    /// <summary>The nearest point of the simplex, in place (Held, Wolfe and Crowder 1974).</summary>
    internal static void Project(Span<double> v)
    {
        var sorted = v.ToArray();
        Array.Sort(sorted);
        double sum = 0, shift = 0;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            sum += sorted[i];
            var candidate = (sum - 1) / (sorted.Length - i);
            if (sorted[i] - candidate > 0) shift = candidate;
            else break;
        }

        for (var i = 0; i < v.Length; i++) v[i] = Math.Max(0, v[i] - shift);
    }

    /// <summary>A bound of the largest eigenvalue.</summary>
    private static double LargestRowSum(double[,] g)
    {
        double largest = 0;
        for (var i = 0; i < g.GetLength(0); i++)
        {
            double sum = 0;
            for (var j = 0; j < g.GetLength(1); j++) sum += Math.Abs(g[i, j]);
            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
