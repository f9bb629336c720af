namespace Forecast.Backtest.Report.Charts;

/// <summary>Round ends and steps for an axis, so that charts side by side share one scale and no tick reads 0.0437.</summary>
public readonly record struct NiceAxis(double Min, double Max, double Interval)
{
    /// <summary>The smallest range with about <paramref name="ticks"/> steps of 1, 2, 2.5 or 5 times a power of ten that holds all values.</summary>
    public static NiceAxis Holding(IEnumerable<double> values, int ticks = 5)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var v in values)
        {
            if (!double.IsFinite(v)) continue;
            low = Math.Min(low, v);
            high = Math.Max(high, v);
        }

        if (low > high) (low, high) = (0, 1);
        if (low == high) (low, high) = low == 0 ? (0, 1) : (low - (Math.Abs(low) / 2), high + (Math.Abs(high) / 2));
        var rough = (high - low) / ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch
        {
            <= 1.0001 => 1,
            <= 2.0001 => 2,
            <= 2.5001 => 2.5,
            <= 5.0001 => 5,
            _ => 10,
        };
        // Division by a reciprocal keeps 0.3 from becoming 0.30000000000000004.
        return new(Multiple(Math.Floor((low / step) + 1e-9), step), Multiple(Math.Ceiling((high / step) - 1e-9), step), step);
    }

    /// <summary>The axis with these ends.</summary>
    public ChartAxis As(string kind, string? name, string? format = null) => new() { Kind = kind, Name = name, Format = format, Min = Min, Max = Max, Interval = Interval };

    private static double Multiple(double count, double step) => step >= 1 ? count * step : Math.Round(count * step, Math.Clamp((int)Math.Ceiling(-Math.Log10(step)) + 1, 0, 15));
}
