using Forecast.Core;

namespace Forecast.Models.LstmMdn;

/// <summary>The windows of one series: inputs of L days, and the scaled return of the day after, where it was observed.</summary>
internal sealed class MixtureWindows
{
    private const int Fewest = 30;

    /// <summary>Of scaled values: the unit of a series, which moves their last bits, then moves no weight of a network.</summary>
    private const int Digits = 6;

    private readonly double[] _rows;
    private readonly int[] _ends;
    private readonly int _lookback;
    private readonly int _features;

    /// <exception cref="ForecastException">Fewer than thirty windows (<c>series-too-short</c>).</exception>
    public MixtureWindows(ReadOnlySpan<double> returns, VolatilityFilter filter, int lookback, int features, string series)
    {
        var variances = filter.Filter(returns);
        _rows = MixtureInputs.Of(returns, variances, filter, features);
        (_lookback, _features) = (lookback, features);
        var scaled = features > 1;
        List<int> ends = [];
        List<double> targets = [];
        for (var t = lookback - 1; t < returns.Length - 1; t++)
        {
            if (double.IsNaN(returns[t + 1])) continue;
            ends.Add(t);
            targets.Add(scaled ? Math.Round((returns[t + 1] - filter.Mu) / Math.Sqrt(variances[t + 1]), Digits) : returns[t + 1]);
        }

        if (ends.Count < Fewest)
            throw new ForecastException("series-too-short", $"series '{series}' has {ends.Count} returns after {lookback} others; the network needs {Fewest}", "data", series);
        (_ends, Targets) = ([.. ends], [.. targets]);
    }

    public int Count => _ends.Length;

    /// <summary>Scaled returns of the days after.</summary>
    public double[] Targets { get; }

    /// <summary>[N, L, F] as the tensor engine wants it.</summary>
    public float[] Inputs()
    {
        var size = _lookback * _features;
        var inputs = new float[Count * size];
        for (var i = 0; i < Count; i++)
        {
            var from = (_ends[i] + 1 - _lookback) * _features;
            for (var j = 0; j < size; j++) inputs[(i * size) + j] = (float)(_features > 1 ? Math.Round(_rows[from + j], Digits) : _rows[from + j]);
        }

        return inputs;
    }
}
