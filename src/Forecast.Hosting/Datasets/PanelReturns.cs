using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Datasets;

/// <summary>Prices to returns for a panel that is stored already; a file's prices are turned while it is read, with its lines in the errors.</summary>
internal static class PanelReturns
{
    /// <exception cref="ForecastException"><c>return-undefined</c>, <c>returns-of-revisions</c>.</exception>
    public static Panel Of(Panel panel, Returns kind, string name) =>
        kind == Returns.None ? panel : new Panel([.. panel.Series.Select(s => Of(s, kind, name))]);

    private static TimeSeries Of(TimeSeries series, Returns kind, string name)
    {
        var columns = new List<Column>(series.Columns.Count);
        var skip = series.Targets.Max(t => ReturnsTransform.FirstRow(name, series.Id, t.Values));
        foreach (var column in series.Columns)
        {
            if (column.Role == ColumnRole.Static) columns.Add(column);
            else if (column.Role == ColumnRole.Target) columns.Add(Returned(series, column, kind, name, skip));
            else columns.Add(new Column(column.Name, column.Role, column.Values[skip..].ToArray(), Later(column.AvailableAt, skip), column.Revisions.Where(r => r.Row >= skip).Select(r => r with { Row = r.Row - skip }), column.Unit));
        }

        return new TimeSeries(series.Id, series.Frequency, series.Times[skip..].ToArray(), columns, series.Calendar) { Notes = series.Notes };
    }

    private static Column Returned(TimeSeries series, Column prices, Returns kind, string name, int skip)
    {
        if (prices.Revisions.Count > 0) throw DataErrors.ReturnsOfRevised(name, series.Id);
        var values = new double[series.Length];
        var available = prices.AvailableAt.IsEmpty ? null : prices.AvailableAt.ToArray();
        var last = -1;
        for (var t = 0; t < values.Length; t++)
        {
            values[t] = double.NaN;
            var price = prices.Values[t];
            if (double.IsNaN(price)) continue;
            if (price <= 0) throw new ForecastException("return-undefined", $"{name}: series '{series.Id}' has the value {price} at {series.Frequency.Format(series.Times[t])}, but returns need values above 0", "returns", series.Id, t);
            if (last >= 0)
            {
                values[t] = kind == Returns.Log ? Math.Log(price / prices.Values[last]) : (price / prices.Values[last]) - 1;
                if (available is not null) available[t] = Instant.Max(available[t], prices.AvailableAt[last]);
            }

            last = t;
        }

        return new Column(prices.Name, ColumnRole.Target, values[skip..], available?[skip..], unit: ReturnsTransform.Unit(kind));
    }

    private static Instant[]? Later(ReadOnlySpan<Instant> available, int skip) => available.IsEmpty ? null : available[skip..].ToArray();
}
