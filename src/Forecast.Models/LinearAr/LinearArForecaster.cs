using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.Training;

namespace Forecast.Models.LinearAr;

/// <summary>Linear autoregression, direct for each step, one for each series. See the folder's README.</summary>
public sealed class LinearArForecaster(LinearArOptions options, string name) : LocalForecaster<LinearArParameters>
{
    private readonly LinearArOptions _options = options.Validated();

    public override string Name => name;

    protected override LinearArParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        var lookback = _options.Lookback ?? Lookback.Choose([history], task.Horizon);
        return LinearArEstimator.Estimate([history], lookback, task.Horizon, _options, context.Cancellation);
    }

    protected override PredictiveDistribution PredictSeries(LinearArParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed) =>
        LinearArLaw.Of(parameters, history, horizon);

    protected override FitSummary Summarize(LinearArParameters parameters, SeriesView history) => LinearArLaw.Summary(parameters, LinearArLaw.Observed(history));
}
