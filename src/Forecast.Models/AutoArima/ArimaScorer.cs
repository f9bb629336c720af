using Forecast.Core;
using Forecast.Models.Arima;

namespace Forecast.Models.AutoArima;

/// <summary>
/// Fits candidates and gives their information criterion, +infinity for those that cannot be fitted or whose roots come within 1 %
/// of the unit circle (Hyndman and Khandakar 2008, section 3.2: such fits are numerically doubtful). Each fit starts from what
/// its nearest fitted neighbour found as well as from the usual starting values.
/// </summary>
internal sealed class ArimaScorer
{
    private const double LeastRoot = 1.01;
    private readonly string _series;
    private readonly double[] _values;
    private readonly ArimaRegressors _regressors;
    private readonly Func<ArimaCandidate, ArimaOptions> _model;
    private readonly InformationCriterion _criterion;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<ArimaCandidate, double[]> _fitted = [];

    public ArimaScorer(string series, double[] values, ArimaRegressors regressors, Func<ArimaCandidate, ArimaOptions> model, InformationCriterion criterion, CancellationToken cancellation)
    {
        _series = series;
        _values = values;
        _regressors = regressors;
        _model = model;
        _criterion = criterion;
        _cancellation = cancellation;
    }

    public double Score(ArimaCandidate candidate)
    {
        var options = _model(candidate);
        var sample = ArimaSample.Create(_series, _values, options, options.Period ?? 1, _regressors);
        if (sample.Effective <= sample.ParameterCount)
            return double.PositiveInfinity;
        ArimaOptimum? optimum;
        try
        {
            optimum = new ArimaEstimator(sample).MaximiseAcceptable(Warm(candidate), c => IsAdmissible(c, options), _cancellation);
        }
        catch (ForecastException e) when (e.Code is "arima-no-start" or "series-constant" or "regressors-dependent")
        {
            return double.PositiveInfinity; // this model cannot be fitted; others of the search may
        }

        if (optimum is null)
            return double.PositiveInfinity;
        _fitted[candidate] = optimum.Coefficients;
        return Criterion(optimum.LogLikelihood, sample.ParameterCount, sample.Effective, _criterion);
    }

    /// <summary>Whether the search of R's <c>arima</c> has a stationary start for a model (<see cref="ConditionalSquares"/>).</summary>
    public bool HasStart(ArimaCandidate candidate)
    {
        var options = _model(candidate);
        return ConditionalSquares.IsStationary(ArimaSample.Create(_series, _values, options, options.Period ?? 1, _regressors), _cancellation);
    }

    /// <summary>What the search found for a model that has a finite score.</summary>
    public double[] Coefficients(ArimaCandidate candidate) => _fitted[candidate];

    /// <summary>-2 l and the penalty; +infinity where AICc has no degrees of freedom left.</summary>
    public static double Criterion(double logLikelihood, int k, int n, InformationCriterion criterion) => criterion switch
    {
        InformationCriterion.Aic => (-2 * logLikelihood) + (2 * k),
        InformationCriterion.Bic => (-2 * logLikelihood) + (k * Math.Log(n)),
        _ => n - k - 1 <= 0 ? double.PositiveInfinity : (-2 * logLikelihood) + (2 * k) + (2.0 * k * (k + 1) / (n - k - 1)),
    };

    /// <summary>Whether every root of the autoregressive and moving-average polynomials in B is larger than 1.01.</summary>
    public static bool IsAdmissible(ReadOnlySpan<double> coefficients, ArimaOptions options)
    {
        var start = 0;
        foreach (var (length, sign, lag) in new[] { (options.Order.Ar, 1, 1), (options.Order.Ma, -1, 1), (options.Seasonal.Ar, 1, options.Period ?? 1), (options.Seasonal.Ma, -1, options.Period ?? 1) })
        {
            // 1 - sum a_i z^i has its roots outside the circle of radius c exactly when the a_i c^i are stationary.
            var scaled = new double[length];
            for (var i = 0; i < length; i++)
                scaled[i] = sign * coefficients[start + i] * Math.Pow(LeastRoot, lag * (i + 1));
            if (!PartialAutocorrelation.TryFromCoefficients(scaled, scaled) || Array.Exists(scaled, r => !(Math.Abs(r) < 1)))
                return false;
            start += length;
        }

        return true;
    }

    /// <summary>Coefficients of the nearest model fitted before, zeros where it has none.</summary>
    private double[]? Warm(ArimaCandidate c)
    {
        double[]? best = null;
        var nearest = int.MaxValue;
        foreach (var (other, coefficients) in _fitted)
        {
            var distance = Math.Abs(c.P - other.P) + Math.Abs(c.Q - other.Q) + Math.Abs(c.SeasonalP - other.SeasonalP) + Math.Abs(c.SeasonalQ - other.SeasonalQ);
            if (distance > nearest)
                continue;
            nearest = distance;
            best = [.. Block(0, other.P, c.P), .. Block(other.P, other.Q, c.Q), .. Block(other.P + other.Q, other.SeasonalP, c.SeasonalP), .. Block(other.P + other.Q + other.SeasonalP, other.SeasonalQ, c.SeasonalQ)];

            double[] Block(int start, int have, int want)
            {
                var block = new double[want];
                coefficients.AsSpan(start, Math.Min(have, want)).CopyTo(block);
                return block;
            }
        }

        return best;
    }
}
