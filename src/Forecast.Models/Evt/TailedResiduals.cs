using Forecast.Core;

namespace Forecast.Models.Evt;

/// <summary>
/// The law of standardised residuals whose tails are generalised Pareto: with n residuals, k of them beyond each threshold u,
/// F(z) = k/n P(X above u - z) below the lower threshold, the same mirrored above the upper one, and between them the residuals' own quantiles.
/// </summary>
/// <remarks>
/// For alpha up to k/n: quantile u - x with P(X above x) = alpha n/k, expected shortfall (VaR + beta - xi u') / (1 - xi) with u' = -u, as in McNeil and Frey (2000),
/// eq. 16; none where xi is 1 or more.
/// </remarks>
public sealed class TailedResiduals
{
    private const int Fewest = 10;
    private readonly double[] _sorted;
    private readonly double _share;

    /// <param name="residuals">Standardised residuals.</param>
    /// <param name="threshold">Share wanted beyond each threshold.</param>
    /// <param name="series">For errors.</param>
    /// <exception cref="ForecastException">Fewer than ten residuals beyond a threshold (<c>series-too-short</c>).</exception>
    public TailedResiduals(ReadOnlySpan<double> residuals, double threshold, string series)
    {
        _sorted = residuals.ToArray();
        Array.Sort(_sorted);
        var n = _sorted.Length;
        var k = (int)(threshold * n);
        if (k < Fewest)
        {
            throw new ForecastException(
                "series-too-short", $"series '{series}': {k} of {n} residuals lie beyond the threshold, a tail needs {Fewest}; give more data or a larger threshold (now {threshold})", "threshold", series);
        }

        // The threshold is the next residual inwards, so that exactly k lie beyond it; ties with it are no excess.
        (LowerThreshold, UpperThreshold) = (_sorted[k], _sorted[n - 1 - k]);
        double[] below = [.. _sorted.Select(z => LowerThreshold - z).Where(x => x > 0)], above = [.. _sorted.Select(z => z - UpperThreshold).Where(x => x > 0)];
        if (below.Length < Fewest || above.Length < Fewest)
            throw new ForecastException("series-too-short", $"series '{series}': too many equal residuals for a tail of {Fewest}", "threshold", series);
        _share = (double)k / n;
        (Lower, Upper) = (GeneralizedPareto.Fit(below), GeneralizedPareto.Fit(above));
    }

    public double LowerThreshold { get; }

    public double UpperThreshold { get; }

    public GeneralizedPareto Lower { get; }

    public GeneralizedPareto Upper { get; }

    /// <summary>k/n.</summary>
    public double Share => _share;

    public double Quantile(double p)
    {
        if (p < _share) return LowerThreshold - Lower.Excess(p / _share);
        if (1 - p < _share) return UpperThreshold + Upper.Excess((1 - p) / _share);

        // Between the thresholds linear over the inner residuals, which lie at equal distances in probability.
        var inner = _sorted.Length - (2 * Tail);
        var position = Math.Clamp((p - _share) / (1 - (2 * _share)), 0, 1) * (inner - 1);
        var at = (int)position;
        return at + 1 < inner ? _sorted[Tail + at] + ((position - at) * (_sorted[Tail + at + 1] - _sorted[Tail + at])) : _sorted[Tail + inner - 1];
    }

    public double Cdf(double z)
    {
        if (z < LowerThreshold) return _share * Lower.Survival(LowerThreshold - z);
        if (z > UpperThreshold) return 1 - (_share * Upper.Survival(z - UpperThreshold));
        var inner = _sorted.Length - (2 * Tail);
        double low = 0, high = inner - 1;
        var (first, last) = (Array.FindIndex(_sorted, v => v >= z) - Tail, Array.FindLastIndex(_sorted, v => v <= z) - Tail);
        if (first > last)
        {
            double a = _sorted[Tail + last], b = _sorted[Tail + first];
            low = high = last + ((z - a) / (b - a));
        }
        else
        {
            (low, high) = (Math.Max(low, first), Math.Min(high, last));
        }

        return _share + ((1 - (2 * _share)) * (0.5 * (low + high)) / (inner - 1));
    }

    /// <summary>E[Z | Z at most the alpha-quantile]; minus infinity where the lower tail has no mean.</summary>
    public double LowerTailMean(double alpha)
    {
        if (alpha <= _share) return LowerThreshold - Lower.MeanAbove(Lower.Excess(alpha / _share));

        // The tail as a whole, then the inner part by its straight pieces.
        const int Pieces = 2000;
        var sum = _share * (LowerThreshold - Lower.MeanAbove(0));
        for (var i = 0; i < Pieces; i++) sum += (alpha - _share) / Pieces * Quantile(_share + ((i + 0.5) * (alpha - _share) / Pieces));
        return sum / alpha;
    }

    /// <summary>The law as equally likely values, for what has no closed form (CRPS, moments): the middles of many equal shares.</summary>
    public double[] Grid(int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = Quantile((i + 0.5) / count);
        return values;
    }

    private int Tail => (int)Math.Round(_share * _sorted.Length);
}
