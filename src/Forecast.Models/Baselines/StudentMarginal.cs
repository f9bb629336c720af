using Forecast.Core.Distributions;
using Forecast.Models.Innovations;

namespace Forecast.Models.Baselines;

/// <summary>
/// X = mean + scale T, T Student t with nu degrees of freedom, not re-standardised: it also exists for nu of 1 and 2, where
/// there is no variance. Scale 0 is the point mass.
/// </summary>
/// <remarks>
/// Above 2 degrees of freedom T = sqrt(nu / (nu - 2)) Z with Z the unit-variance t, whose quantities keep their digits for any nu,
/// CRPS in closed form (Jordan, Krueger and Lerch 2019, appendix A) among them. Below, closed forms of nu = 1 and 2.
/// </remarks>
public sealed class StudentMarginal : IMarginal
{
    private readonly LocationScaleMarginal? _law;
    private readonly double _scale;
    private readonly int _freedom;

    /// <param name="mean">Location.</param>
    /// <param name="scale">Scale, not negative.</param>
    /// <param name="freedom">nu, at least 1.</param>
    public StudentMarginal(double mean, double scale, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        Mean = mean;
        _scale = scale;
        _freedom = freedom;
        if (freedom > 2 || scale == 0)
            _law = scale == 0 ? LocationScaleMarginal.Normal(mean, 0) : new LocationScaleMarginal(mean, scale * Math.Sqrt(freedom / (freedom - 2.0)), new StudentTInnovation(freedom));
    }

    public double Mean { get; }

    /// <summary>scale^2 nu / (nu - 2); NaN for nu of at most 2.</summary>
    public double Variance => _law?.Variance ?? double.NaN;

    public bool TryQuantile(double level, out double value)
    {
        if (_law is not null) return _law.TryQuantile(level, out value);
        value = Mean + (_scale * Quantile(level));
        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        if (_law is not null) return _law.TryCdf(x, out probability);
        probability = Cdf((x - Mean) / _scale);
        return true;
    }

    /// <summary>
    /// E[T | T at most q] = -f(q) (nu + q^2) / ((nu - 1) alpha) (McNeil, Frey and Embrechts 2015, example 2.15), which for nu = 2 is
    /// -sqrt(2 (1 - alpha) / alpha); there is none for nu = 1.
    /// </summary>
    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (_law is not null) return _law.TryExpectedShortfall(alpha, out value);
        CheckLevel(alpha);
        value = _freedom == 2 ? -Mean + (_scale * Math.Sqrt(2 * (1 - alpha) / alpha)) : double.NaN;
        return _freedom == 2;
    }

    /// <summary>For nu = 2 sqrt(2 + z^2) - pi / sqrt 8; there is none for nu = 1.</summary>
    public bool TryCrps(double actual, out double score)
    {
        if (_law is not null) return _law.TryCrps(actual, out score);
        var z = (actual - Mean) / _scale;
        score = _freedom == 2 ? _scale * (Math.Sqrt(2 + (z * z)) - (Math.PI / Math.Sqrt(8))) : double.NaN;
        return _freedom == 2;
    }

    /// <summary>nu = 1: arctan(1 / -z) / pi on the left; nu = 2: 1 / (s (s - z)), s = sqrt(2 + z^2), on the left.</summary>
    private double Cdf(double z)
    {
        if (z > 0) return 1 - Cdf(-z);
        if (_freedom == 1) return z == 0 ? 0.5 : Math.Atan(-1 / z) / Math.PI;
        var s = Math.Sqrt(2 + (z * z));
        return 1 / (s * (s - z));
    }

    /// <summary>nu = 1: -1 / tan(pi p) on the left; nu = 2: (2p - 1) / sqrt(2 p (1 - p)).</summary>
    private double Quantile(double level)
    {
        CheckLevel(level);
        return _freedom == 2 ? ((2 * level) - 1) / Math.Sqrt(2 * level * (1 - level))
            : level == 0.5 ? 0
            : level < 0.5 ? -1 / Math.Tan(Math.PI * level)
            : 1 / Math.Tan(Math.PI * (1 - level));
    }

    private static void CheckLevel(double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a level lies strictly between 0 and 1");
    }
}
