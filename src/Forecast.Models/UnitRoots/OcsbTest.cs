namespace Forecast.Models.UnitRoots;

/// <summary>
/// The test of Osborn, Chui, Smith and Birchenhall (1988) for a seasonal unit root:
/// <code>
/// l(B) (1 - B)(1 - B^m) y_t = b_1 l(B)(1 - B^m) y_(t-1) + b_2 l(B)(1 - B) y_(t-m) + e_t
/// </code>
/// with l(B) an autoregression of the twice differenced series. A t-statistic of b_2 above the critical value leaves the seasonal
/// root in. The critical value is the smooth function of ln m that R's forecast package fitted to simulations.
/// </summary>
/// <param name="Statistic">t-statistic of b_2.</param>
/// <param name="Critical">5 % critical value for m.</param>
/// <param name="Lags">Order of l(B).</param>
public sealed record OcsbTest(double Statistic, double Critical, int Lags)
{
    /// <summary>Whether a seasonal difference is called for.</summary>
    public bool HasSeasonalRoot => Statistic > Critical;

    /// <param name="x">Observations, NaN = missing.</param>
    /// <param name="period">m.</param>
    /// <param name="maxLags">Largest order of l(B); chosen by Akaike's criterion.</param>
    /// <returns>The test; null when the series is too short or the regression is singular.</returns>
    public static OcsbTest? Of(ReadOnlySpan<double> x, int period, int maxLags = 3)
    {
        var series = x.ToArray();
        var (best, least) = (0, double.PositiveInfinity);
        for (var lag = 1; lag <= maxLags; lag++)
        {
            // The criterion of order l decides on order l - 1, as in R.
            if (Regress(series, period, lag, maxLags) is not { } candidate || !(Akaike(candidate) < least))
                continue;
            (best, least) = (lag - 1, Akaike(candidate));
        }

        if (Regress(series, period, best, best) is not { } fit)
            return null;
        var log = Math.Log(period) - 0.7656451;
        var critical = (-0.2937411 * Math.Exp((-0.2850853 * log) - (0.05983644 * log * log))) - 1.652202;
        return new OcsbTest(fit.TStatistic(fit.Coefficients.Length - 1), critical, best);
    }

    private static double Akaike(LeastSquaresFit fit) => fit.Criterion(2) + (fit.Observations * (1 + Math.Log(2 * Math.PI)));

    private static LeastSquaresFit? Regress(double[] x, int period, int lag, int skip)
    {
        var seasonal = Difference(x, period);
        var plain = Difference(x, 1);
        var both = Difference(seasonal, 1);
        double[] ar = [];
        if (lag > 0)
        {
            var (target, lags) = Rows(Lagged(both, lag), skip);
            if (LeastSquaresFit.Of(target, lags) is not { } fit)
                return null;
            ar = fit.Coefficients;
        }

        var filteredSeasonal = Shift(Filter(seasonal, ar), 1);
        var filteredPlain = Shift(Filter(plain, ar), period);
        var (y, regressors) = Rows([.. Lagged(both, lag), filteredSeasonal, filteredPlain], skip);
        return LeastSquaresFit.Of(y, regressors);
    }

    /// <summary>The series and its lags 1..lag, aligned.</summary>
    private static double[][] Lagged(double[] x, int lag) => [.. Enumerable.Range(0, lag + 1).Select(i => Shift(x, i))];

    /// <summary>x_t - sum a_i x_(t-i).</summary>
    private static double[] Filter(double[] x, double[] ar)
    {
        var result = (double[])x.Clone();
        for (var i = 1; i <= ar.Length; i++)
        {
            var shifted = Shift(x, i);
            for (var t = 0; t < result.Length; t++)
                result[t] -= ar[i - 1] * shifted[t];
        }

        return result;
    }

    /// <summary>x_t - x_(t-lag), NaN where undefined.</summary>
    private static double[] Difference(double[] x, int lag)
    {
        var shifted = Shift(x, lag);
        for (var t = 0; t < x.Length; t++)
            shifted[t] = x[t] - shifted[t];
        return shifted;
    }

    private static double[] Shift(double[] x, int by)
    {
        var result = new double[x.Length];
        result.AsSpan(0, Math.Min(by, x.Length)).Fill(double.NaN);
        if (by < x.Length)
            x.AsSpan(0, x.Length - by).CopyTo(result.AsSpan(by));
        return result;
    }

    /// <summary>First column against the others over the complete rows, the first <paramref name="skip"/> defined values of the first column left out.</summary>
    private static (double[] Target, double[][] Regressors) Rows(double[][] columns, int skip)
    {
        var first = Array.FindIndex(columns[0], v => !double.IsNaN(v));
        int[] rows = first < 0 ? [] : [.. Enumerable.Range(0, columns[0].Length).Where(t => t >= first + skip && Array.TrueForAll(columns, c => !double.IsNaN(c[t])))];
        return (rows.Select(t => columns[0][t]).ToArray(), [.. columns[1..].Select(c => rows.Select(t => c[t]).ToArray())]);
    }
}
