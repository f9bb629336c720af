using Forecast.Core;

namespace Forecast.Backtest.Wrappers;

/// <summary>The inner walk-forward of one model: folds of each series in time order, or why a series has none.</summary>
internal sealed class InnerResult
{
    public Dictionary<string, List<InnerFold>> Folds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ForecastException> Failures { get; } = new(StringComparer.Ordinal);

    /// <exception cref="ForecastException">The model failed on the series at some inner fold, or there was no inner fold.</exception>
    public IReadOnlyList<InnerFold> Of(string series, string model)
    {
        if (Failures.TryGetValue(series, out var failure))
            throw new ForecastException(failure.Code, $"{failure.Message} (inner walk-forward of '{model}')", failure.Field, series, inner: failure);
        return Folds.GetValueOrDefault(series) is { Count: > 0 } folds
            ? folds
            : throw new ForecastException("series-too-short", $"series '{series}' is too short for an inner walk-forward of '{model}'", "data", series);
    }
}
