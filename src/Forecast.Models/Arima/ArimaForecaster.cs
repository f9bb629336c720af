using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Arima;

/// <summary>
/// ARIMA with fixed orders behind the seam of Core. Conditioning filters the new history at the estimated parameters; the
/// law of step h is normal, jointly over steps, without parameter uncertainty.
/// </summary>
public sealed class ArimaForecaster : LocalForecaster<ArimaParameters>
{
    private readonly ArimaOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public ArimaForecaster(ArimaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override ArimaParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var period = PeriodOf(history);
        var names = RegressorColumns.Names(_options.Regressors, history);
        var (values, regressors) = RegressorColumns.Of(history, names);
        return ArimaSeam.ToParameters(ArimaFit.Estimate(history.Id, values, _options with { Period = period }, regressors, context.Cancellation), names, history);
    }

    protected override PredictiveDistribution PredictSeries(ArimaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed) =>
        ArimaSeam.Predict(_options, parameters, history, future, horizon, seed);

    protected override FitSummary Summarize(ArimaParameters parameters, SeriesView history) => ArimaSeam.Summarize(_options, parameters, history);

    private int PeriodOf(SeriesView history)
    {
        if (!_options.IsSeasonal)
            return 1;
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        return period >= 2
            ? period
            : throw new ForecastException("arima-option-invalid", $"series '{history.Id}': frequency {history.Frequency} has no usual season; write the period, as in arima{_options.Order}{_options.Seasonal}[12]", "period", history.Id);
    }
}
