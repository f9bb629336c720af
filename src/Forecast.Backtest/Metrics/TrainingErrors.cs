using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Metrics;

/// <summary>
/// How far one-step fitted values lie from the data they were fitted on, under the names of R's <c>accuracy</c>. With e = y - fitted over
/// the rows where both are known: ME mean e, RMSE sqrt(mean e^2), MAE mean |e|, MPE mean 100 e / y, MAPE mean |100 e / y|, MASE
/// MAE / mean |y_t - y_(t-m)| (m the seasonal period of the data), ACF1 the first autocorrelation of e. Not a measure of forecasts: the
/// parameters saw these rows.
/// </summary>
/// <param name="Me">In the data's unit.</param>
/// <param name="Rmse">In the data's unit.</param>
/// <param name="Mae">In the data's unit.</param>
/// <param name="Mpe">Percent; infinite where an observation is 0.</param>
/// <param name="Mape">Percent; infinite where an observation is 0.</param>
/// <param name="Mase">NaN where the data do not change over a season.</param>
/// <param name="Acf1">NaN for constant errors or fewer than two.</param>
public sealed record TrainingErrors(double Me, double Rmse, double Mae, double Mpe, double Mape, double Mase, double Acf1)
{
    /// <summary>Null where the model has no fitted values in the data's unit.</summary>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="summary">The fit.</param>
    /// <param name="period">Seasonal period of the data, 1 for none.</param>
    public static TrainingErrors? Of(ReadOnlySpan<double> values, FitSummary summary, int period)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (!summary.Paths.TryGetValue("fitted", out var fitted) || fitted.Length != values.Length) return null;
        var errors = new double[values.Length];
        double sum = 0, squares = 0, absolute = 0, relative = 0, absoluteRelative = 0;
        var n = 0;
        for (var t = 0; t < errors.Length; t++)
        {
            var e = errors[t] = values[t] - fitted[t];
            if (double.IsNaN(e)) continue;
            n++;
            sum += e;
            squares += e * e;
            absolute += Math.Abs(e);
            relative += 100 * e / values[t];
            absoluteRelative += Math.Abs(100 * e / values[t]);
        }

        if (n == 0) return null;
        var mae = absolute / n;
        return new TrainingErrors(sum / n, Math.Sqrt(squares / n), mae, relative / n, absoluteRelative / n, PointMetrics.Ratio(mae, SeasonalScale.Absolute(values, period)), Autocorrelation(errors, sum / n));
    }

    /// <summary>sum (e_t - m)(e_(t+1) - m) / sum (e_t - m)^2 over the pairs, and the rows, that are known.</summary>
    private static double Autocorrelation(double[] errors, double mean)
    {
        double top = 0, bottom = 0;
        int pairs = 0, rows = 0;
        for (var t = 0; t < errors.Length; t++)
        {
            if (double.IsNaN(errors[t])) continue;
            bottom += (errors[t] - mean) * (errors[t] - mean);
            rows++;
            if (t + 1 == errors.Length || double.IsNaN(errors[t + 1])) continue;
            top += (errors[t] - mean) * (errors[t + 1] - mean);
            pairs++;
        }

        // R's divisors where there are gaps; without gaps they cancel.
        return pairs == 0 || bottom == 0 ? double.NaN : top / (pairs + 1) / (bottom / rows);
    }
}
