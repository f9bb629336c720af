using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Models.Arima;

/// <summary>
/// Covariates of a series as regression columns. <c>name</c> is a known-future covariate of the same row; <c>name@k</c> the value k
/// rows earlier, which past covariates need: beyond k steps ahead nobody knows them.
/// </summary>
internal static class RegressorColumns
{
    /// <summary>The names in use: "*" stands for every known-future covariate.</summary>
    public static string[] Names(IReadOnlyList<string> wanted, SeriesView history) =>
    [
        .. wanted.SelectMany(name => string.Equals(name, ArimaOptions.AllRegressors, StringComparison.Ordinal)
            ? history.ColumnsOf(ColumnRole.FutureCovariate)
            : [name]),
    ];

    /// <summary>
    /// The target and the columns beside it. Rows too early for a lagged column count as missing: their target is NaN and
    /// the column's value, which then plays no part, is 0.
    /// </summary>
    /// <exception cref="ForecastException">A covariate that the series does not have, or one that needs a lag and has none.</exception>
    public static (double[] Target, ArimaRegressors Regressors) Of(SeriesView history, IReadOnlyList<string> names)
    {
        var target = history.Target.ToArray();
        var columns = new double[names.Count][];
        for (var j = 0; j < columns.Length; j++)
        {
            var (column, lag) = Parse(names[j], history);
            var values = history.Values(column);
            columns[j] = new double[target.Length];
            var skip = Math.Min(lag, target.Length);
            target.AsSpan(0, skip).Fill(double.NaN);
            values[..(target.Length - skip)].CopyTo(columns[j].AsSpan(skip));
        }

        return (target, new ArimaRegressors(names, columns));
    }

    /// <summary>The columns of the steps 1..horizon.</summary>
    /// <exception cref="ForecastException">A value that is not known: too far ahead for a past covariate's lag, or not supplied.</exception>
    public static ArimaRegressors Ahead(SeriesView history, SeriesFuture future, IReadOnlyList<string> names, int horizon)
    {
        var columns = new double[names.Count][];
        for (var j = 0; j < columns.Length; j++)
        {
            var (column, lag) = Parse(names[j], history);
            columns[j] = new double[horizon];
            var known = Math.Min(lag, horizon);
            var values = history.Values(column);
            for (var h = 0; h < known; h++)
                columns[j][h] = values.Length - lag + h >= 0 ? values[values.Length - lag + h] : double.NaN;
            if (known == horizon)
                continue;
            if (!IsKnownAhead(column, history))
                throw new ForecastException("past-covariate-horizon", $"series '{history.Id}': '{column}' is a past covariate; {names[j]} reaches {lag} steps ahead, not {horizon}; use a lag of at least the horizon", column, history.Id);
            future.Require(column, horizon - lag, history.Id).CopyTo(columns[j].AsSpan(known));
        }

        return new ArimaRegressors(names, columns);
    }

    private static (string Column, int Lag) Parse(string name, SeriesView history)
    {
        var at = name.LastIndexOf('@');
        var lag = 0;
        var column = name;
        if (at > 0 && int.TryParse(name[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out lag) && lag > 0)
            column = name[..at];
        if (IsKnownAhead(column, history))
            return (column, lag);
        var isPast = history.ColumnsOf(ColumnRole.PastCovariate).Contains(column, StringComparer.Ordinal);
        if (isPast && lag > 0)
            return (column, lag);
        string[] known = [.. history.ColumnsOf(ColumnRole.FutureCovariate)];
        throw isPast
            ? new ForecastException("past-covariate-lag", $"series '{history.Id}': '{column}' is a past covariate, unknown ahead; name a lag of at least the horizon, as in {column}@1", column, history.Id)
            : new ForecastException("column-unknown", $"series '{history.Id}' has no known-future covariate '{column}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}", column, history.Id);
    }

    private static bool IsKnownAhead(string column, SeriesView history) => history.ColumnsOf(ColumnRole.FutureCovariate).Contains(column, StringComparer.Ordinal);
}
