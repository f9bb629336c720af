using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>Prices to returns, between consecutive observed values; a missing value stays a missing return.</summary>
internal static class ReturnsTransform
{
    /// <summary>Unit of the returns.</summary>
    public static string Unit(Returns kind) => kind == Returns.Log ? "log_return" : "simple_return";

    /// <summary>First row that has a return: the one after the first observed value.</summary>
    /// <exception cref="Core.ForecastException">Fewer than two observed values.</exception>
    public static int FirstRow(string file, string id, ReadOnlySpan<double> prices)
    {
        var first = -1;
        for (var t = 0; t < prices.Length; t++)
        {
            if (double.IsNaN(prices[t])) continue;
            if (first >= 0) return first + 1;
            first = t;
        }

        throw DataErrors.ReturnsTooShort(file, id);
    }

    /// <summary>Returns of all rows (NaN up to the first price), and from when on each was known: with the later of its two prices.</summary>
    public static (double[] Values, Instant[]? Available) Apply(Returns kind, FileRequest request, string column, string id, double[] prices, SeriesRows rows)
    {
        var values = new double[prices.Length];
        var available = (Instant[]?)rows.Available?.Clone();
        var last = -1;
        for (var t = 0; t < prices.Length; t++)
        {
            values[t] = double.NaN;
            var price = prices[t];
            if (double.IsNaN(price)) continue;
            if (price <= 0) throw DataErrors.ReturnNotPositive(request.Display, rows.Lines[t], column, id, kind == Returns.Log ? "log" : "simple", price);
            if (last >= 0)
            {
                values[t] = kind == Returns.Log ? Math.Log(price / prices[last]) : (price / prices[last]) - 1;
                if (available is not null) available[t] = Instant.Max(available[t], rows.Available![last]);
            }

            last = t;
        }

        return (values, available);
    }
}
