namespace Forecast.Models.UnitRoots;

/// <summary>
/// The test of Kwiatkowski, Phillips, Schmidt and Shin (1992), whose null hypothesis is stationarity around a level or a trend:
/// <code>eta = n^-2 sum S_t^2 / s^2(l),   S_t = e_1 + .. + e_t</code>
/// with e the residuals from the level or trend and s^2(l) the Bartlett long-run variance. Large values reject.
/// </summary>
/// <param name="Statistic">eta.</param>
/// <param name="Lags">l.</param>
/// <param name="PValue">From the paper's table 1, within [0.01, 0.10].</param>
public sealed record KpssTest(double Statistic, int Lags, double PValue)
{
    private static readonly double[] Probabilities = [0.10, 0.05, 0.025, 0.01];
    private static readonly double[] Level = [0.347, 0.463, 0.574, 0.739];
    private static readonly double[] Trend = [0.119, 0.146, 0.176, 0.216];

    /// <param name="x">Observations without gaps, at least three.</param>
    /// <param name="aroundTrend">Whether the null is stationarity around a linear trend instead of a level.</param>
    /// <param name="lags">l; null = trunc(4 (n/100)^(1/4)).</param>
    /// <returns>The test; null when the residuals have no variance.</returns>
    public static KpssTest? Of(ReadOnlySpan<double> x, bool aroundTrend = false, int? lags = null)
    {
        var n = x.Length;
        var l = lags ?? LongRunVariance.ShortLag(n);
        var ones = new double[n];
        Array.Fill(ones, 1);
        double[][] regressors = aroundTrend ? [ones, [.. Enumerable.Range(1, n).Select(t => (double)t)]] : [ones];
        if (LeastSquaresFit.Of(x, regressors) is not { } fit || !(fit.SumOfSquares > 0))
            return null;
        double sum = 0, squares = 0;
        foreach (var e in fit.Residuals)
        {
            sum += e;
            squares += sum * sum;
        }

        var statistic = squares / ((double)n * n) / LongRunVariance.Of(fit.Residuals, l);
        return new KpssTest(statistic, l, ProbabilityTable.Read(aroundTrend ? Trend : Level, Probabilities, statistic));
    }
}
