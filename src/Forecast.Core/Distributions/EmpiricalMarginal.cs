using Forecast.Core.Numerics;

namespace Forecast.Core.Distributions;

/// <summary>
/// The law of equally likely draws. Quantiles interpolate between order statistics at (i - 1) / (n - 1) (Hyndman and Fan 1996,
/// type 7); the shortfall is the mean of the draws up to the alpha n-th, the boundary draw counted by its fraction
/// (Acerbi and Tasche 2002).
/// </summary>
public sealed class EmpiricalMarginal : IMarginal
{
    private readonly double[] _sorted;

    /// <param name="draws">At least one finite draw; copied and sorted.</param>
    /// <param name="mean">Known mean, if it should not be the draws' own.</param>
    /// <param name="variance">Known variance, if it should not be the draws' own.</param>
    public EmpiricalMarginal(ReadOnlySpan<double> draws, double? mean = null, double? variance = null)
    {
        if (draws.Length == 0) throw new ArgumentException("no draws", nameof(draws));
        _sorted = draws.ToArray();
        DrawSort.Ascending(_sorted);
        if (!double.IsFinite(_sorted[0]) || !double.IsFinite(_sorted[^1]))
            throw new ForecastException("forecast-not-finite", "a simulated draw is not finite");
        var own = mean is null || variance is null ? _sorted.Average() : double.NaN;
        Mean = mean ?? own;
        Variance = variance ?? (_sorted.Sum(x => (x - own) * (x - own)) / _sorted.Length);
    }

    public double Mean { get; }

    public double Variance { get; }

    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        var position = level * (_sorted.Length - 1);
        var below = (int)position;
        value = below + 1 < _sorted.Length
            ? _sorted[below] + ((position - below) * (_sorted[below + 1] - _sorted[below]))
            : _sorted[^1];
        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        // Mid-distribution at ties, so that the transform of an outcome equal to a draw is not biased upwards.
        int below = LowerBound(x), upTo = UpperBound(x);
        probability = 0.5 * (below + upTo) / _sorted.Length;
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (!(alpha > 0 && alpha < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "a tail lies strictly between 0 and 1");
        var count = alpha * _sorted.Length;
        var whole = (int)count;
        double sum = 0;
        for (var i = 0; i < whole; i++) sum += _sorted[i];
        if (whole < _sorted.Length) sum += (count - whole) * _sorted[whole];
        value = -sum / count;
        return true;
    }

    public bool TryCrps(double actual, out double score)
    {
        // E|X - y| - E|X - X'|/2, the second mean by the order statistics: sum (2i - n + 1) x_(i) / n^2 over i = 0..n-1.
        double distance = 0, spread = 0;
        var n = _sorted.Length;
        for (var i = 0; i < n; i++)
        {
            distance += Math.Abs(_sorted[i] - actual);
            spread += ((2 * i) - n + 1) * _sorted[i];
        }

        score = (distance / n) - (spread / n / n);
        return true;
    }

    private int LowerBound(double x)
    {
        int lo = 0, hi = _sorted.Length;
        while (lo < hi)
        {
            var mid = (lo + hi) >>> 1;
            if (_sorted[mid] < x) lo = mid + 1;
            else hi = mid;
        }

        return lo;
    }

    private int UpperBound(double x)
    {
        int lo = 0, hi = _sorted.Length;
        while (lo < hi)
        {
            var mid = (lo + hi) >>> 1;
            if (_sorted[mid] <= x) lo = mid + 1;
            else hi = mid;
        }

        return lo;
    }
}
