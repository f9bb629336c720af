namespace Forecast.Core.Data;

/// <summary>Future covariates of one series: for each column the values of the steps 1..horizon, NaN where unknown.</summary>
public sealed class SeriesFuture(IReadOnlyDictionary<string, double[]> columns)
{
    public static SeriesFuture None { get; } = new(new Dictionary<string, double[]>(StringComparer.Ordinal));

    public IEnumerable<string> Columns => columns.Keys;

    /// <summary>Values of a covariate for steps 1..<paramref name="horizon"/>.</summary>
    /// <exception cref="ForecastException">The covariate is absent, too short, or has a gap.</exception>
    public ReadOnlySpan<double> Require(string column, int horizon, string series)
    {
        if (!columns.TryGetValue(column, out var values) || values.Length < horizon)
            throw new ForecastException("future-covariate-missing", $"series '{series}' needs '{column}' for {horizon} future steps", column, series);
        var gap = Array.FindIndex(values, 0, horizon, double.IsNaN);
        if (gap >= 0)
            throw new ForecastException("future-covariate-missing", $"series '{series}': '{column}' is not known for step {gap + 1} of {horizon}", column, series, gap);
        return values.AsSpan(0, horizon);
    }
}

/// <summary>Future covariates by series: all that a model may know about the time after the cutoff.</summary>
public sealed class KnownFuture(IReadOnlyDictionary<string, SeriesFuture> bySeries)
{
    public static KnownFuture None { get; } = new(new Dictionary<string, SeriesFuture>(StringComparer.Ordinal));

    public SeriesFuture this[string series] => bySeries.GetValueOrDefault(series, SeriesFuture.None);
}
