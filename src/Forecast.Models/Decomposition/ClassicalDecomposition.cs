namespace Forecast.Models.Decomposition;

/// <summary>
/// Trend by a centred moving average over one period, seasonal figure by the means of what is left (Kendall and Stuart 1983;
/// R's <c>decompose</c>): y = T + S + R, or y = T S R with the figure's mean 1.
/// </summary>
/// <param name="Trend">One value a row; NaN for half a period at both ends.</param>
/// <param name="Figure">Seasonal effect of the rows 0..m-1, and of every m-th after them.</param>
public sealed record ClassicalDecomposition(double[] Trend, double[] Figure)
{
    /// <summary>Decomposes at least two periods.</summary>
    /// <param name="y">Values, oldest first; NaN = missing (the trend is then missing around them).</param>
    /// <param name="period">m, at least 2.</param>
    /// <param name="multiplicative">Whether the season multiplies.</param>
    /// <exception cref="ArgumentException">A period below 2, or less than two of them.</exception>
    public static ClassicalDecomposition Of(ReadOnlySpan<double> y, int period, bool multiplicative)
    {
        if (period < 2) throw new ArgumentException($"a period of {period} has no seasons", nameof(period));
        if (y.Length < 2 * period) throw new ArgumentException($"{y.Length} rows are less than two periods of {period}", nameof(y));
        var trend = Average(y, period);
        var figure = new double[period];
        for (var season = 0; season < period; season++)
        {
            double sum = 0;
            var count = 0;
            for (var t = season; t < y.Length; t += period)
            {
                var left = multiplicative ? y[t] / trend[t] : y[t] - trend[t];
                if (double.IsNaN(left)) continue;
                sum += left;
                count++;
            }

            figure[season] = sum / count;
        }

        var mean = figure.Average();
        for (var season = 0; season < period; season++)
            figure[season] = multiplicative ? figure[season] / mean : figure[season] - mean;
        return new ClassicalDecomposition(trend, figure);
    }

    /// <summary>The mean of m rows around each; for an even m the two outermost of m + 1 rows count half.</summary>
    private static double[] Average(ReadOnlySpan<double> y, int period)
    {
        var half = period / 2;
        var trend = new double[y.Length];
        Array.Fill(trend, double.NaN);
        for (var t = half; t < y.Length - half; t++)
        {
            double sum = 0;
            for (var k = -half; k <= half; k++)
                sum += (period % 2 == 0 && Math.Abs(k) == half ? 0.5 : 1) * y[t + k];
            trend[t] = sum / period;
        }

        return trend;
    }
}
