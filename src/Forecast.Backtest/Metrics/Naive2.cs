namespace Forecast.Backtest.Metrics;

/// <summary>
/// The yardstick of the M4 competition (Makridakis, Spiliotis and Assimakopoulos 2020): naive forecasts of the seasonally adjusted
/// series, put back into season; adjusted only where a test finds a season.
/// </summary>
public static class Naive2
{
    /// <summary>Limit of the test: the two-sided 90 % point of the normal law, as M4 rounds it.</summary>
    private const double Limit = 1.645;

    /// <summary>Forecasts of the <paramref name="horizon"/> steps after the last value.</summary>
    /// <param name="train">Values without gaps.</param>
    /// <param name="period">Seasonal period m; 1 = none.</param>
    /// <param name="horizon">Steps.</param>
    public static double[] Forecast(ReadOnlySpan<double> train, int period, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        if (train.Length == 0) throw new ArgumentException("no values", nameof(train));
        var forecast = new double[horizon];
        if (!IsSeasonal(train, period))
        {
            Array.Fill(forecast, train[^1]);
            return forecast;
        }

        var index = SeasonalIndices(train, period);
        var level = train[^1] / index[(train.Length - 1) % period];
        for (var h = 0; h < horizon; h++) forecast[h] = level * index[(train.Length + h) % period];
        return forecast;
    }

    /// <summary>
    /// M4's test: |r_m| above 1.645 sqrt((1 + 2 sum_(k&lt;m) r_k^2) / n) with autocorrelations r; never for m = 1 or fewer than three periods.
    /// </summary>
    public static bool IsSeasonal(ReadOnlySpan<double> train, int period)
    {
        if (period < 2 || train.Length < 3 * period) return false;
        var acf = ResidualDiagnostics.Autocorrelations(train, period);
        double sum = 1;
        for (var k = 0; k < period - 1; k++) sum += 2 * acf[k] * acf[k];
        return Math.Abs(acf[^1]) > Limit * Math.Sqrt(sum / train.Length);
    }

    /// <summary>
    /// Factors of the classical multiplicative decomposition: mean ratio of the values to their centred moving average, by place in
    /// the period counted from the first value, with mean 1.
    /// </summary>
    public static double[] SeasonalIndices(ReadOnlySpan<double> train, int period)
    {
        var (sums, counts) = (new double[period], new int[period]);
        var half = period / 2;
        for (var t = half; t < train.Length - half; t++)
        {
            sums[t % period] += train[t] / CentredMean(train, t, period);
            counts[t % period]++;
        }

        var index = new double[period];
        for (var s = 0; s < period; s++) index[s] = sums[s] / counts[s];
        var mean = index.Average();
        for (var s = 0; s < period; s++) index[s] /= mean;
        return index;
    }

    /// <summary>Mean over one period around t; for even periods the two ends count half.</summary>
    private static double CentredMean(ReadOnlySpan<double> x, int t, int period)
    {
        var half = period / 2;
        double sum = 0;
        for (var k = -half; k <= half; k++) sum += x[t + k] * (period % 2 == 0 && Math.Abs(k) == half ? 0.5 : 1);
        return sum / period;
    }
}

/// <summary>Overall weighted average of the M4 competition: half the sMAPE ratio to <see cref="Naive2"/> plus half the MASE ratio.</summary>
public static class OverallWeightedAverage
{
    /// <summary>(sMAPE / sMAPE of Naive2 + MASE / MASE of Naive2) / 2; for a set of series the means go in. NaN if a divisor is 0.</summary>
    public static double Of(double smape, double mase, double naive2Smape, double naive2Mase) =>
        0.5 * (PointMetrics.Ratio(smape, naive2Smape) + PointMetrics.Ratio(mase, naive2Mase));
}
