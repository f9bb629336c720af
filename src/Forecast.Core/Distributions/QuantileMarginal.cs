namespace Forecast.Core.Distributions;

/// <summary>
/// A law of which a few quantiles are known and nothing else: what a network with a quantile head says. Between two known levels the
/// quantile is linear in the level; below the lowest and above the highest nothing is known, so levels there are denied, and with
/// them expected shortfall and CRPS.
/// </summary>
/// <remarks>
/// The mean is that of the law winsorised at the outermost levels: p_1 q_1 + sum (p_(k+1) - p_k)(q_k + q_(k+1)) / 2 + (1 - p_K) q_K.
/// The mean itself would need the tails.
/// </remarks>
public sealed class QuantileMarginal : IMarginal
{
    private readonly double[] _levels;
    private readonly double[] _values;

    /// <param name="levels">Known levels p, strictly ascending within (0, 1); at least one.</param>
    /// <param name="values">Their quantiles q, finite and not descending.</param>
    public QuantileMarginal(ReadOnlySpan<double> levels, ReadOnlySpan<double> values)
    {
        if (levels.Length == 0 || levels.Length != values.Length) throw new ArgumentException($"{values.Length} quantiles for {levels.Length} levels", nameof(values));
        for (var k = 0; k < levels.Length; k++)
        {
            if (!(levels[k] > (k == 0 ? 0 : levels[k - 1]) && levels[k] < 1)) throw new ArgumentException("levels must ascend strictly within (0, 1)", nameof(levels));
            if (!double.IsFinite(values[k])) throw new ForecastException("forecast-not-finite", $"the quantile at level {levels[k]} is {values[k]}");
            if (k > 0 && values[k] < values[k - 1]) throw new ForecastException("quantiles-cross", $"the quantile at level {levels[k]} lies below that of level {levels[k - 1]}", "levels", index: k);
        }

        _levels = levels.ToArray();
        _values = values.ToArray();
        Mean = (_levels[0] * _values[0]) + ((1 - _levels[^1]) * _values[^1]);
        for (var k = 1; k < _levels.Length; k++) Mean += (_levels[k] - _levels[k - 1]) * 0.5 * (_values[k] + _values[k - 1]);
    }

    public double Mean { get; }

    /// <summary>NaN: the tails are not known.</summary>
    public double Variance => double.NaN;

    public ReadOnlySpan<double> Levels => _levels;

    /// <summary>The law of <paramref name="map"/>(X), for a map that does not descend.</summary>
    public QuantileMarginal Select(Func<double, double> map) => new(_levels, Array.ConvertAll(_values, v => map(v)));

    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        value = double.NaN;
        var found = Array.BinarySearch(_levels, level);
        if (found >= 0)
        {
            value = _values[found];
            return true;
        }

        var above = ~found;
        if (above == 0 || above == _levels.Length) return false;
        var share = (level - _levels[above - 1]) / (_levels[above] - _levels[above - 1]);
        value = _values[above - 1] + (share * (_values[above] - _values[above - 1]));
        return true;
    }

    /// <summary>Between the known quantiles linear as they are; where several levels share a value, the middle of them.</summary>
    public bool TryCdf(double x, out double probability)
    {
        probability = double.NaN;
        if (!(x >= _values[0] && x <= _values[^1])) return false;
        var first = Array.FindIndex(_values, v => v >= x);
        var last = Array.FindLastIndex(_values, v => v <= x);
        if (last >= first)
        {
            probability = 0.5 * (_levels[first] + _levels[last]);
            return true;
        }

        var share = (x - _values[last]) / (_values[first] - _values[last]);
        probability = _levels[last] + (share * (_levels[first] - _levels[last]));
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        value = double.NaN;
        return false;
    }

    public bool TryCrps(double actual, out double score)
    {
        score = double.NaN;
        return false;
    }
}
