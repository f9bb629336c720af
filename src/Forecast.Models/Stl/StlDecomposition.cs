using Forecast.Core;

namespace Forecast.Models.Stl;

/// <summary>
/// Seasonal-trend decomposition by loess, y = seasonal + trend + remainder (Cleveland, Cleveland, McRae and Terpenning 1990,
/// Journal of Official Statistics 6). Robustness weights use the exact median of the absolute remainders; R's <c>stl</c> is off
/// there when the number of observations is even.
/// </summary>
/// <param name="Seasonal">The seasonal component.</param>
/// <param name="Trend">The trend.</param>
/// <param name="Remainder">What is left.</param>
/// <param name="Weights">Robustness weights, 1 throughout without robustness.</param>
public sealed record StlDecomposition(double[] Seasonal, double[] Trend, double[] Remainder, double[] Weights)
{
    private const int RobustRounds = 15;

    /// <summary>max(0, 1 - Var(remainder) / Var(remainder + seasonal)), Wang, Smith and Hyndman (2006).</summary>
    public double SeasonalStrength => Strength(Seasonal);

    /// <summary>max(0, 1 - Var(remainder) / Var(remainder + trend)).</summary>
    public double TrendStrength => Strength(Trend);

    /// <summary>Decomposes a series without gaps.</summary>
    /// <param name="y">At least two whole periods and one more value, oldest first.</param>
    /// <param name="settings">Windows.</param>
    /// <param name="series">Id for errors.</param>
    /// <exception cref="ForecastException">Fewer observations, or one that is missing or infinite.</exception>
    public static StlDecomposition Of(ReadOnlySpan<double> y, StlSettings settings, string series = "")
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validated();
        if (y.Length <= 2 * settings.Period)
            throw new ForecastException("series-too-short", $"series '{series}' has {y.Length} observations; a decomposition with period {settings.Period} needs more than {2 * settings.Period}", "data", series);
        for (var t = 0; t < y.Length; t++)
        {
            if (!double.IsFinite(y[t]))
                throw new ForecastException("value-missing", $"series '{series}' row {t}: a decomposition needs a finite value in every row", "data", series, t);
        }

        var pass = new StlPass(y.ToArray(), settings);
        double[] weights = [];
        pass.Run(settings.Robust ? 1 : 2, weights);
        for (var round = 0; settings.Robust && round < RobustRounds; round++)
        {
            weights = Bisquare(y, pass.Seasonal, pass.Trend);
            pass.Run(1, weights);
        }

        if (settings.SeasonalWindow is null)
            AverageFigure(pass.Seasonal, settings.Period);
        if (weights.Length == 0)
        {
            weights = new double[y.Length];
            Array.Fill(weights, 1);
        }

        var remainder = new double[y.Length];
        for (var t = 0; t < remainder.Length; t++)
            remainder[t] = y[t] - pass.Seasonal[t] - pass.Trend[t];
        return new StlDecomposition(pass.Seasonal, pass.Trend, remainder, weights);
    }

    /// <summary>(1 - (|r| / 6 median |r|)^2)^2.</summary>
    private static double[] Bisquare(ReadOnlySpan<double> y, double[] seasonal, double[] trend)
    {
        var n = y.Length;
        var weights = new double[n];
        for (var t = 0; t < n; t++)
            weights[t] = Math.Abs(y[t] - seasonal[t] - trend[t]);
        var sorted = (double[])weights.Clone();
        Array.Sort(sorted);
        var six = 3 * (sorted[n / 2] + sorted[(n - 1) / 2]);
        foreach (ref var w in weights.AsSpan())
        {
            var square = w / six * (w / six);
            w = w <= 0.001 * six ? 1 : w <= 0.999 * six ? (1 - square) * (1 - square) : 0;
        }

        return weights;
    }

    private static void AverageFigure(double[] seasonal, int period)
    {
        for (var j = 0; j < period; j++)
        {
            var sum = 0.0;
            var count = 0;
            for (var t = j; t < seasonal.Length; t += period, count++)
                sum += seasonal[t];
            for (var t = j; t < seasonal.Length; t += period)
                seasonal[t] = sum / count;
        }
    }

    private double Strength(double[] component)
    {
        var both = new double[component.Length];
        for (var t = 0; t < both.Length; t++)
            both[t] = Remainder[t] + component[t];
        var whole = Variance(both);
        return whole > 0 ? Math.Max(0, 1 - (Variance(Remainder) / whole)) : 0;
    }

    private static double Variance(double[] x)
    {
        var mean = x.Average();
        var sum = 0.0;
        foreach (var v in x)
            sum += (v - mean) * (v - mean);
        return sum / (x.Length - 1);
    }
}
