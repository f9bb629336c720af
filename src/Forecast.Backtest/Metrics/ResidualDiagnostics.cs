using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Forecast.Backtest.Metrics;

/// <summary>A test statistic with its degrees of freedom and the probability of a larger one under the null.</summary>
public readonly record struct TestOutcome(double Statistic, double PValue, int Degrees);

/// <summary>What residuals should not show: correlation, fat tails, clusters. Values must be without gaps; they are centred on their mean.</summary>
public static class ResidualDiagnostics
{
    /// <summary>r_1 .. r_lags with r_k = sum_t (x_t - m)(x_(t-k) - m) / sum_t (x_t - m)^2; NaN for a constant.</summary>
    public static double[] Autocorrelations(ReadOnlySpan<double> x, int lags)
    {
        RequireLags(x, lags);
        var mean = Mean(x);
        double total = 0;
        foreach (var v in x) total += (v - mean) * (v - mean);
        var acf = new double[lags];
        for (var k = 1; k <= lags; k++)
        {
            double sum = 0;
            for (var t = k; t < x.Length; t++) sum += (x[t] - mean) * (x[t - k] - mean);
            acf[k - 1] = PointMetrics.Ratio(sum, total);
        }

        return acf;
    }

    /// <summary>Partial autocorrelations 1..lags by the Durbin-Levinson recursion on <see cref="Autocorrelations"/>.</summary>
    public static double[] PartialAutocorrelations(ReadOnlySpan<double> x, int lags)
    {
        var acf = Autocorrelations(x, lags);
        var pacf = new double[lags];
        var phi = new double[lags];
        double error = 1;
        for (var k = 0; k < lags; k++)
        {
            var top = acf[k];
            for (var j = 0; j < k; j++) top -= phi[j] * acf[k - 1 - j];
            var last = top / error;
            var previous = phi[..k];
            for (var j = 0; j < k; j++) phi[j] = previous[j] - (last * previous[k - 1 - j]);
            phi[k] = pacf[k] = last;
            error *= 1 - (last * last);
        }

        return pacf;
    }

    /// <summary>n (n + 2) sum_k r_k^2 / (n - k), chi-square with lags - fitted degrees (Ljung and Box 1978).</summary>
    /// <param name="x">Residuals.</param>
    /// <param name="lags">Lags summed.</param>
    /// <param name="fitted">Parameters that were estimated, taken from the degrees of freedom.</param>
    public static TestOutcome LjungBox(ReadOnlySpan<double> x, int lags, int fitted = 0)
    {
        double n = x.Length;
        return Portmanteau(x, lags, fitted, k => n * (n + 2) / (n - k));
    }

    /// <summary>n sum_k r_k^2, chi-square with lags - fitted degrees (Box and Pierce 1970).</summary>
    public static TestOutcome BoxPierce(ReadOnlySpan<double> x, int lags, int fitted = 0)
    {
        double n = x.Length;
        return Portmanteau(x, lags, fitted, _ => n);
    }

    /// <summary>n (S^2/6 + (K - 3)^2/24) with skewness S and kurtosis K from moments with divisor n, chi-square with 2 degrees (Jarque and Bera 1980).</summary>
    public static TestOutcome JarqueBera(ReadOnlySpan<double> x)
    {
        var mean = Mean(x);
        double m2 = 0, m3 = 0, m4 = 0;
        foreach (var v in x)
        {
            var d = v - mean;
            m2 += d * d;
            m3 += d * d * d;
            m4 += d * d * d * d;
        }

        double n = x.Length;
        (m2, m3, m4) = (m2 / n, m3 / n, m4 / n);
        var (skewness, kurtosis) = (m3 / Math.Pow(m2, 1.5), m4 / (m2 * m2));
        return ChiSquare(n * ((skewness * skewness / 6) + ((kurtosis - 3) * (kurtosis - 3) / 24)), 2);
    }

    /// <summary>
    /// Engle's (1982) test for ARCH: (n - lags) R^2 of the regression of the squared residuals, centred if so asked, on a constant and their own
    /// <paramref name="lags"/> lags, chi-square with that many degrees. NaN if the squares do not vary.
    /// </summary>
    public static TestOutcome ArchLm(ReadOnlySpan<double> x, int lags, bool centre = true)
    {
        RequireLags(x, lags);
        var mean = centre ? Mean(x) : 0;
        var squares = new double[x.Length];
        for (var t = 0; t < squares.Length; t++) squares[t] = (x[t] - mean) * (x[t] - mean);
        var rows = squares.Length - lags;
        if (rows <= lags + 1) throw new ArgumentException($"{x.Length} values are too few for {lags} lags", nameof(x));
        var scale = squares.Average();
        if (scale == 0) return new TestOutcome(double.NaN, double.NaN, lags);
        var y = Vector<double>.Build.Dense(rows, t => squares[t + lags] / scale);
        var design = Matrix<double>.Build.Dense(rows, lags + 1, (t, j) => j == 0 ? 1 : squares[t + lags - j] / scale);
        var residual = y - (design * design.QR().Solve(y));
        var centred = y - y.Average();
        var explained = 1 - PointMetrics.Ratio(residual.DotProduct(residual), centred.DotProduct(centred));
        return ChiSquare(rows * explained, lags);
    }

    private static TestOutcome Portmanteau(ReadOnlySpan<double> x, int lags, int fitted, Func<int, double> weight)
    {
        if (lags <= fitted) throw new ArgumentOutOfRangeException(nameof(lags), lags, $"more lags than the {fitted} fitted parameters are needed");
        var acf = Autocorrelations(x, lags);
        double sum = 0;
        for (var k = 1; k <= lags; k++) sum += weight(k) * acf[k - 1] * acf[k - 1];
        return ChiSquare(sum, lags - fitted);
    }

    /// <summary>P(chi-square above the statistic), as the regularised upper incomplete gamma function, so that small p keep their digits.</summary>
    private static TestOutcome ChiSquare(double statistic, int degrees) => new(
        statistic,
        double.IsNaN(statistic) ? double.NaN : statistic <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(0.5 * degrees, 0.5 * statistic),
        degrees);

    private static double Mean(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (var v in x)
        {
            if (!double.IsFinite(v)) throw new ArgumentException("residuals must be finite; drop the missing ones first", nameof(x));
            sum += v;
        }

        return sum / x.Length;
    }

    private static void RequireLags(ReadOnlySpan<double> x, int lags)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lags);
        if (lags >= x.Length) throw new ArgumentException($"{lags} lags of {x.Length} values", nameof(lags));
    }
}
