using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Models.Baselines;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>The latest observations of a series: what unconditional Value-at-Risk models look at.</summary>
internal static class ReturnWindow
{
    /// <summary>The last <paramref name="count"/> observed values in time order; missing ones are stepped over.</summary>
    /// <exception cref="ForecastException">There are fewer (<c>series-too-short</c>), or one is infinite.</exception>
    public static double[] Last(SeriesView history, int count, string model)
    {
        var y = BaselineSeries.Checked(history);
        var window = new double[count];
        var left = count;
        for (var t = y.Length - 1; t >= 0 && left > 0; t--)
        {
            if (!double.IsNaN(y[t])) window[--left] = y[t];
        }

        return left == 0
            ? window
            : throw new ForecastException("series-too-short", $"series '{history.Id}' has {count - left} observed values; {model} looks at the last {count}", "data", history.Id);
    }
}
