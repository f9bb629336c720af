using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>
/// The law of draws that are not equally likely. With C_i the weight of the i smallest draws together, the quantile of a level p is x_1
/// up to C_1 and linear between (C_i, x_i) and (C_(i+1), x_(i+1)) (Boudoukh, Richardson and Whitelaw 1998). The shortfall is the weighted
/// mean of the draws up to weight alpha, the boundary draw counted by its fraction (Acerbi and Tasche 2002).
/// </summary>
public sealed class WeightedMarginal : IMarginal
{
    private readonly double[] _x;
    private readonly double[] _w;
    private readonly double[] _upTo;

    /// <param name="draws">At least one finite draw.</param>
    /// <param name="weights">Positive, one a draw; need not sum to 1.</param>
    public WeightedMarginal(ReadOnlySpan<double> draws, ReadOnlySpan<double> weights)
    {
        if (draws.Length == 0 || draws.Length != weights.Length) throw new ArgumentException($"{weights.Length} weights for {draws.Length} draws", nameof(weights));
        _x = draws.ToArray();
        _w = weights.ToArray();
        Array.Sort(_x, _w);
        if (!double.IsFinite(_x[0]) || !double.IsFinite(_x[^1])) throw new ForecastException("forecast-not-finite", "a draw is not finite");
        var total = _w.Sum();
        if (!(total > 0) || Array.Exists(_w, w => !(w >= 0))) throw new ArgumentException("weights must not be negative, and some must be positive", nameof(weights));
        _upTo = new double[_x.Length];
        for (var i = 0; i < _x.Length; i++)
        {
            _w[i] /= total;
            _upTo[i] = (i == 0 ? 0 : _upTo[i - 1]) + _w[i];
            Mean += _w[i] * _x[i];
        }

        for (var i = 0; i < _x.Length; i++) Variance += _w[i] * (_x[i] - Mean) * (_x[i] - Mean);
    }

    public double Mean { get; }

    public double Variance { get; }

    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");
        var above = Array.FindIndex(_upTo, c => c >= level);
        if (above < 0) above = _x.Length - 1;
        value = above == 0 || !(_w[above] > 0) ? _x[above] : _x[above] - ((_upTo[above] - level) / _w[above] * (_x[above] - _x[above - 1]));
        return true;
    }

    /// <summary>Mid-distribution at ties.</summary>
    public bool TryCdf(double x, out double probability)
    {
        double below = 0, at = 0;
        for (var i = 0; i < _x.Length && _x[i] <= x; i++)
        {
            if (_x[i] < x) below += _w[i];
            else at += _w[i];
        }

        probability = below + (0.5 * at);
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (!(alpha > 0 && alpha < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "a tail lies strictly between 0 and 1");
        double left = alpha, sum = 0;
        for (var i = 0; i < _x.Length && left > 0; i++)
        {
            var part = i == _x.Length - 1 ? left : Math.Min(left, _w[i]);
            sum += part * _x[i];
            left -= part;
        }

        value = -sum / alpha;
        return true;
    }

    /// <summary>sum w |x - y| - sum_i w_i x_i (C_i + C_(i-1) - 1).</summary>
    public bool TryCrps(double actual, out double score)
    {
        double distance = 0, spread = 0;
        for (var i = 0; i < _x.Length; i++)
        {
            distance += _w[i] * Math.Abs(_x[i] - actual);
            spread += _w[i] * _x[i] * ((2 * _upTo[i]) - _w[i] - 1);
        }

        score = distance - spread;
        return true;
    }
}
