using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// A finite mixture of normal laws. Distribution function, shortfall and CRPS are closed forms; quantiles are roots of the
/// distribution function by Newton's method kept within a bracket.
/// </summary>
/// <remarks>
/// ES at alpha with q the alpha-quantile and d_k = (q - mu_k) / sigma_k: -sum pi_k (mu_k Phi(d_k) - sigma_k phi(d_k)) / alpha.
/// CRPS: sum pi_i A(y - mu_i, sigma_i²) - sum pi_i pi_j A(mu_i - mu_j, sigma_i² + sigma_j²) / 2 with A(m, s²) = 2 s phi(m/s) + m (2 Phi(m/s) - 1)
/// (Grimit, Gneiting, Berrocal and Johnson 2006).
/// </remarks>
public sealed class GaussianMixture : IMarginal
{
    private const int MostSteps = 200;
    private readonly double[] _pi;
    private readonly double[] _mu;
    private readonly double[] _sigma;

    /// <param name="weights">Not negative; scaled to sum to 1.</param>
    /// <param name="means">One a component.</param>
    /// <param name="deviations">Positive, one a component.</param>
    /// <exception cref="ForecastException">A parameter is not finite, or a deviation not positive (<c>forecast-not-finite</c>).</exception>
    public GaussianMixture(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        if (weights.Length == 0 || weights.Length != means.Length || weights.Length != deviations.Length)
            throw new ArgumentException($"{weights.Length} weights, {means.Length} means and {deviations.Length} deviations", nameof(weights));
        (_pi, _mu, _sigma) = (weights.ToArray(), means.ToArray(), deviations.ToArray());
        var total = _pi.Sum();
        for (var k = 0; k < _pi.Length; k++)
        {
            if (!double.IsFinite(_mu[k]) || !(_sigma[k] > 0) || !double.IsFinite(_sigma[k]) || !(_pi[k] >= 0) || !(total > 0) || !double.IsFinite(total))
                throw new ForecastException("forecast-not-finite", $"component {k + 1} of the mixture has weight {_pi[k]}, mean {_mu[k]} and deviation {_sigma[k]}");
            _pi[k] /= total;
            Mean += _pi[k] * _mu[k];
        }

        for (var k = 0; k < _pi.Length; k++) Variance += _pi[k] * ((_sigma[k] * _sigma[k]) + ((_mu[k] - Mean) * (_mu[k] - Mean)));
    }

    public double Mean { get; }

    public double Variance { get; }

    public IReadOnlyList<double> Weights => _pi;

    public IReadOnlyList<double> Means => _mu;

    public IReadOnlyList<double> Deviations => _sigma;

    public double Cdf(double x)
    {
        double sum = 0;
        for (var k = 0; k < _pi.Length; k++) sum += _pi[k] * NormalDistribution.Cdf((x - _mu[k]) / _sigma[k]);
        return sum;
    }

    public double Density(double x)
    {
        double sum = 0;
        for (var k = 0; k < _pi.Length; k++) sum += _pi[k] * NormalDistribution.Density((x - _mu[k]) / _sigma[k]) / _sigma[k];
        return sum;
    }

    public bool TryQuantile(double level, out double value)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a quantile level lies strictly between 0 and 1");

        // The quantile of the mixture lies between the smallest and the largest of its components'.
        var z = NormalDistribution.Quantile(level);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (var k = 0; k < _pi.Length; k++)
        {
            if (_pi[k] == 0) continue;
            low = Math.Min(low, _mu[k] + (_sigma[k] * z));
            high = Math.Max(high, _mu[k] + (_sigma[k] * z));
        }

        value = 0.5 * (low + high);
        for (var step = 0; step < MostSteps && low < high; step++)
        {
            var miss = Cdf(value) - level;
            if (miss == 0) break;
            if (miss < 0) low = value;
            else high = value;
            var next = value - (miss / Density(value));
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            if (Math.Abs(next - value) <= 1e-15 * Math.Abs(value)) break;
            value = next;
        }

        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        probability = Cdf(x);
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        TryQuantile(alpha, out var q);
        double sum = 0;
        for (var k = 0; k < _pi.Length; k++)
        {
            var d = (q - _mu[k]) / _sigma[k];
            sum += _pi[k] * ((_mu[k] * NormalDistribution.Cdf(d)) - (_sigma[k] * NormalDistribution.Density(d)));
        }

        value = -sum / alpha;
        return true;
    }

    public bool TryCrps(double actual, out double score)
    {
        double distance = 0, spread = 0;
        for (var i = 0; i < _pi.Length; i++)
        {
            distance += _pi[i] * Absolute(actual - _mu[i], _sigma[i]);
            for (var j = 0; j < _pi.Length; j++) spread += _pi[i] * _pi[j] * Absolute(_mu[i] - _mu[j], Math.Sqrt((_sigma[i] * _sigma[i]) + (_sigma[j] * _sigma[j])));
        }

        score = distance - (0.5 * spread);
        return true;
    }

    /// <summary>E|X| of a normal X.</summary>
    private static double Absolute(double mean, double sd)
    {
        var d = mean / sd;
        return (2 * sd * NormalDistribution.Density(d)) + (mean * ((2 * NormalDistribution.Cdf(d)) - 1));
    }
}
