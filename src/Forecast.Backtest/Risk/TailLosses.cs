namespace Forecast.Backtest.Risk;

/// <summary>Losses by which tail forecasts are ranked: lower is better, and the truth has the least in expectation.</summary>
public static class TailLosses
{
    /// <summary>Tick loss (p - 1[r &lt; -VaR]) (r + VaR) of the quantile -VaR, in the unit of the return.</summary>
    public static double Tick(double value, double valueAtRisk, double alpha) => (alpha - (value < -valueAtRisk ? 1 : 0)) * (value + valueAtRisk);

    /// <summary>
    /// The joint score of VaR and ES that is homogeneous of degree 0 (Fissler and Ziegel 2016; Patton, Ziegel and Chen 2019), with
    /// v = -VaR and e = -ES: -1[r at most v] (v - r) / (p e) + v/e + ln(-e) - 1.
    /// </summary>
    public static double Joint(double value, double valueAtRisk, double shortfall, double alpha)
    {
        var beyond = Math.Max(0, -valueAtRisk - value);
        return (beyond / (alpha * shortfall)) + (valueAtRisk / shortfall) + Math.Log(shortfall) - 1;
    }

    /// <summary>Tick losses day by day.</summary>
    public static double[] Tick(RiskSeries series, double alpha)
    {
        ArgumentNullException.ThrowIfNull(series);
        var losses = new double[series.Length];
        for (var t = 0; t < losses.Length; t++) losses[t] = Tick(series.Returns[t], series.ValueAtRisk[t], alpha);
        return losses;
    }

    /// <summary>Joint scores day by day, or null without ES.</summary>
    public static double[]? Joint(RiskSeries series, double alpha)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Shortfall is not { } shortfall) return null;
        var losses = new double[series.Length];
        for (var t = 0; t < losses.Length; t++) losses[t] = Joint(series.Returns[t], series.ValueAtRisk[t], shortfall[t], alpha);
        return losses;
    }
}
