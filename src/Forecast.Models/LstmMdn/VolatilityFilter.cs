using Forecast.Core;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.LstmMdn;

/// <summary>What returns are divided by before a network sees them.</summary>
public enum VolatilityScale
{
    /// <summary>Nothing: the network reads returns as they are.</summary>
    None,

    /// <summary>An exponentially weighted variance of decay 0.94 (RiskMetrics 1996).</summary>
    Ewma,

    /// <summary>GARCH(1,1) with Student's t, by maximum likelihood.</summary>
    Garch,

    /// <summary>GJR-GARCH(1,1) with Student's t, by maximum likelihood.</summary>
    Gjr,
}

/// <summary>
/// Scale of the next return: h_(t+1) = omega + (alpha + gamma 1(e_t below 0)) e_t² + beta h_t with e_t = r_t - mu. A missing return leaves h at its
/// expectation.
/// </summary>
/// <param name="Mu">Mean of a return.</param>
/// <param name="Omega">Constant.</param>
/// <param name="Alpha">Weight of the last squared return.</param>
/// <param name="Gamma">What falls add to it.</param>
/// <param name="Beta">Weight of the last variance.</param>
/// <param name="Start">h_1: the variance of the returns that the filter was fitted on.</param>
public sealed record VolatilityFilter(double Mu, double Omega, double Alpha, double Gamma, double Beta, double Start)
{
    /// <summary>What leaves returns as they are.</summary>
    public static VolatilityFilter None { get; } = new(0, 1, 0, 0, 0, 1);

    /// <exception cref="ForecastException">Too few returns, or returns that do not vary.</exception>
    public static VolatilityFilter Fit(VolatilityScale scale, ReadOnlySpan<double> returns, string series, CancellationToken cancellation)
    {
        if (scale == VolatilityScale.None) return None;
        var sample = new GarchSample(returns);
        var mean = sample.Observed == 0 ? 0 : sample.Mean();
        var sd = sample.Observed == 0 ? 0 : sample.RootMeanSquare(mean);
        if (!(sd > 1e-13 * Math.Abs(mean)) || !(sd > 0)) throw new ForecastException("series-constant", $"series '{series}': all returns are equal, so there is no volatility to scale by", "data", series);
        var start = sd * sd;
        if (scale == VolatilityScale.Ewma) return new(mean, 0, 0.06, 0, 0.94, start);
        var family = scale == VolatilityScale.Gjr ? VarianceFamily.Gjr : VarianceFamily.Garch;
        var specification = new GarchSpecification(1, 1, InnovationKind.StudentT, hasMean: true, family: family);
        var theta = GarchEstimator.Fit(specification, sample, series, cancellation).Parameters;
        return new(theta[0], theta[specification.OmegaIndex], theta[specification.AlphaIndex],
            scale == VolatilityScale.Gjr ? theta[specification.GammaIndex] : 0, theta[specification.BetaIndex], start);
    }

    /// <summary>h of the day after a return.</summary>
    public double Next(double h, double r)
    {
        if (double.IsNaN(r)) return Math.Max(Omega + ((Alpha + (0.5 * Gamma) + Beta) * h), Least);
        var e = r - Mu;
        return Math.Max(Omega + ((Alpha + (e < 0 ? Gamma : 0)) * e * e) + (Beta * h), Least);
    }

    /// <summary>Variances of each return's day and, last, of the day after.</summary>
    public double[] Filter(ReadOnlySpan<double> returns)
    {
        var h = new double[returns.Length + 1];
        h[0] = Start;
        for (var t = 0; t < returns.Length; t++) h[t + 1] = Next(h[t], returns[t]);
        return h;
    }

    /// <summary>Years of unmoved prices must not end in a division by 0.</summary>
    private double Least => 1e-6 * Start;
}
