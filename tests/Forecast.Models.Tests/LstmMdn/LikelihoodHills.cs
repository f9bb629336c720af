using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.LstmMdn;

/// <summary>
/// All optima that a GARCH(1,1) with generalised errors and no mean has on a sample, as far as searches from a grid of starts meet them, within fGarch's bounds
/// (alpha and beta in 0..1, omega from a millionth of the variance, exponent 1..10), with the VaR that each gives for the next day.
/// </summary>
internal static class LikelihoodHills
{
    private static readonly GarchSpecification Specification = new(1, 1, InnovationKind.Ged, hasMean: false);
    private static readonly double[] Alphas = [0.005, 0.03, 0.08, 0.15, 0.3];
    private static readonly double[] Betas = [0, 0.2, 0.4, 0.6, 0.75, 0.85, 0.93, 0.97, 0.99];
    private static readonly double[] Shapes = [1, 1.3, 2];

    /// <summary>Log-likelihood of our own fit.</summary>
    public static double Fitted(double[] returns) => GarchEstimator.Fit(Specification, new GarchSample(returns)).LogLikelihood;

    /// <summary>Log-likelihood of the highest optimum whose VaR is the given one to 0.5 %, and whether its variance drifts without news; null where no search ends on one.</summary>
    public static (double LogLikelihood, bool Drifts)? At(double[] returns, double risk, double alpha)
    {
        var scale = new GarchSample(returns).RootMeanSquare(0);
        var unit = new GarchSample([.. returns.Select(r => r / scale)]);
        var search = new ProjectedNewton(new Negative(new GarchLikelihood(Specification, unit)), [1e-6, 0, 0, 1], [100, 1, 1, 10], 1e-3 * Math.Sqrt(returns.Length));
        (double LogLikelihood, bool Drifts)? best = null;
        foreach (var (a, b, shape) in from a in Alphas from b in Betas from shape in Shapes where a + b < 1 select (a, b, shape))
        {
            var end = search.Minimize([1 - a - b, a, b, shape]);
            var value = -end.Value - (returns.Length * Math.Log(scale));
            if (double.IsFinite(value) && Math.Abs((scale * Risk(unit, end.Point, alpha) / risk) - 1) <= 0.005 && !(value <= best?.LogLikelihood))
                best = (value, end.Point[1] < 1e-6 && end.Point[2] > 0.9);
        }

        return best;
    }

    private static double Risk(GarchSample unit, double[] theta, double alpha)
    {
        var path = GarchRecursion.Filter(Specification, unit, theta);
        double[] squares = [.. unit.Values.ToArray().Select(v => v * v)];
        return -new GedInnovation(theta[^1]).Quantile(alpha) * Math.Sqrt(GarchRecursion.NextVariance(Specification, theta, squares, path.Variance, path.Presample));
    }

    private sealed class Negative(GarchLikelihood likelihood) : ISecondOrderFunction
    {
        public double Value(ReadOnlySpan<double> x) => -likelihood.Value(x);

        public double Differentiate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
        {
            var value = likelihood.Differentiate(x, gradient, hessian);
            foreach (ref var g in gradient) g = -g;
            foreach (ref var h in hessian) h = -h;
            return -value;
        }
    }
}
