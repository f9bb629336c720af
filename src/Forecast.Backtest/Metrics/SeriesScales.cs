using Forecast.Backtest.Results;
using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Backtest.Metrics;

/// <summary>Facts of one series that its scores and charts need, taken from rows up to the first cutoff only.</summary>
internal static class SeriesScales
{
    /// <param name="panel">The data.</param>
    /// <param name="series">One of its series.</param>
    /// <param name="firstCutoff">First cutoff of any model on the series; null = it was never forecast, and has no scale.</param>
    public static SeriesInfo Describe(Panel panel, TimeSeries series, Instant? firstCutoff)
    {
        var period = series.Frequency.SeasonalPeriod;
        var train = firstCutoff is { } cutoff ? panel.Only([series.Id]).AsOf(cutoff)[series.Id].Target : [];
        return new SeriesInfo(series.Id, series.Unit, series.Frequency.Code, series.Calendar.Name, series.Times.ToArray(), series.Targets[0].Values.ToArray(),
            SeasonalScale.Absolute(train, period), SeasonalScale.Squared(train, period), period);
    }
}
