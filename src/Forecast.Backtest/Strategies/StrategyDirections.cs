using Forecast.Core;

namespace Forecast.Backtest.Strategies;

/// <summary>The words for <see cref="StrategyDirection"/>.</summary>
public static class StrategyDirections
{
    public const string LongOnly = "long-only";
    public const string LongShort = "long-short";

    /// <exception cref="ForecastException">Another word.</exception>
    public static StrategyDirection Parse(string text) => text switch
    {
        LongOnly => StrategyDirection.LongOnly,
        LongShort => StrategyDirection.LongShort,
        _ => throw new ForecastException("strategy-unknown", $"strategy '{text}' is neither {LongOnly} nor {LongShort}", "strategy"),
    };

    public static string Name(StrategyDirection direction) => direction == StrategyDirection.LongOnly ? LongOnly : LongShort;
}
