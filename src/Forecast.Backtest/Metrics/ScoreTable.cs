using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Metrics;

/// <summary>One forecast of somebody's table, to be scored.</summary>
/// <param name="Id">Series id.</param>
/// <param name="Time">Its time, as text; (id, time) is unique.</param>
/// <param name="Actual">What came true; NaN = missing, the row is not scored.</param>
/// <param name="Mean">Point forecast.</param>
/// <param name="Quantiles">One a level of the table; NaN = none.</param>
/// <param name="AbsoluteScale">In-sample mean |y_t - y_(t-m)| of the series, for MASE and MSIS; NaN = not given.</param>
/// <param name="SquaredScale">In-sample mean (y_t - y_(t-m))^2 of the series, for RMSSE; NaN = not given.</param>
public sealed record ScoreRow(string Id, string Time, double Actual, double Mean, double[] Quantiles, double AbsoluteScale = double.NaN, double SquaredScale = double.NaN);

/// <summary>Scores forecasts that came from anywhere, by the same rules as a back-test's.</summary>
public static class ScoreTable
{
    /// <summary>
    /// Every score by series id, in order of first appearance, then over <c>all</c>. Besides those of a back-test, each id has
    /// <c>MPE</c>, <c>TheilU</c> and <c>ACF1</c> (of its errors), which need the rows of one series in time order.
    /// </summary>
    /// <param name="rows">The forecasts; those of an id in time order.</param>
    /// <param name="levels">Quantile levels, ascending within (0, 1); may be empty.</param>
    /// <param name="model">Model name put on the scores.</param>
    /// <exception cref="ForecastException">No rows, a pair (id, time) twice, a row without forecast, an infinite value, quantiles that do not match the levels.</exception>
    public static IReadOnlyList<MetricValue> Score(IReadOnlyList<ScoreRow> rows, IReadOnlyList<double> levels, string model = "")
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(levels);
        if (rows.Count == 0) throw new ForecastException("no-rows", "the table holds no forecasts", "data");
        new ForecastTask(1, levels).Validated();
        Check(rows, levels);
        var metrics = new List<MetricValue>();
        foreach (var own in rows.GroupBy(r => r.Id, StringComparer.Ordinal))
        {
            metrics.AddRange(MetricTable.Of(model, own.Key, levels, own.Select(Scored)));
            metrics.AddRange(InTime(model, own.Key, [.. own.Where(r => !double.IsNaN(r.Actual))]));
        }

        metrics.AddRange(MetricTable.Of(model, RunMetrics.AllSeries, levels, rows.Select(Scored)));
        return metrics;
    }

    private static ScoredForecast Scored(ScoreRow row) => new(row.Id, row.Actual, row.Mean, row.Quantiles, double.NaN, row.AbsoluteScale, row.SquaredScale);

    private static IEnumerable<MetricValue> InTime(string model, string id, ScoreRow[] rows)
    {
        double[] actual = [.. rows.Select(r => r.Actual)], mean = [.. rows.Select(r => r.Mean)];
        yield return Value("MPE", PointMetrics.MeanPercentageError(actual, mean), "an actual is 0, or there is none");
        yield return Value("TheilU", PointMetrics.TheilU(actual, mean), "an earlier actual is 0, or the actuals never change");
        double[] errors = [.. actual.Zip(mean, (y, f) => y - f)];
        yield return Value("ACF1", errors.Length > 1 ? ResidualDiagnostics.Autocorrelations(errors, 1)[0] : double.NaN, "fewer than two errors, or they never change");

        MetricValue Value(string name, double value, string reason) =>
            new(model, id, name, value, double.IsNaN(value) ? 0 : rows.Length, double.IsNaN(value) ? reason : "");
    }

    private static void Check(IReadOnlyList<ScoreRow> rows, IReadOnlyList<double> levels)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (!seen.Add((row.Id, row.Time)))
                throw new ForecastException("timestamp-duplicate", $"row {i + 1}: series '{row.Id}' has a second forecast for {row.Time}", "t", row.Id, i);
            if (double.IsNaN(row.Mean))
                throw new ForecastException("forecast-missing", $"row {i + 1}: series '{row.Id}' has no forecast (mean) for {row.Time}", "mean", row.Id, i);
            if (row.Quantiles.Length != levels.Count)
                throw new ForecastException("quantiles-length", $"row {i + 1}: {row.Quantiles.Length} quantiles for {levels.Count} levels", "quantiles", row.Id, i);
            if (double.IsInfinity(row.Actual) || double.IsInfinity(row.Mean) || Array.Exists(row.Quantiles, double.IsInfinity))
                throw new ForecastException("value-infinite", $"row {i + 1}: series '{row.Id}' has an infinite value at {row.Time}; leave the field empty if it is missing", "data", row.Id, i);
            if (row.AbsoluteScale < 0 || row.SquaredScale < 0)
                throw new ForecastException("scale-negative", $"row {i + 1}: series '{row.Id}' has a negative train scale", "scale", row.Id, i);
        }
    }
}
