using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Models.Transforms;

/// <summary>
/// The law of Y, the value nearest to X among those that can be: X censored to [a, b], or the whole number nearest to X, censored.
/// Quantiles map one to one. All else follows from the distribution function F_Y, which is that of X between the bounds (at k + 1/2 for
/// a whole number k): for any m in [a, b]
/// E Y = m + integral of 1 - F_Y from m to b - integral of F_Y from a to m.
/// </summary>
/// <remarks>
/// The integral of F_X up to c is E(c - X)+ = F(c) (c + ES_F(c)(X)), in closed form where the law of X has its shortfall. For whole numbers
/// integrals become sums over k; beyond the extreme quantiles, and for laws so wide that a step of 1 is nothing, the integral stands in for
/// the sum, to which it is the midpoint rule.
/// </remarks>
internal sealed class ConstrainedMarginal : IMarginal
{
    private const double ExtremeTail = 1e-10;
    private const double MaxTerms = 20_000;
    private const double WholeDigits = 1L << 52;  // from here on k + 1/2 is no double
    private readonly IMarginal _x;
    private readonly Constraint _constraint;
    private readonly Lazy<double> _mean;
    private readonly Lazy<double> _variance;

    public ConstrainedMarginal(IMarginal x, Constraint constraint, string series)
    {
        _x = x;
        _constraint = constraint;
        _mean = new Lazy<double>(() => ComputeMean(series));
        _variance = new Lazy<double>(ComputeVariance);
    }

    public double Mean => _mean.Value;

    public double Variance => _variance.Value;

    public bool TryQuantile(double level, out double value)
    {
        var known = _x.TryQuantile(level, out value);
        if (known) value = _constraint.Nearest(value);
        return known;
    }

    public bool TryCdf(double x, out double probability)
    {
        probability = x < _constraint.Lowest ? 0 : 1;
        return x < _constraint.Lowest || x >= _constraint.Highest || _x.TryCdf(_constraint.Integer ? Math.Floor(x) + 0.5 : x, out probability);
    }

    /// <summary>-(c - E(c - Y)+ / alpha) with c the alpha-quantile, which holds for laws with atoms, too.</summary>
    public bool TryExpectedShortfall(double alpha, out double value)
    {
        value = double.NaN;
        if (!TryQuantile(alpha, out var c)) return false;
        value = (Below(_constraint.Lowest, c) / alpha) - c;
        return double.IsFinite(value) || QuantileIntegral.TryExpectedShortfall(this, alpha, out value);
    }

    public bool TryCrps(double actual, out double score)
    {
        if (_constraint.Integer && Span(out var from, out var to)) return TryCrpsOfSteps(actual, from, to, out score);
        var breaks = new List<double>();
        foreach (var bound in (ReadOnlySpan<double>)[_constraint.Lowest, _constraint.Highest])
        {
            if (double.IsFinite(bound) && _x.TryCdf(bound, out var p) && p > 0 && p < 1) breaks.Add(NormalDistribution.Quantile(p));
        }

        return QuantileIntegral.TryCrps(this, actual, out score, [.. breaks]);
    }

    private double ComputeMean(string series)
    {
        if (_x.Variance == 0) return _constraint.Nearest(_x.Mean);
        if (!_x.TryQuantile(0.5, out var median)) return _constraint.Nearest(_x.Mean);  // a law that knows nothing but its mean is a point forecast

        // Counted from a whole number near the middle, so that sums on both sides are of small terms.
        var m = Math.Clamp(_constraint.Integer ? Math.Round(median) : median, _constraint.Lowest, _constraint.Highest);
        var mean = m + Above(m, _constraint.Highest) - Below(_constraint.Lowest, m);
        if (double.IsFinite(mean)) return Math.Clamp(mean, _constraint.Lowest, _constraint.Highest);
        return QuantileIntegral.TryMean(this, q => q, out var integral)
            ? integral
            : throw new ForecastException("mean-undefined", $"series '{series}': the law of the forecast does not say enough of itself for the mean under min, max or integer", "model", series);
    }

    /// <summary>Of whole numbers by sums, since quadrature does not see steps: E(Y - m)^2 = sum of (2 (k - m) + 1) (1 - F_Y(k)) over k from m on, and likewise below.</summary>
    private double ComputeVariance()
    {
        if (_x.Variance == 0) return 0;
        if (!_constraint.Integer || !Span(out var first, out var last)) return QuantileIntegral.TryMean(this, q => (q - Mean) * (q - Mean), out var variance) ? variance : double.NaN;
        var m = Math.Clamp(Math.Round(Mean), first, last);
        double sum = 0;
        for (var k = first; k < last; k++)
        {
            if (!_x.TryCdf(k + 0.5, out var p)) return double.NaN;
            sum += k < m ? ((2 * (m - k)) - 1) * p : ((2 * (k - m)) + 1) * (1 - p);
        }

        return sum - ((Mean - m) * (Mean - m));
    }

    /// <summary>Integral of F_Y from <paramref name="from"/> to <paramref name="to"/>; NaN where the law of X does not know it.</summary>
    private double Below(double from, double to)
    {
        if (to <= from) return 0;
        if (!_constraint.Integer || !Span(out var first, out var last)) return Smooth(from, to);
        var (low, high) = (Math.Max(from, first), Math.Min(to, last));
        if (high <= low) return Smooth(from, to);
        var sum = low > from ? Smooth(from, low) : 0;
        for (var k = low; k < high; k++) sum += _x.TryCdf(k + 0.5, out var p) ? p : double.NaN;
        return high < to ? sum + Smooth(high, to) : sum;

        double Smooth(double a, double b) => PartialMoment(b) - (double.IsNegativeInfinity(a) ? 0 : PartialMoment(a));
    }

    /// <summary>Integral of 1 - F_Y from <paramref name="from"/> to <paramref name="to"/>; NaN where the law of X does not know it.</summary>
    private double Above(double from, double to)
    {
        if (to <= from) return 0;
        if (!_constraint.Integer || !Span(out var first, out var last)) return Smooth(from, to);
        var (low, high) = (Math.Max(from, first), Math.Min(to, last));
        if (high <= low) return Smooth(from, to);
        var sum = low > from ? Smooth(from, low) : 0;
        for (var k = low; k < high; k++) sum += _x.TryCdf(k + 0.5, out var p) ? 1 - p : double.NaN;
        return high < to ? sum + Smooth(high, to) : sum;

        // Where nothing lies above the upper end it may as well be infinite, and no digits are lost in b - E(b - X)+.
        double Smooth(double a, double b) => double.IsPositiveInfinity(b) || (_x.TryCdf(b, out var p) && p >= 1)
            ? _x.Mean - a + PartialMoment(a)
            : b - a - (PartialMoment(b) - PartialMoment(a));
    }

    /// <summary>E(c - X)+; NaN where the law does not know it.</summary>
    private double PartialMoment(double c)
    {
        if (!_x.TryCdf(c, out var p)) return double.NaN;
        if (p <= 0) return 0;
        if (p >= 1) return c - _x.Mean;
        return _x.TryExpectedShortfall(p, out var shortfall) ? Math.Max(0, p * (c + shortfall)) : double.NaN;
    }

    /// <summary>Whole numbers between the extreme quantiles of X; false when the law does not know these or there are too many to sum over.</summary>
    private bool Span(out double first, out double last)
    {
        (first, last) = (double.NaN, double.NaN);
        if (!_x.TryQuantile(ExtremeTail, out var low) || !_x.TryQuantile(1 - ExtremeTail, out var high)) return false;
        (first, last) = (Math.Clamp(Math.Floor(low), _constraint.Lowest, _constraint.Highest), Math.Clamp(Math.Ceiling(high), _constraint.Lowest, _constraint.Highest));
        return last - first <= MaxTerms && Math.Abs(first) < WholeDigits && Math.Abs(last) < WholeDigits;
    }

    /// <summary>Integral of (F_Y(x) - [x at least y])^2 over the steps of F_Y.</summary>
    private bool TryCrpsOfSteps(double actual, double first, double last, out double score)
    {
        score = Math.Max(0, first - actual) + Math.Max(0, actual - last);
        for (var k = first; k < last; k++)
        {
            if (!_x.TryCdf(k + 0.5, out var p)) return false;
            var before = Math.Clamp(actual - k, 0, 1);
            score += (before * p * p) + ((1 - before) * (1 - p) * (1 - p));
        }

        return true;
    }
}
