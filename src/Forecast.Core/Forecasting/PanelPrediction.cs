using Forecast.Core.Distributions;

namespace Forecast.Core.Forecasting;

/// <summary>Predictions of a panel: a distribution for each series that worked, the error for each that did not.</summary>
public sealed record PanelPrediction(IReadOnlyDictionary<string, PredictiveDistribution> Distributions, IReadOnlyDictionary<string, ForecastException> Failures)
{
    /// <exception cref="ForecastException">The series failed (its own error) or is unknown.</exception>
    public PredictiveDistribution this[string series] => Distributions.TryGetValue(series, out var found)
        ? found
        : throw (Failures.GetValueOrDefault(series) ?? new ForecastException("series-unknown", $"there is no prediction for series '{series}'", "series", series));
}
