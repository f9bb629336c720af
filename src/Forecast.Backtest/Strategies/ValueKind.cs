using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Backtest.Strategies;

/// <summary>What the values of a series are to a trader.</summary>
public enum ValueKind
{
    Price,
    LogReturn,
    SimpleReturn,
}

/// <summary>Tells prices from returns by the unit that the reader of the data gave them.</summary>
public static class ValueKinds
{
    /// <summary>Units <c>log_return</c> and <c>simple_return</c> (also with a blank) are returns; everything else is a price.</summary>
    public static ValueKind Of(string? unit) => unit?.Replace(' ', '_') switch
    {
        "log_return" => ValueKind.LogReturn,
        "simple_return" => ValueKind.SimpleReturn,
        _ => ValueKind.Price,
    };

    /// <summary>Says at once, not after hours of fitting, that a series can't be traded.</summary>
    /// <exception cref="ForecastException">A price that is not positive, or a simple return of -1 or less.</exception>
    public static void RequireTradable(Panel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        foreach (var series in panel.Series)
        {
            var kind = Of(series.Unit);
            var values = series.Targets[0].Values;
            for (var t = 0; t < values.Length; t++)
            {
                if (double.IsNaN(values[t])) continue;
                var price = kind == ValueKind.Price ? values[t] : 1 + SimpleReturn(kind, values[t]);
                if (!(price > 0 && double.IsFinite(price))) throw NotTradable(series.Id, t, values[t], kind);
            }
        }
    }

    internal static ForecastException NotTradable(string series, int row, double value, ValueKind kind) => kind == ValueKind.Price
        ? new("strategy-price", $"series '{series}' is {value} at row {row}; a strategy needs positive prices, or returns with the unit log_return or simple_return", "values", series, row)
        : new("strategy-return", $"series '{series}' has the return {value} at row {row}, which leaves no positive price", "values", series, row);

    /// <summary>The simple return that a value of a returns series stands for.</summary>
    public static double SimpleReturn(ValueKind kind, double value) => kind == ValueKind.LogReturn ? double.ExpM1(value) : value;
}
