using Forecast.Core;

namespace Forecast.Models.Garch;

/// <summary>
/// Joint maximum likelihood of mean, variance and shape by Newton's method with exact derivatives, from the best of a few
/// starts.
/// </summary>
/// <remarks>
/// The sample is divided by its standard deviation first, so that returns and percent returns take the same steps.
/// Bounds: omega &gt; 0, alpha and beta ≥ 0 (other families: <see cref="ParameterMap"/>), the shape in its range, stationary and
/// invertible ARMA parts. The variance need not be stationary. A search that ends on a bound or without convergence is repeated from other starts, and so is every search
/// with more than one ARCH or GARCH term or with AR and MA terms together, whose likelihoods can have several hills; the best
/// likelihood wins. A GARCH(1,1) of a short sample is searched from more starts yet: <see cref="GarchHills"/>.
/// </remarks>
public static class GarchEstimator
{
    private const int Searches = 3;

    /// <summary>Fewest observed values that a fit accepts: ten more than parameters.</summary>
    public static int MinimumObservations(GarchSpecification specification) => specification.Count + 10;

    /// <summary>Fits the model.</summary>
    /// <param name="specification">Orders and distribution.</param>
    /// <param name="sample">Observations in any unit.</param>
    /// <param name="series">Name of the series, for errors.</param>
    /// <param name="cancellation">Checked once a Newton step.</param>
    /// <exception cref="ForecastException">
    /// Too few observations (<c>series-too-short</c>), no variation (<c>series-constant</c>), or a likelihood that is finite at no
    /// start (<c>fit-failed</c>).
    /// </exception>
    public static GarchFit Fit(GarchSpecification specification, GarchSample sample, string series = "", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        var minimum = MinimumObservations(specification);
        if (sample.Observed < minimum)
        {
            throw new ForecastException(
                "series-too-short", $"series '{series}': {specification.Count} parameters need at least {minimum} observations (after differencing), there are {sample.Observed}", series: series);
        }

        var centre = specification.HasMean ? sample.Mean() : 0;
        var scale = sample.RootMeanSquare(centre);
        if (!(scale > 1e-13 * Math.Abs(centre)))
            throw new ForecastException("series-constant", $"series '{series}': all observations (after differencing) are equal, so there is no variance to model", series: series);

        var unit = sample.Scaled(scale);
        var likelihood = new GarchLikelihood(specification, unit);
        var map = new ParameterMap(specification);
        var objective = new Objective(likelihood, map, specification.Count);
        var search = new ProjectedNewton(objective, map.Lower, map.Upper, FlatGradient(unit), KinkDecrement(specification));
        var starts = GarchStarts.Ranked(specification, unit, likelihood);
        var coordinates = new double[specification.Count];
        var best = GarchHills.Apply(specification, unit)
            ? GarchHills.Choose(specification, GarchStarts.Short(specification, starts).Select(Climb))
            : Follow(specification, map, starts, Climb);
        if (best is null || !double.IsFinite(best.Value))
            throw new ForecastException("fit-failed", $"series '{series}': the likelihood is not finite at any starting point; look for values far outside the others", series: series);
        var onBound = map.OnBound(best.Point);
        if (!best.Converged && GedCusp.Applies(specification) && GedCusp.Search(unit, objective, map, best, FlatGradient(unit), cancellation) is { } cusp)
        {
            best = cusp;
            onBound = map.OnBound(best.Point);
            onBound[0] = true;
        }

        if (!best.Converged && specification.Family == VarianceFamily.Figarch)
        {
            map.ToCoordinates(starts[0], coordinates);
            if (FigarchBarrier.Search(specification, objective, map, best, coordinates, FlatGradient(unit), out var onEdge, cancellation) is { } edge)
            {
                best = edge;
                onBound = map.OnBound(best.Point);
                if (onEdge) onBound.AsSpan(specification.AlphaIndex, specification.RecursionCount - specification.AlphaIndex).Fill(true);
            }
        }

        return Finish(specification, sample, scale, map, best, onBound, likelihood.Evaluations);

        NewtonResult Climb(double[] start)
        {
            map.ToCoordinates(start, coordinates);
            return search.Minimize(coordinates, cancellation);
        }
    }

    /// <summary>Searches from one start after the other while there is reason to doubt what was found; null without a start.</summary>
    private static NewtonResult? Follow(GarchSpecification specification, ParameterMap map, IReadOnlyList<double[]> starts, Func<double[], NewtonResult> climb)
    {
        var simple = specification is { ArchOrder: 1, GarchOrder: <= 1 } and ({ ArOrder: 0 } or { MaOrder: 0 });
        var isRugged = EgarchInvertibility.Applies(specification);
        NewtonResult? best = null;
        var followed = 0;
        foreach (var start in isRugged ? starts.Concat(GarchStarts.Further(specification, best: starts.FirstOrDefault())) : starts)
        {
            if (followed++ >= Searches && (!isRugged || best!.Converged)) break;
            var result = climb(start);
            if (best is null || IsBetter(result, best, isRugged)) best = result;
            if (simple && best.Converged && !map.OnBound(best.Point).Contains(true)) break;
        }

        return best;
    }

    /// <summary>A thousandth of a typical score: in a sample of unit variance a score grows with the root of its size.</summary>
    private static double FlatGradient(GarchSample unit) => 1e-3 * Math.Sqrt(unit.Observed);

    /// <summary>|z| and |e|^δ have a kink at every observation that the mean meets.</summary>
    private static double KinkDecrement(GarchSpecification specification) =>
        specification.Family is VarianceFamily.Egarch or VarianceFamily.Aparch && specification.MeanCount > 0 ? 1e-3 : 0;

    /// <param name="candidate">A new end.</param>
    /// <param name="best">The best so far.</param>
    /// <param name="isRugged">
    /// Whether the likelihood is chaotic in parts of its domain: a search that gets stuck there has found nothing, however high it stands,
    /// when another has found an optimum.
    /// </param>
    private static bool IsBetter(NewtonResult candidate, NewtonResult best, bool isRugged)
    {
        if (!double.IsFinite(candidate.Value)) return false;
        if (!double.IsFinite(best.Value)) return true;
        if (isRugged && candidate.Converged != best.Converged) return candidate.Converged;

        // Within 1e-7 of each other the same optimum was found: prefer the search that can prove it.
        return Math.Abs(candidate.Value - best.Value) < 1e-7
            ? candidate.Converged && !best.Converged
            : candidate.Value < best.Value;
    }

    private static GarchFit Finish(GarchSpecification specification, GarchSample sample, double scale, ParameterMap map, NewtonResult best, bool[] onBound, int evaluations)
    {
        var theta = new double[specification.Count];
        map.ToParameters(best.Point, theta);
        Rescale(specification, theta, scale);
        var (square, news) = GarchRecursion.Presample(specification, sample, theta);

        // The density of x is that of x / scale, over scale.
        var logLikelihood = -best.Value - sample.Observed * Math.Log(scale);
        return new GarchFit(specification, theta, logLikelihood, sample.Observed, square, onBound, best.Converged, best.Reason, best.Iterations, evaluations)
        {
            PresampleNews = news,
        };
    }

    /// <summary>From the sample divided by a scale to the sample: ln h and σ^δ take omega along with them.</summary>
    private static void Rescale(GarchSpecification specification, double[] theta, double scale)
    {
        if (specification.HasMean) theta[0] *= scale;
        ref var omega = ref theta[specification.OmegaIndex];
        switch (specification.Family)
        {
            case VarianceFamily.Egarch:
                omega += 2 * Math.Log(scale) * (1 - specification.Persistence(theta));
                break;
            case VarianceFamily.Aparch:
                omega *= Math.Pow(scale, theta[specification.DeltaIndex]);
                break;
            default:
                omega *= scale * scale;
                break;
        }
    }

    private sealed class Objective(GarchLikelihood likelihood, ParameterMap map, int count) : ISecondOrderFunction
    {
        private readonly double[] _theta = new double[count];

        public double Value(ReadOnlySpan<double> x)
        {
            map.ToParameters(x, _theta);
            return -likelihood.Value(_theta);
        }

        public double Differentiate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
        {
            map.ToParameters(x, _theta);
            var value = likelihood.Differentiate(_theta, gradient, hessian);
            for (var i = 0; i < gradient.Length; i++) gradient[i] = -gradient[i];
            for (var i = 0; i < hessian.Length; i++) hessian[i] = -hessian[i];
            map.PullBack(gradient, hessian);
            return -value;
        }
    }
}
