namespace Forecast.Models.Arima;

/// <summary>
/// Starting values by two regressions (Hannan and Rissanen 1982): a long autoregression, fitted by the Levinson recursion,
/// gives residuals; then w is regressed on its own lags 1..p, m..P m and on those residuals' lags 1..q, m..Q m. Products of
/// plain and seasonal coefficients are left out: the optimiser finds them.
/// </summary>
internal static class HannanRissanen
{
    /// <summary>Estimates ar, ma, sar, sma.</summary>
    /// <param name="w">A stationary series without gaps.</param>
    /// <param name="options">Orders.</param>
    /// <param name="period">m.</param>
    /// <returns>The coefficients, not necessarily stationary; null when the series is too short for the regression.</returns>
    public static double[]? Estimate(ReadOnlySpan<double> w, ArimaOptions options, int period)
    {
        var n = w.Length;
        int[] arLags = [.. Enumerable.Range(1, options.Order.Ar)];
        int[] maLags = [.. Enumerable.Range(1, options.Order.Ma)];
        int[] sarLags = [.. Enumerable.Range(1, options.Seasonal.Ar).Select(j => j * period)];
        int[] smaLags = [.. Enumerable.Range(1, options.Seasonal.Ma).Select(j => j * period)];
        int[] lags = [.. arLags, .. maLags, .. sarLags, .. smaLags];
        if (lags.Length == 0)
            return [];
        var longest = lags.Max();
        var hasMa = maLags.Length + smaLags.Length > 0;
        var longOrder = hasMa ? Math.Min(Math.Max(longest + period, (int)(10 * Math.Log10(n))), n / 3) : 0;
        var first = longOrder + longest;
        if (n - first < (2 * lags.Length) + 2)
            return null;
        var residuals = hasMa ? LongResiduals(w, longOrder) : [];
        return Regress(w, residuals, arLags, maLags, sarLags, smaLags, first);
    }

    private static double[]? Regress(ReadOnlySpan<double> w, double[] residuals, int[] arLags, int[] maLags, int[] sarLags, int[] smaLags, int first)
    {
        var n = w.Length;
        var k = arLags.Length + maLags.Length + sarLags.Length + smaLags.Length;
        var columns = new double[k + 1][];
        columns[0] = w[first..].ToArray();
        var next = 1;
        AddLags(columns, ref next, w, arLags, first, n);
        AddLags(columns, ref next, residuals, maLags, first, n);
        AddLags(columns, ref next, w, sarLags, first, n);
        AddLags(columns, ref next, residuals, smaLags, first, n);
        var beta = new double[k];
        return double.IsNaN(WhitenedRegression.Solve(columns, n - first, new double[k * k], beta)) ? null : beta;
    }

    private static void AddLags(double[][] columns, ref int next, ReadOnlySpan<double> source, int[] lags, int first, int n)
    {
        foreach (var lag in lags)
            columns[next++] = source[(first - lag)..(n - lag)].ToArray();
    }

    /// <summary>Residuals of an autoregression of the given order by Yule-Walker; zero for the first <paramref name="order"/> rows.</summary>
    private static double[] LongResiduals(ReadOnlySpan<double> w, int order)
    {
        var n = w.Length;
        var a = new double[order];
        var gamma = new double[order + 1];
        for (var h = 0; h <= order; h++)
            gamma[h] = WhitenedRegression.Dot(w[h..], w[..(n - h)]);
        var error = gamma[0];
        for (var k = 0; k < order && error > 0; k++)
        {
            var r = gamma[k + 1];
            for (var j = 0; j < k; j++)
                r -= a[j] * gamma[k - j];
            r /= error;
            for (int i = 0, j = k - 1; i <= j; i++, j--)
                (a[i], a[j]) = (a[i] - (r * a[j]), a[j] - (r * a[i]));
            a[k] = r;
            error *= 1 - (r * r);
        }

        Array.Reverse(a);
        var residuals = new double[n];
        for (var t = order; t < n; t++)
            residuals[t] = w[t] - WhitenedRegression.Dot(a, w.Slice(t - order, order));
        return residuals;
    }
}
