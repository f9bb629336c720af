using Forecast.Core;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>
/// Returns brought from the volatility of their day to that of another (Hull and White 1998): r_t s_(T+1) / s_t with
/// s²_(t+1) = d s²_t + (1 - d) r²_t, begun at the mean square of the window.
/// </summary>
internal sealed class ScaledReturns
{
    private readonly double[] _z;
    private readonly double _decay;

    public ScaledReturns(double[] window, double decay)
    {
        _decay = decay;
        var variance = window.Sum(r => r * r) / window.Length;
        if (!(variance > 0)) throw new ForecastException("series-constant", "all returns of the window are 0, so there is no volatility to scale by", "data");
        var least = 1e-8 * variance;  // a long run of zero returns must not end in a division by 0
        _z = new double[window.Length];
        for (var t = 0; t < window.Length; t++)
        {
            _z[t] = window[t] / Math.Sqrt(variance);
            variance = Math.Max(least, Update(variance, window[t]));
        }

        NextVariance = variance;
    }

    /// <summary>s²_(T+1).</summary>
    public double NextVariance { get; }

    /// <summary>r_t / s_t.</summary>
    public double Standard(int day) => _z[day];

    public double Update(double variance, double r) => (_decay * variance) + ((1 - _decay) * r * r);

    /// <summary>The window at the volatility of the next day.</summary>
    public double[] Next()
    {
        var sd = Math.Sqrt(NextVariance);
        return [.. _z.Select(z => z * sd)];
    }
}
