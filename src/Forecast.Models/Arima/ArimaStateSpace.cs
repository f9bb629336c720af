namespace Forecast.Models.Arima;

/// <summary>
/// The ARIMA process in state-space form: the companion state of its stationary part, followed by the last d + D m
/// observations (Harvey 1989, section 4.2.2; Durbin and Koopman 2012, section 3.4).
/// <code>
/// y_t = w_t + sum_k delta_k y_(t-k) = Z x_t,   Z = (1, 0, .., 0, delta_1, .., delta_nd)
/// x_(t+1) = T x_t + R e_(t+1),                 R = (theta_0, .., theta_(r-1), 0, .., 0)'
/// </code>
/// T is never stored: <see cref="Transition"/> applies it.
/// </summary>
/// <param name="arma">The stationary part.</param>
/// <param name="delta">Coefficients of the differencing polynomial 1 - sum delta_k B^k.</param>
internal sealed class ArimaStateSpace(ArmaPolynomials arma, double[] delta)
{
    private readonly int[] _lags = [.. Enumerable.Range(0, delta.Length).Where(k => delta[k] != 0)];

    public ArmaPolynomials Arma { get; } = arma;

    /// <summary>d + D m.</summary>
    public int Differences { get; } = delta.Length;

    /// <summary>r + d + D m.</summary>
    public int Dimension { get; } = arma.Dimension + delta.Length;

    /// <summary>Z x for entries <paramref name="step"/> apart (1 for a vector, the row length for a column of a matrix).</summary>
    public double Observe(ReadOnlySpan<double> x, int start = 0, int step = 1)
    {
        var r = Arma.Dimension;
        var sum = x[start];
        foreach (var k in _lags)
            sum += delta[k] * x[start + ((r + k) * step)];
        return sum;
    }

    /// <summary>x := T x, for entries <paramref name="step"/> apart.</summary>
    public void Transition(Span<double> x, int start = 0, int step = 1)
    {
        var r = Arma.Dimension;
        var phi = Arma.Phi;
        var observed = Observe(x, start, step);
        var first = x[start];
        for (var i = 0; i < r; i++)
            x[start + (i * step)] = (phi[i] * first) + (i + 1 < r ? x[start + ((i + 1) * step)] : 0);
        for (var k = Differences - 1; k >= 1; k--)
            x[start + ((r + k) * step)] = x[start + ((r + k - 1) * step)];
        if (Differences > 0)
            x[start + (r * step)] = observed;
    }

    /// <summary>P := T P T' (+ R R' when <paramref name="withNoise"/>), for the symmetric matrix of order <see cref="Dimension"/>.</summary>
    public void Propagate(Span<double> p, bool withNoise)
    {
        var n = Dimension;
        for (var j = 0; j < n; j++)
            Transition(p, j, n);
        for (var i = 0; i < n; i++)
            Transition(p, i * n);
        if (!withNoise)
            return;
        var r = Arma.Dimension;
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < r; j++)
                p[(i * n) + j] += Arma.Theta[i] * Arma.Theta[j];
        }
    }
}
