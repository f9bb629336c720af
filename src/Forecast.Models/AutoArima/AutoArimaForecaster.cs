using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.Arima;

namespace Forecast.Models.AutoArima;

/// <summary>
/// ARIMA whose orders are chosen on each training window and kept while conditioning. Forecasts are those of
/// <see cref="ArimaForecaster"/>; a series that differencing leaves constant goes on without error.
/// </summary>
public sealed class AutoArimaForecaster : LocalForecaster<AutoArimaParameters>
{
    private readonly AutoArimaOptions _options;

    /// <param name="options">What may be chosen.</param>
    /// <param name="name">The model string.</param>
    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public AutoArimaForecaster(AutoArimaOptions options, string name = "auto-arima")
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = name;
    }

    public override string Name { get; }

    protected override AutoArimaParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        var names = RegressorColumns.Names(_options.Regressors, history);
        var (values, regressors) = RegressorColumns.Of(history, names);
        var choice = AutoArimaChoice.Of(history.Id, values, _options, period, regressors, context.Cancellation);
        return new AutoArimaParameters
        {
            Order = choice.Options.Order,
            Seasonal = choice.Options.Seasonal,
            Period = choice.Options.Period ?? 1,
            Mean = choice.Options.HasMean,
            Drift = choice.Options.IncludeDrift,
            Tried = choice.Tried,
            Observations = values.Count(v => !double.IsNaN(v)),
            Estimates = choice.Fit is null ? null : ArimaSeam.ToParameters(choice.Fit, names, history),
            Constant = choice.Constant,
        };
    }

    protected override PredictiveDistribution PredictSeries(AutoArimaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(future);
        if (parameters.Estimates is { } estimates)
            return ArimaSeam.Predict(Options(parameters), estimates, history, future, horizon, seed);
        var ahead = parameters.Constant!.Continue(history.Target, horizon)
            ?? throw new ForecastException("series-too-short", $"series '{history.Id}': the steps of {Options(parameters)} have no observations in a row to start from", "data", history.Id);
        IMarginal[] marginals = [.. ahead.Select(v => LocationScaleMarginal.Normal(v, 0))];
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => Repeat(ahead, count));
    }

    protected override FitSummary Summarize(AutoArimaParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        if (parameters.Estimates is { } estimates)
        {
            var summary = ArimaSeam.Summarize(Options(parameters), estimates, history);
            return summary with { Notes = [$"chosen: {Options(parameters)}, out of {parameters.Tried} models", .. summary.Notes] };
        }

        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["constant"] = parameters.Constant!.Step },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sigma2"] = 0 },
            Observations = parameters.Observations,
            Notes = [$"chosen: {Options(parameters)}; the differences are constant, so there is no likelihood and the forecast has no error"],
        };
    }

    private ArimaOptions Options(AutoArimaParameters p) => new()
    {
        Order = p.Order,
        Seasonal = p.Seasonal,
        Period = p.Seasonal == default ? null : p.Period,
        IncludeMean = p.Mean,
        IncludeDrift = p.Drift,
        Regressors = _options.Regressors,
        Variance = _options.Variance,
    };

    private static SamplePaths Repeat(double[] ahead, int count)
    {
        var values = new double[count * ahead.Length];
        for (var path = 0; path < count; path++)
            ahead.CopyTo(values, path * ahead.Length);
        return new SamplePaths(count, ahead.Length, 1, values);
    }
}
