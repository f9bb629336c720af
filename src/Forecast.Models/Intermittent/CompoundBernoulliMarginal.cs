using Forecast.Core.Distributions;

namespace Forecast.Models.Intermittent;

/// <summary>
/// No demand with probability 1 - p, else one of the sizes seen, each as likely and all scaled so that their mean is z: mean p z. All
/// quantities follow in closed form from the sorted sizes.
/// </summary>
internal sealed class CompoundBernoulliMarginal : IMarginal
{
    private readonly double[] _sizes;
    private readonly double _probability;

    /// <param name="sizes">Positive sizes with mean z; none for no demand ever.</param>
    /// <param name="probability">p, 0..1.</param>
    public CompoundBernoulliMarginal(ReadOnlySpan<double> sizes, double probability)
    {
        _sizes = sizes.ToArray();
        Array.Sort(_sizes);
        _probability = _sizes.Length == 0 ? 0 : probability;
        var (sum, squares) = (0.0, 0.0);
        foreach (var s in _sizes)
        {
            sum += s / _sizes.Length;
            squares += s * s / _sizes.Length;
        }

        Mean = _probability * sum;
        Variance = Math.Max(0, (_probability * squares) - (Mean * Mean));
    }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>The least value whose probability of not being exceeded reaches the level.</summary>
    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        value = level <= 1 - _probability ? 0 : _sizes[Math.Clamp((int)Math.Ceiling((level - (1 - _probability)) / _probability * _sizes.Length) - 1, 0, _sizes.Length - 1)];
        return true;
    }

    /// <summary>Mid-distribution at the atoms, as for draws, so that the transform of an outcome of 0 is not biased upwards.</summary>
    public bool TryCdf(double x, out double probability)
    {
        var (below, equal) = (0.0, x == 0 ? 1 - _probability : 0);
        if (x > 0) below += 1 - _probability;
        foreach (var s in _sizes)
        {
            if (s < x) below += _probability / _sizes.Length;
            else if (s == x) equal += _probability / _sizes.Length;
        }

        probability = Math.Min(1, below + (0.5 * equal));
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (!(alpha > 0 && alpha < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "a tail lies strictly between 0 and 1");
        var rest = alpha - (1 - _probability);
        var sum = 0.0;
        for (var i = 0; i < _sizes.Length && rest > 0; i++)
        {
            var weight = Math.Min(rest, _probability / _sizes.Length);
            sum += weight * _sizes[i];
            rest -= weight;
        }

        value = -sum / alpha;
        return true;
    }

    public bool TryCrps(double actual, out double score)
    {
        // E|X - y| - E|X - X'|/2; two demands differ by the mean of the order statistics, a demand and none by the demand.
        var n = _sizes.Length;
        double distance = (1 - _probability) * Math.Abs(actual), spread = 0, mean = 0;
        for (var i = 0; i < n; i++)
        {
            distance += _probability * Math.Abs(_sizes[i] - actual) / n;
            spread += ((2 * i) - n + 1) * _sizes[i] / n / n;
            mean += _sizes[i] / n;
        }

        score = distance - ((_probability * _probability * spread) + (_probability * (1 - _probability) * mean));
        return true;
    }
}
