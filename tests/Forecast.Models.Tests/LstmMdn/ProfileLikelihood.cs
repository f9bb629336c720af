using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.LstmMdn;

/// <summary>
/// The most that the likelihood of a GARCH(1,1) with generalised errors and no mean can be where its VaR of the next day is given. The next variance is linear in
/// omega, h = A omega + B, so the VaR fixes omega at each (alpha, beta, shape), and those three are searched for by a simplex from several points.
/// </summary>
internal static class ProfileLikelihood
{
    private static readonly GarchSpecification Specification = new(1, 1, InnovationKind.Ged, hasMean: false);

    /// <summary>The fit itself: log-likelihood.</summary>
    public static double Fitted(double[] returns) => GarchEstimator.Fit(Specification, new GarchSample(returns)).LogLikelihood;

    /// <param name="returns">Sample.</param>
    /// <param name="risk">VaR of the day after, a positive loss.</param>
    /// <param name="alpha">Its tail.</param>
    public static double AtRisk(double[] returns, double risk, double alpha)
    {
        var sample = new GarchSample(returns);
        var best = double.NegativeInfinity;
        foreach (var (a, b, shape) in new[] { (0.1, 0.8, 1.2), (0.02, 0.6, 1.2), (0.2, 0.6, 1.0), (0.01, 0.97, 1.4), (0.05, 0.3, 1.5) })
            best = Math.Max(best, Climb(x => Value(sample, risk, alpha, x), [a, b, shape]));
        return best;
    }

    private static double Value(GarchSample sample, double risk, double alpha, double[] x)
    {
        var (a, b, shape) = (x[0], x[1], x[2]);
        if (!(a >= 0 && b >= 0 && b < 1 && shape is > 0.3 and < 20)) return double.NegativeInfinity;
        var r = sample.Values;
        double mean = 0;
        foreach (var v in r) mean += v * v / r.Length;
        double constant = 0, before = mean, square = mean;
        for (var t = 0; t < r.Length; t++)
        {
            (constant, before) = (1 + (b * constant), (a * square) + (b * before));
            square = r[t] * r[t];
        }

        (constant, before) = (1 + (b * constant), (a * square) + (b * before));
        var z = new GedInnovation(shape).Quantile(alpha);
        var omega = ((risk * risk / (z * z)) - before) / constant;
        if (!(omega > 0)) return double.NegativeInfinity;
        var value = GarchRecursion.LogLikelihood(Specification, sample, [omega, a, b, shape]);
        return double.IsNaN(value) ? double.NegativeInfinity : value;
    }

    /// <summary>Coordinate steps that grow on success and shrink on failure: slow and sure for three numbers.</summary>
    private static double Climb(Func<double[], double> f, double[] at)
    {
        double[] step = [0.05, 0.1, 0.1];
        var value = f(at);
        for (var round = 0; round < 150 && step.Max() > 1e-6; round++)
        {
            for (var i = 0; i < at.Length; i++)
            {
                var moved = false;
                foreach (var sign in new[] { 1, -1 })
                {
                    var next = (double[])at.Clone();
                    next[i] += sign * step[i];
                    var own = f(next);
                    if (!(own > value)) continue;
                    (at, value, moved) = (next, own, true);
                    break;
                }

                step[i] *= moved ? 1.6 : 0.4;
            }
        }

        return value;
    }
}
