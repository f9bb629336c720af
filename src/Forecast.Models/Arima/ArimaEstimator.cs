using Forecast.Core;
using Forecast.Models.Numerics;

namespace Forecast.Models.Arima;

/// <summary>Where the search for the maximum ended.</summary>
internal sealed record ArimaOptimum(double[] Coefficients, double LogLikelihood, int Evaluations, bool Converged, string Reason);

/// <summary>
/// Maximum likelihood over the ARMA coefficients: <see cref="Bfgs"/> on the profiled exact likelihood in the unconstrained
/// coordinates of <see cref="ArimaTransform"/>, with its gradient by <see cref="ArimaGradient"/> (by central differences where gaps are
/// treated), from one or several starts.
/// </summary>
internal sealed class ArimaEstimator
{
    /// <summary>Gradient tolerance of a search to the end.</summary>
    private const double FineTolerance = 1e-6;

    /// <summary>Gradient tolerance that places a criterion to 1e-3 while many models are compared.</summary>
    private const double ComparingTolerance = 1e-5;

    /// <summary>Gradient tolerance that is enough to see which valley a start belongs to.</summary>
    private const double RoughTolerance = 1e-4;

    /// <summary>Ends whose partial autocorrelations differ by less are taken for the same optimum.</summary>
    private const double SamePlace = 0.05;

    /// <summary>A search that comes this near to an optimum's value, at its place, falls into it.</summary>
    private const double SameHeight = 0.1;

    /// <summary>A rough end that is worse by more is not followed.</summary>
    private const double Hopeless = 2;

    /// <summary>Partial autocorrelations larger than this in size count as 1.</summary>
    private const double OnBoundary = 0.9999;

    /// <summary>From so many coefficients on, several optima are the rule; with fewer, starts that disagree tell.</summary>
    private const int ManyCoefficients = 5;

    /// <summary>Random points whose likelihood is looked at when there may be several optima.</summary>
    private const int ScreenedPoints = 100;

    private readonly ArimaSample _sample;
    private readonly ArimaLikelihood _likelihood;
    private readonly ArimaTransform _transform;
    private readonly double[] _coefficients;

    public ArimaEstimator(ArimaSample sample)
    {
        _sample = sample;
        _likelihood = new ArimaLikelihood(sample);
        _transform = new ArimaTransform(sample.Options, sample.FixedArma);
        _coefficients = new double[sample.ArmaCount];
    }

    public ArimaLikelihood Likelihood => _likelihood;

    /// <summary>Finds the maximum.</summary>
    /// <exception cref="ForecastException">Dependent regressors, a series without variation, or a likelihood that is nowhere finite.</exception>
    public ArimaOptimum Maximise(CancellationToken cancellation, double[]? warm = null)
    {
        CheckIdentified();
        if (_transform.Count == 0)
            return NothingToSearch();
        BfgsResult? best = null;
        var isCrooked = _transform.Count >= ManyCoefficients;
        foreach (var start in ArimaStarts.Choose(_sample, _likelihood, _transform, _sample.Options.Starts, warm))
            best = best is null ? Search(start, FineTolerance, cancellation) : Challenge(best, start, ref isCrooked, cancellation);
        if (best is not null && isCrooked && _sample.Options.Starts > 1 && _sample.Options.Order.Ma + _sample.Options.Seasonal.Ma > 0)
        {
            foreach (var start in ArimaStarts.Screen(_likelihood, _transform, ScreenedPoints, 2 * _sample.Options.Starts))
                best = Challenge(best, start, ref isCrooked, cancellation);
        }

        return best is null
            ? throw NoStart()
            : Optimum(best);
    }

    /// <summary>
    /// The optimum from the likeliest of the usual starting values and the given coefficients; where that is not acceptable, the best
    /// acceptable one among the optima from the next ones.
    /// </summary>
    /// <param name="warm">Coefficients to start from, or null.</param>
    /// <param name="isAcceptable">Judges the coefficients of an optimum.</param>
    /// <param name="cancellation">Stops between iterations.</param>
    /// <returns>Null when no start leads to an acceptable optimum.</returns>
    /// <exception cref="ForecastException">As for <see cref="Maximise"/>.</exception>
    public ArimaOptimum? MaximiseAcceptable(double[]? warm, Func<double[], bool> isAcceptable, CancellationToken cancellation)
    {
        CheckIdentified();
        if (_transform.Count == 0)
            return NothingToSearch();
        var starts = ArimaStarts.Choose(_sample, _likelihood, _transform, _sample.Options.Starts, warm);
        ArimaOptimum? best = null;
        for (var i = 0; i < starts.Count; i++)
        {
            var optimum = Optimum(Search(starts[i], ComparingTolerance, cancellation));
            if (!isAcceptable(optimum.Coefficients))
                continue;
            if (i == 0)
                return optimum;
            if (best is null || optimum.LogLikelihood > best.LogLikelihood)
                best = optimum;
        }

        return best;
    }

    /// <summary>
    /// Follows another start roughly, no further than into the known optimum's own bowl, and to the end only where it leads somewhere else that may be better; notes when it leads
    /// elsewhere at all.
    /// </summary>
    private BfgsResult Challenge(BfgsResult best, double[] start, ref bool isCrooked, CancellationToken cancellation)
    {
        var rough = Search(start, RoughTolerance, cancellation, (x, value) => value < best.Value + SameHeight && ArimaStarts.Distance(x, best.X) < SamePlace);
        if (ArimaStarts.Distance(rough.X, best.X) < SamePlace)
            return best;
        isCrooked = true;
        if (rough.Value > best.Value + Hopeless)
            return best;
        var end = Search(rough.X, FineTolerance, cancellation);
        return end.Value < best.Value ? end : best;
    }

    private BfgsResult Search(double[] start, double tolerance, CancellationToken cancellation, Func<double[], double, bool>? stopAt = null)
    {
        var options = new BfgsOptions { MaxIterations = _sample.Options.MaxIterations, GradientTolerance = tolerance, StopAt = stopAt };
        return Bfgs.Minimize(_likelihood.HasGradient ? ObjectiveWithGradient : NumericalDerivatives.WithGradient(Objective), start, options, cancellation);
    }

    private ArimaOptimum Optimum(BfgsResult result)
    {
        var coefficients = new double[_coefficients.Length];
        _transform.ToCoefficients(result.X, coefficients);
        var isOnBoundary = Array.Exists(result.X, u => Math.Abs(Math.Tanh(u)) > OnBoundary);
        var reason = result.Reason + (isOnBoundary ? " on the boundary of the stationary and invertible region" : "");
        return new ArimaOptimum(coefficients, -result.Value, result.Evaluations, result.Converged, $"{reason} after {result.Iterations} iterations");
    }

    private ArimaOptimum NothingToSearch()
    {
        var coefficients = new double[_coefficients.Length];
        _transform.ToCoefficients([], coefficients);
        var value = _likelihood.Profile(coefficients);
        return double.IsFinite(value)
            ? new ArimaOptimum(coefficients, value, 1, Converged: true, "no coefficients to search over")
            : throw NoStart();
    }

    private ForecastException NoStart() =>
        new("arima-no-start", $"series '{_sample.Series}': the likelihood of {_sample.Options} is finite at no starting value", "data", _sample.Series);

    private double ObjectiveWithGradient(ReadOnlySpan<double> u, Span<double> gradient)
    {
        var value = _likelihood.ProfileWithGradient(u, _transform, gradient);
        foreach (ref var g in gradient)
            g = -g;
        return -value;
    }

    private double Objective(ReadOnlySpan<double> u)
    {
        _transform.ToCoefficients(u, _coefficients);
        return -_likelihood.Profile(_coefficients);
    }

    /// <summary>Makes sure that regressors and variance are there to be estimated, by the likelihood of white noise.</summary>
    private void CheckIdentified()
    {
        Array.Clear(_coefficients);
        _likelihood.Profile(_coefficients);
        var series = _sample.Series;
        if (!_likelihood.IsDetermined)
            throw ArimaSample.Undetermined(_sample);
        if (double.IsNaN(_likelihood.SumOfSquares))
            throw new ForecastException("regressors-dependent", $"series '{series}': the regressors {string.Join(", ", _sample.RegressorNames)} are linearly dependent (after differencing, if any)", "regressors", series);
        var scale = 0.0;
        foreach (var v in _sample.Values)
            scale = double.IsNaN(v) ? scale : Math.Max(scale, Math.Abs(v));
        if (!(_likelihood.SumOfSquares > 1e-24 * scale * scale * _likelihood.Count))
            throw new ForecastException("series-constant", $"series '{series}' has no variation left after mean, drift, regressors and differencing; {_sample.Options} has no maximum likelihood", "data", series);
    }
}
