namespace Forecast.Backtest.Metrics;

/// <summary>
/// In-sample error of the seasonal naive forecast at lag m, by which MASE and RMSSE divide. Pairs with a missing value are left
/// out; NaN if no pair is left.
/// </summary>
public static class SeasonalScale
{
    /// <summary>mean |y_t - y_(t-m)|.</summary>
    public static double Absolute(ReadOnlySpan<double> train, int period) => Mean(train, period, Math.Abs);

    /// <summary>mean (y_t - y_(t-m))^2.</summary>
    public static double Squared(ReadOnlySpan<double> train, int period) => Mean(train, period, d => d * d);

    private static double Mean(ReadOnlySpan<double> train, int period, Func<double, double> loss)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        double sum = 0;
        var count = 0;
        for (var t = period; t < train.Length; t++)
        {
            var difference = train[t] - train[t - period];
            if (double.IsNaN(difference)) continue;
            sum += loss(difference);
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
