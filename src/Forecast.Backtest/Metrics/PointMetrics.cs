namespace Forecast.Backtest.Metrics;

/// <summary>
/// Scores of point forecasts. With e = actual - forecast over n pairs; a pair whose actual is NaN (missing) is left out, a forecast
/// that is NaN makes the score NaN, and so does an empty set or a denominator of 0: a score is never invented.
/// </summary>
/// <remarks>Definitions: Hyndman and Koehler (2006), "Another look at measures of forecast accuracy", unless stated otherwise.</remarks>
public static class PointMetrics
{
    /// <summary>ME = mean e, in the unit of the data; positive when the forecasts are too low.</summary>
    public static double MeanError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Mean(actual, forecast, (y, f) => y - f);

    /// <summary>MAE = mean |e|.</summary>
    public static double MeanAbsoluteError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Mean(actual, forecast, (y, f) => Math.Abs(y - f));

    /// <summary>MSE = mean e^2.</summary>
    public static double MeanSquaredError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Mean(actual, forecast, (y, f) => (y - f) * (y - f));

    /// <summary>RMSE = sqrt(MSE).</summary>
    public static double RootMeanSquaredError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Math.Sqrt(MeanSquaredError(actual, forecast));

    /// <summary>MPE = 100 mean(e / y), percent; NaN if an actual is 0.</summary>
    public static double MeanPercentageError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Mean(actual, forecast, (y, f) => y == 0 ? double.NaN : 100 * (y - f) / y);

    /// <summary>MAPE = 100 mean|e / y|, percent; NaN if an actual is 0.</summary>
    public static double MeanAbsolutePercentageError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) => Mean(actual, forecast, (y, f) => y == 0 ? double.NaN : 100 * Math.Abs((y - f) / y));

    /// <summary>sMAPE = 200 mean(|e| / (|y| + |f|)), percent from 0 to 200 (Makridakis et al. 2020); a pair of zeros is met exactly and counts 0.</summary>
    public static double SymmetricMape(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) =>
        Mean(actual, forecast, (y, f) => y == 0 && f == 0 ? 0 : 200 * Math.Abs(y - f) / (Math.Abs(y) + Math.Abs(f)));

    /// <summary>WAPE = sum|e| / sum|y|, a ratio; NaN if every actual is 0.</summary>
    public static double WeightedAbsolutePercentageError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) =>
        Ratio(MeanAbsoluteError(actual, forecast), MeanMagnitude(actual));

    /// <summary>NRMSE = RMSE / mean|y|, a ratio; NaN if every actual is 0.</summary>
    public static double NormalizedRmse(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) =>
        Ratio(RootMeanSquaredError(actual, forecast), MeanMagnitude(actual));

    /// <summary>MASE = MAE / scale, with the scale of <see cref="SeasonalScale.Absolute"/>; NaN if that is 0 or NaN.</summary>
    public static double MeanAbsoluteScaledError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, double absoluteScale) =>
        Ratio(MeanAbsoluteError(actual, forecast), absoluteScale);

    /// <summary>RMSSE = sqrt(MSE / scale), with the scale of <see cref="SeasonalScale.Squared"/>; NaN if that is 0 or NaN.</summary>
    public static double RootMeanSquaredScaledError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, double squaredScale) =>
        Math.Sqrt(Ratio(MeanSquaredError(actual, forecast), squaredScale));

    /// <summary>
    /// Theil's U2 = sqrt(sum((f_t - y_t) / y_(t-1))^2 / sum((y_t - y_(t-1)) / y_(t-1))^2) over consecutive pairs: below 1 is better
    /// than no change. NaN if an earlier actual is 0 or nothing changes.
    /// </summary>
    public static double TheilU(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        CheckLengths(actual, forecast);
        double error = 0, change = 0;
        for (var t = 1; t < actual.Length; t++)
        {
            if (double.IsNaN(actual[t]) || double.IsNaN(actual[t - 1])) continue;
            if (actual[t - 1] == 0) return double.NaN;
            var (e, c) = ((forecast[t] - actual[t]) / actual[t - 1], (actual[t] - actual[t - 1]) / actual[t - 1]);
            error += e * e;
            change += c * c;
        }

        return Math.Sqrt(Ratio(error, change));
    }

    internal static double Ratio(double numerator, double denominator) => denominator == 0 ? double.NaN : numerator / denominator;

    /// <summary>Mean |y| over the actuals that are there.</summary>
    internal static double MeanMagnitude(ReadOnlySpan<double> actual) => Mean(actual, actual, (y, _) => Math.Abs(y));

    internal static double Mean(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, Func<double, double, double> loss)
    {
        CheckLengths(actual, forecast);
        double sum = 0;
        var count = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            if (double.IsNaN(actual[i])) continue;
            sum += loss(actual[i], forecast[i]);
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private static void CheckLengths(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        if (actual.Length != forecast.Length) throw new ArgumentException($"{forecast.Length} forecasts for {actual.Length} actuals", nameof(forecast));
    }
}
