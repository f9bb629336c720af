using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Models.Transforms;

/// <summary>
/// The law of y when w = BoxCox(y) has a known law. Quantiles and probabilities map one to one. The mean is the mean of y, not
/// the back-transformed mean of w (which is the median): E y = integral of y(Q_w(Phi(z))) phi(z) dz.
/// </summary>
internal sealed class TransformedMarginal : IMarginal
{
    private readonly IMarginal _w;
    private readonly double _lambda;
    private readonly Lazy<(double Mean, double Variance)> _moments;

    public TransformedMarginal(IMarginal w, double lambda, string series)
    {
        _w = w;
        _lambda = lambda;
        _moments = new Lazy<(double, double)>(() => Moments(series));
    }

    public double Mean => _moments.Value.Mean;

    public double Variance => _moments.Value.Variance;

    public bool TryQuantile(double level, out double value)
    {
        value = double.NaN;
        if (!_w.TryQuantile(level, out var w)) return false;
        value = BoxCox.Inverse(w, _lambda);
        return double.IsFinite(value);
    }

    public bool TryCdf(double x, out double probability)
    {
        if (_lambda > 0 || x > 0) return _w.TryCdf(BoxCox.Forward(x, _lambda), out probability);
        probability = 0;
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value) => QuantileIntegral.TryExpectedShortfall(this, alpha, out value);

    public bool TryCrps(double actual, out double score) => QuantileIntegral.TryCrps(this, actual, out score);

    private (double Mean, double Variance) Moments(string series)
    {
        if (_w.Variance == 0) return (BoxCox.Inverse(_w.Mean, _lambda), 0);
        if (_lambda < 0) return Approximate();
        if (_lambda == 0 && _w is LocationScaleMarginal { HasExponentialMoments: false })
            throw new ForecastException("mean-undefined", $"series '{series}': under this transform the forecast law has no mean (its tails are too heavy); model returns instead, or use normal innovations", "transform", series);
        if (!QuantileIntegral.TryMean(this, q => q, out var mean)
            || !QuantileIntegral.TryMean(this, q => (q - mean) * (q - mean), out var variance))
        {
            throw new ForecastException("mean-undefined", $"series '{series}': the inverse transform with lambda {_lambda} is not defined over the whole forecast law", "box_cox", series);
        }

        return (mean, variance);
    }

    /// <summary>
    /// For lambda below 0 the law of y has no mean: w reaches -1/lambda, where y is infinite, with a probability above 0. The point
    /// forecast is then the customary one, the expansion of the inverse to second order around the mean of w
    /// (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., eq. 5.2).
    /// </summary>
    private (double Mean, double Variance) Approximate()
    {
        var power = (_lambda * _w.Mean) + 1;
        var median = BoxCox.Inverse(_w.Mean, _lambda);
        return (median * (1 + (_w.Variance * (1 - _lambda) / (2 * power * power))), double.NaN);
    }
}
