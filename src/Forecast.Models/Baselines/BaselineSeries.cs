using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Models.Baselines;

/// <summary>What all baselines ask of a series.</summary>
internal static class BaselineSeries
{
    /// <summary>The target; NaN = missing.</summary>
    /// <exception cref="ForecastException">Nothing observed, or an infinite value.</exception>
    public static ReadOnlySpan<double> Checked(SeriesView history)
    {
        var y = history.Target;
        var infinite = y.IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
        if (infinite >= 0)
            throw new ForecastException("value-infinite", $"series '{history.Id}' row {infinite}: infinite value; leave it empty if it is missing", "data", history.Id, infinite);
        return Observed(y) > 0
            ? y
            : throw new ForecastException("series-empty", $"series '{history.Id}' has no observation: all {y.Length} values are missing", "data", history.Id);
    }

    public static int Observed(ReadOnlySpan<double> y)
    {
        var count = 0;
        foreach (var v in y)
            count += double.IsNaN(v) ? 0 : 1;
        return count;
    }
}
