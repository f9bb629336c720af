namespace Forecast.Models.Training;

/// <summary>The unit in which errors of one series are compared with those of another.</summary>
public static class SeriesScale
{
    /// <summary>
    /// Mean |y_t - y_(t-m)| over the pairs that are observed, which is the divisor of MASE; m = 1 where the season leaves no pair
    /// or no change, and 1 for a constant series.
    /// </summary>
    public static double Of(ReadOnlySpan<double> values, int season)
    {
        var scale = MeanDifference(values, season);
        if (!(scale > 0)) scale = MeanDifference(values, 1);
        return scale > 0 ? scale : 1;
    }

    private static double MeanDifference(ReadOnlySpan<double> values, int lag)
    {
        double sum = 0;
        var count = 0;
        for (var t = lag; t < values.Length; t++)
        {
            var difference = Math.Abs(values[t] - values[t - lag]);
            if (double.IsNaN(difference)) continue;
            sum += difference;
            count++;
        }

        return sum / count;
    }
}
