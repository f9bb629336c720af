namespace Forecast.Backtest.Drift;

/// <summary>Mean and sample variance, in two passes.</summary>
internal static class Moments
{
    /// <returns>Mean, and the variance with n - 1; 0 for a single value.</returns>
    public static (double Mean, double Variance) Of(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values) mean += value;
        mean /= values.Length;
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return (mean, values.Length > 1 ? squares / (values.Length - 1) : 0);
    }
}
