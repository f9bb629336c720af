namespace Forecast.Models.Ets;

/// <summary>Smoothing parameters and the first level and slope; the first seasonal states stand in <see cref="EtsTrace.Season"/>.</summary>
/// <param name="Alpha">Of the level.</param>
/// <param name="Beta">Of the slope, alpha times beta* in the older notation; 0 without a trend.</param>
/// <param name="Gamma">Of the season; 0 without one.</param>
/// <param name="Phi">Damping; 1 without it.</param>
/// <param name="Level">l_0.</param>
/// <param name="Slope">b_0; without a trend not used.</param>
internal readonly record struct EtsPoint(double Alpha, double Beta, double Gamma, double Phi, double Level, double Slope);

/// <summary>
/// What one pass over a sample leaves behind, kept for the pass back: all arrays are reused by every pass, so that a search
/// allocates nothing.
/// </summary>
/// <param name="length">Longest sample.</param>
/// <param name="period">Longest season.</param>
internal sealed class EtsTrace(int length, int period)
{
    /// <summary>Level before row t; the last entry stands after the last row.</summary>
    public readonly double[] Level = new double[length + 1];

    public readonly double[] Slope = new double[length + 1];

    /// <summary>Entry t is the season of row t as known one period before; a row writes entry t + m. The first m are initial states.</summary>
    public readonly double[] Season = new double[length + period];

    /// <summary>phi b, or b^phi: what the slope adds to (or does to) the level.</summary>
    public readonly double[] Growth = new double[length];

    /// <summary>One-step forecasts.</summary>
    public readonly double[] Mean = new double[length];

    /// <summary>Residuals: y - mu, or (y - mu) / mu for a multiplicative error; 0 where y is missing.</summary>
    public readonly double[] Residual = new double[length];

    /// <summary>Innovation of the level, (y - mu) / s with a multiplicative season, else y - mu.</summary>
    public readonly double[] Shock = new double[length];

    /// <summary>Adjoints of <see cref="Season"/>; the first m are derivatives by the initial seasonal states.</summary>
    public readonly double[] SeasonBar = new double[length + period];

    public double SumOfSquares;

    /// <summary>Sum of ln mu over observed rows for a multiplicative error, else 0.</summary>
    public double LogMeans;
}
