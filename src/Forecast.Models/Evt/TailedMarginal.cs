using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Models.Evt;

/// <summary>
/// mean + sd Z with Z of <see cref="TailedResiduals"/>. Quantiles, distribution function and shortfall are exact; the CRPS is that of 2,000 equally
/// likely values.
/// </summary>
internal sealed class TailedMarginal : IMarginal
{
    private readonly TailedResiduals _z;
    private readonly double _mean;
    private readonly double _sd;
    private readonly Lazy<EmpiricalMarginal> _grid;

    public TailedMarginal(double mean, double sd, TailedResiduals z)
    {
        if (!double.IsFinite(mean) || !(sd > 0) || !double.IsFinite(sd)) throw new ForecastException("forecast-not-finite", $"the forecast has mean {mean} and standard deviation {sd}");
        (_mean, _sd, _z) = (mean, sd, z);
        _grid = new(() => new EmpiricalMarginal([.. z.Grid(2000).Select(v => mean + (sd * v))]));
    }

    /// <summary>The volatility model's: residuals have mean 0 and variance 1 in the limit.</summary>
    public double Mean => _mean;

    public double Variance => _sd * _sd;

    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        value = _mean + (_sd * _z.Quantile(level));
        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        probability = _z.Cdf((x - _mean) / _sd);
        return true;
    }

    /// <summary>False where the tail's shape is 1 or more: its mean is infinite.</summary>
    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (!(alpha > 0 && alpha < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "a tail lies strictly between 0 and 1");
        var tail = _z.LowerTailMean(alpha);
        value = double.IsFinite(tail) ? -(_mean + (_sd * tail)) : double.NaN;
        return double.IsFinite(tail);
    }

    public bool TryCrps(double actual, out double score) => _grid.Value.TryCrps(actual, out score);
}
