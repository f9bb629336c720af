using Forecast.Backtest.Results;

namespace Forecast.Backtest.Metrics;

/// <summary>One forecast and all that its scores need.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Actual">What came true; NaN = missing, the forecast is not scored.</param>
/// <param name="Mean">Point forecast.</param>
/// <param name="Quantiles">In the order of the table's levels; NaN = none.</param>
/// <param name="Crps">Score of the whole law; NaN = none.</param>
/// <param name="AbsoluteScale">Divisor of MASE; NaN = none.</param>
/// <param name="SquaredScale">Divisor of the squared RMSSE; NaN = none.</param>
internal sealed record ScoredForecast(string Series, double Actual, double Mean, double[] Quantiles, double Crps, double AbsoluteScale, double SquaredScale);

/// <summary>
/// Every score of a set of forecasts. A set of several series is pooled: each forecast counts the same, with its own series' scale;
/// RMSSE is the mean over series of theirs (M5). What has no value is NaN with the reason.
/// </summary>
internal sealed class MetricTable
{
    private readonly string _model;
    private readonly string _series;
    private readonly string _remark;
    private readonly IReadOnlyList<double> _levels;
    private readonly List<ScoredForecast> _rows;
    private readonly double[] _actual;
    private readonly double[] _mean;
    private readonly List<MetricValue> _values = [];

    private MetricTable(string model, string series, IReadOnlyList<double> levels, IEnumerable<ScoredForecast> rows, string remark)
    {
        _model = model;
        _series = series;
        _remark = remark;
        _levels = levels;
        _rows = [.. rows.Where(r => !double.IsNaN(r.Actual))];
        _actual = [.. _rows.Select(r => r.Actual)];
        _mean = [.. _rows.Select(r => r.Mean)];
    }

    /// <param name="model">Model of the scores.</param>
    /// <param name="series">Series of the scores, or <c>all</c>.</param>
    /// <param name="levels">Quantile levels, ascending.</param>
    /// <param name="rows">The forecasts.</param>
    /// <param name="remark">Put on every score: what the rows leave out; or empty.</param>
    public static IReadOnlyList<MetricValue> Of(string model, string series, IReadOnlyList<double> levels, IEnumerable<ScoredForecast> rows, string remark = "")
    {
        var table = new MetricTable(model, series, levels, rows, remark);
        table.Points();
        table.Scaled();
        table.Quantiles();
        table.Intervals();
        return table._values;
    }

    private void Points()
    {
        var zero = "every actual is 0";
        Add(MetricNames.Mae, PointMetrics.MeanAbsoluteError(_actual, _mean));
        Add(MetricNames.Mse, PointMetrics.MeanSquaredError(_actual, _mean));
        Add(MetricNames.Rmse, PointMetrics.RootMeanSquaredError(_actual, _mean));
        Add(MetricNames.MeanError, PointMetrics.MeanError(_actual, _mean));
        Add(MetricNames.Mape, PointMetrics.MeanAbsolutePercentageError(_actual, _mean), "an actual is 0");
        Add(MetricNames.Smape, PointMetrics.SymmetricMape(_actual, _mean));
        Add(MetricNames.Wape, PointMetrics.WeightedAbsolutePercentageError(_actual, _mean), zero);
        Add(MetricNames.Nrmse, PointMetrics.NormalizedRmse(_actual, _mean), zero);
        AddOver(MetricNames.Crps, [.. _rows.Select(r => r.Crps).Where(c => !double.IsNaN(c))], "the model gives no distribution that has one");
    }

    private void Scaled()
    {
        const string reason = "the seasonal naive has no error on the rows before the first cutoff to divide by (too few rows, or a constant)";
        AddOver(MetricNames.Mase, [.. _rows.Where(r => Usable(r.AbsoluteScale)).Select(r => Math.Abs(r.Actual - r.Mean) / r.AbsoluteScale)], reason);
        var scaled = _rows.Where(r => Usable(r.SquaredScale)).ToLookup(r => r.Series, StringComparer.Ordinal);
        var bySeries = scaled.Select(g => Math.Sqrt(g.Average(r => (r.Actual - r.Mean) * (r.Actual - r.Mean) / r.SquaredScale))).ToArray();
        Add(MetricNames.Rmsse, bySeries.Length == 0 ? double.NaN : bySeries.Average(), reason, scaled.Sum(g => g.Count()));
    }

    private void Quantiles()
    {
        if (_levels.Count == 0) return;
        var (pinballs, weighted) = (new double[_levels.Count], new double[_levels.Count]);
        for (var k = 0; k < _levels.Count; k++)
        {
            var (level, place) = (_levels[k], k);
            var absent = $"the model gives no quantile at level {level}";
            var (actual, quantile) = With(r => r.Quantiles[place], r => 0.0);
            pinballs[k] = QuantileMetrics.MeanPinball(actual, quantile, level);
            weighted[k] = QuantileMetrics.WeightedQuantileLoss(actual, quantile, level);
            Add(MetricNames.Pinball(level), pinballs[k], absent, actual.Length);
            Add(MetricNames.WqlAt(level), weighted[k], actual.Length == 0 ? absent : "every actual is 0", actual.Length);
            Add(MetricNames.Below(level), QuantileMetrics.LevelCoverage(actual, quantile), absent, actual.Length);
        }

        var some = $"the model lacks some of the levels {string.Join(' ', _levels)}";
        var complete = _rows.Count(r => !Array.Exists(r.Quantiles, double.IsNaN));
        Add(MetricNames.MeanPinball, pinballs.Average(), some, complete);
        Add(MetricNames.QuantileCrps, QuantileMetrics.CrpsFromQuantiles(pinballs), some, complete);
        Add(MetricNames.Wql, weighted.Average(), double.IsNaN(pinballs.Average()) ? some : "every actual is 0", complete);
    }

    private void Intervals()
    {
        for (var k = 0; k < _levels.Count; k++)
        {
            var (low, high) = (k, UpperPartner(k));
            if (high <= low) continue;
            var alpha = Math.Round(2 * _levels[k], 12);
            var coverage = Math.Round(1 - alpha, 12);
            var absent = $"the model gives no quantiles at levels {_levels[low]} and {_levels[high]}";
            var (actual, lower) = With(r => r.Quantiles[low], r => r.Quantiles[high]);
            var (_, upper) = With(r => r.Quantiles[high], r => r.Quantiles[low]);
            Add(MetricNames.Coverage(coverage), IntervalMetrics.Coverage(actual, lower, upper), absent, actual.Length);
            Add(MetricNames.Width(coverage), IntervalMetrics.MeanWidth(actual, lower, upper), absent, actual.Length);
            Add(MetricNames.Winkler(coverage), IntervalMetrics.MeanWinkler(actual, lower, upper, alpha), absent, actual.Length);
            double[] scaled = [.. _rows.Where(r => Usable(r.AbsoluteScale) && !double.IsNaN(r.Quantiles[low] + r.Quantiles[high]))
                .Select(r => IntervalMetrics.Winkler(r.Actual, r.Quantiles[low], r.Quantiles[high], alpha) / r.AbsoluteScale)];
            AddOver(MetricNames.Msis(coverage), scaled, actual.Length == 0 ? absent : "there is no scale to divide by");
        }
    }

    /// <summary>Place of the level 1 - p, or -1.</summary>
    private int UpperPartner(int k)
    {
        for (var j = _levels.Count - 1; j > k; j--)
        {
            if (Math.Abs(_levels[k] + _levels[j] - 1) < 1e-9) return j;
        }

        return -1;
    }

    /// <summary>Actuals and one quantile of the rows that have both quantiles.</summary>
    private (double[] Actual, double[] Quantile) With(Func<ScoredForecast, double> quantile, Func<ScoredForecast, double> other)
    {
        var rows = _rows.Where(r => !double.IsNaN(quantile(r) + other(r))).ToArray();
        return ([.. rows.Select(r => r.Actual)], [.. rows.Select(quantile)]);
    }

    private void AddOver(string name, double[] scores, string reason) =>
        Add(name, scores.Length == 0 ? double.NaN : scores.Average(), reason, scores.Length);

    private void Add(string name, double value, string reason = "", int? count = null)
    {
        var used = count ?? _rows.Count;
        var why = double.IsNaN(value) ? (_rows.Count == 0 ? "no forecast has an actual to compare with" : reason)
            : used < _rows.Count ? $"over the {used} of {_rows.Count} forecasts that allow it"
            : "";
        string[] notes = [.. new[] { why, _remark }.Where(n => n.Length > 0)];
        _values.Add(new MetricValue(_model, _series, name, value, double.IsNaN(value) ? 0 : used, string.Join("; ", notes)));
    }

    private static bool Usable(double scale) => scale > 0;
}
