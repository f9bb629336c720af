namespace Forecast.Backtest.Metrics;

/// <summary>Scores of central (1 - alpha) intervals. Actuals that are NaN are left out; a bound that is NaN makes the score NaN.</summary>
public static class IntervalMetrics
{
    /// <summary>
    /// Winkler's interval score: width, plus 2/alpha times the distance by which the outcome falls outside (Gneiting and Raftery 2007,
    /// eq. 43). In the unit of the data.
    /// </summary>
    public static double Winkler(double actual, double lower, double upper, double alpha) =>
        upper - lower + (2 / alpha * (Math.Max(0, lower - actual) + Math.Max(0, actual - upper)));

    /// <summary>Mean Winkler score.</summary>
    public static double MeanWinkler(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double alpha) =>
        Mean(actual, lower, upper, (y, l, u) => Winkler(y, l, u, alpha));

    /// <summary>MSIS = mean Winkler score / scale, with the scale of <see cref="SeasonalScale.Absolute"/>; NaN if that is 0 or NaN.</summary>
    public static double MeanScaledIntervalScore(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double alpha, double absoluteScale) =>
        PointMetrics.Ratio(MeanWinkler(actual, lower, upper, alpha), absoluteScale);

    /// <summary>Share of actuals within the closed interval.</summary>
    public static double Coverage(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper) =>
        Mean(actual, lower, upper, (y, l, u) => double.IsNaN(l + u) ? double.NaN : l <= y && y <= u ? 1 : 0);

    /// <summary>Mean width.</summary>
    public static double MeanWidth(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper) =>
        Mean(actual, lower, upper, (_, l, u) => u - l);

    private static double Mean(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, Func<double, double, double, double> loss)
    {
        if (actual.Length != lower.Length || actual.Length != upper.Length)
            throw new ArgumentException($"{lower.Length} lower and {upper.Length} upper bounds for {actual.Length} actuals", nameof(lower));
        double sum = 0;
        var count = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            if (double.IsNaN(actual[i])) continue;
            sum += loss(actual[i], lower[i], upper[i]);
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
