namespace Forecast.Models.Stl;

/// <summary>
/// The inner loop of STL: smooth each season's values across seasons, take the low-frequency part out of the result, and smooth
/// what is left of the series into the trend (Cleveland et al. 1990, section 2.3).
/// </summary>
internal sealed class StlPass
{
    private readonly double[] _y;
    private readonly int _period;
    private readonly Loess _across;
    private readonly Loess _lowPass;
    private readonly Loess _trend;
    private readonly double[] _work;
    private readonly double[] _cycle;
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly double[] _low;
    private readonly double[] _sub;
    private readonly double[] _subWeights;
    private readonly double[] _subSmooth;

    public StlPass(double[] y, StlSettings settings)
    {
        _y = y;
        _period = settings.Period;
        var n = y.Length;
        var (seasonal, trend, low) = (settings.EffectiveSeasonalWindow(n), settings.EffectiveTrendWindow(n), settings.LowPassWindow);
        _across = new Loess(seasonal, settings.SeasonalDegree, StlSettings.Jump(seasonal));
        _trend = new Loess(trend, settings.TrendDegree, StlSettings.Jump(trend));
        _lowPass = new Loess(low, settings.TrendDegree, StlSettings.Jump(low));
        _work = new double[n];
        _cycle = new double[n + (2 * _period)];
        _first = new double[n + _period + 1];
        _second = new double[n + 2];
        _low = new double[n];
        var longest = ((n - 1) / _period) + 1;
        _sub = new double[longest];
        _subWeights = new double[longest];
        _subSmooth = new double[longest];
        Seasonal = new double[n];
        Trend = new double[n];
    }

    public double[] Seasonal { get; }

    public double[] Trend { get; }

    public void Run(int iterations, ReadOnlySpan<double> weights)
    {
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            for (var t = 0; t < _y.Length; t++)
                _work[t] = _y[t] - Trend[t];
            SmoothAcross(weights);
            MovingAverage(_cycle, _first, _period);
            MovingAverage(_first, _second, _period);
            MovingAverage(_second, _work, 3);
            _lowPass.Smooth(_work, [], _low);
            for (var t = 0; t < _y.Length; t++)
            {
                Seasonal[t] = _cycle[_period + t] - _low[t];
                _work[t] = _y[t] - Seasonal[t];
            }

            _trend.Smooth(_work, weights, Trend);
        }
    }

    /// <summary>Each season's own series, smoothed and continued by one season at both ends.</summary>
    private void SmoothAcross(ReadOnlySpan<double> weights)
    {
        var n = _y.Length;
        for (var j = 0; j < _period; j++)
        {
            var k = ((n - 1 - j) / _period) + 1;
            var sub = _sub.AsSpan(0, k);
            for (var i = 0; i < k; i++)
                sub[i] = _work[(i * _period) + j];
            var own = Span<double>.Empty;
            if (!weights.IsEmpty)
            {
                own = _subWeights.AsSpan(0, k);
                for (var i = 0; i < k; i++)
                    own[i] = weights[(i * _period) + j];
            }

            var smooth = _subSmooth.AsSpan(0, k);
            _across.Smooth(sub, own, smooth);
            var before = _across.At(sub, own, 0);
            var after = _across.At(sub, own, k + 1);
            _cycle[j] = double.IsNaN(before) ? smooth[0] : before;
            for (var i = 0; i < k; i++)
                _cycle[((i + 1) * _period) + j] = smooth[i];
            _cycle[((k + 1) * _period) + j] = double.IsNaN(after) ? smooth[^1] : after;
        }
    }

    private static void MovingAverage(ReadOnlySpan<double> x, Span<double> average, int length)
    {
        var sum = 0.0;
        for (var t = 0; t < length; t++)
            sum += x[t];
        average[0] = sum / length;
        for (var t = length; t < x.Length; t++)
        {
            sum += x[t] - x[t - length];
            average[t - length + 1] = sum / length;
        }
    }
}
