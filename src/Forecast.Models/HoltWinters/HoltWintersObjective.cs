using Forecast.Models.Ets;
using Forecast.Models.Numerics;

namespace Forecast.Models.HoltWinters;

/// <summary>n ln of the sum of squared one-step errors as a function of (alpha, beta, gamma); derivatives by central differences.</summary>
internal sealed class HoltWintersObjective : ICurvedObjective
{
    private const double Step = 1e-5;

    private readonly EtsSample _sample;
    private readonly EtsPart _seasonal;
    private readonly bool _trend;
    private readonly HoltWintersStart _start;
    private readonly double[] _season;
    private readonly double[] _point = new double[3];
    private readonly double[] _moved = new double[3];
    private double _squares;

    public HoltWintersObjective(EtsSample sample, EtsPart seasonal, bool trend, int period)
    {
        (_sample, _seasonal, _trend) = (sample, seasonal, trend);
        _start = HoltWintersStart.Of(sample.Filled, seasonal, trend, period);
        _season = new double[_start.Season.Length];
    }

    /// <summary>Whether nothing was left to explain at the last point.</summary>
    public bool IsExact => _squares <= EtsObjective.ExactMeanSquare * _sample.Observed;

    public double Value(ReadOnlySpan<double> x)
    {
        x.CopyTo(_point);
        return At(x);
    }

    public void Gradient(Span<double> gradient)
    {
        _point.CopyTo(_moved, 0);
        for (var i = 0; i < 3; i++)
        {
            _moved[i] = _point[i] + Step;
            var above = At(_moved);
            _moved[i] = _point[i] - Step;
            gradient[i] = (above - At(_moved)) / (2 * Step);
            _moved[i] = _point[i];
        }
    }

    /// <summary>Second derivatives along the axes, which is enough for a start.</summary>
    public void Curvature(Span<double> hessian)
    {
        const double h = 1e-2;
        var stride = PaddedFactor.Stride(3);
        hessian.Clear();
        _point.CopyTo(_moved, 0);
        var centre = At(_point);
        for (var i = 0; i < 3; i++)
        {
            _moved[i] = _point[i] + h;
            var above = At(_moved);
            _moved[i] = _point[i] - h;
            var second = (above - (2 * centre) + At(_moved)) / (h * h);
            _moved[i] = _point[i];
            hessian[(i * stride) + i] = second > 0 && double.IsFinite(second) ? second : _sample.Observed;
        }
    }

    private double At(ReadOnlySpan<double> x)
    {
        var filter = new HoltWintersFilter(new HoltWintersWeights(x[0], x[1], x[2]), _seasonal, _trend, _start, _season);
        var y = _sample.Values;
        var squares = 0.0;
        for (var t = _start.First; t <= _sample.Last; t++)
        {
            var mean = filter.Mean();
            if (double.IsNaN(y[t]))
            {
                filter.Move(mean);
                continue;
            }

            squares += (y[t] - mean) * (y[t] - mean);
            filter.Move(y[t]);
        }

        _squares = squares;
        double n = _sample.Observed;
        return double.IsFinite(squares) ? n * Math.Log(Math.Max(squares, EtsObjective.ExactMeanSquare * n)) : double.PositiveInfinity;
    }
}
