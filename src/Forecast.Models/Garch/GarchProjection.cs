using Forecast.Core.Numerics;

namespace Forecast.Models.Garch;

/// <summary>
/// The future of a filtered ARIMA-GARCH model: means and variances in closed form, and simulated paths.
/// </summary>
/// <remarks>
/// h_{T+k|T} follows the variance recursion with future e² replaced by its expectation h. The k-step forecast error is
/// Σ_{i=1..k} ψ_{k-i} e_{T+i} with the weights ψ of the ARMA part summed d times; the e are uncorrelated, so
/// Var(x_{T+k}) = Σ ψ²_{k-i} h_{T+i|T} exactly, whatever the distribution.
/// </remarks>
/// <param name="specification">Orders and distribution.</param>
/// <param name="theta">Parameters.</param>
/// <param name="path">The sample filtered at these parameters.</param>
/// <param name="levels">Last values of the 0th..(d-1)th differences; empty when the model is of the series itself.</param>
public sealed class GarchProjection(GarchSpecification specification, double[] theta, GarchPath path, double[] levels)
{
    private readonly int _lags = Lags(specification);

    /// <summary>How far back the recursions reach.</summary>
    internal static int Lags(GarchSpecification specification) => Math.Max(Math.Max(specification.ArOrder, specification.MaOrder), Math.Max(specification.ArchOrder, specification.GarchOrder));

    /// <summary>Variances h of the innovations at steps 1..horizon.</summary>
    public double[] InnovationVariance(int horizon)
    {
        var s = Tail(path.SquaredInput, path.Presample, _lags, horizon);
        var h = Tail(path.Variance, path.Presample, _lags, horizon);
        for (var k = 0; k < horizon; k++)
        {
            var at = _lags + k;
            h[at] = s[at] = GarchRecursion.NextVariance(specification, theta, s.AsSpan(0, at), h.AsSpan(0, at), path.Presample);
        }

        return h[_lags..];
    }

    /// <summary>Means of the series at steps 1..horizon.</summary>
    public double[] Mean(int horizon)
    {
        var y = Tail(path.Deviation, 0, _lags, horizon);
        var e = Tail(path.Residual, 0, _lags, horizon);
        var level = (double[])levels.Clone();
        var mu = specification.Mean(theta);
        var mean = new double[horizon];
        for (var k = 0; k < horizon; k++)
        {
            var at = _lags + k;
            y[at] = GarchRecursion.NextDeviation(specification, theta, y.AsSpan(0, at), e.AsSpan(0, at));
            mean[k] = Differencing.Step(mu + y[at], level);
        }

        return mean;
    }

    /// <summary>Variances of the series at steps 1..horizon.</summary>
    public double[] Variance(int horizon)
    {
        var h = InnovationVariance(horizon);
        var psi = Weights(horizon);
        var variance = new double[horizon];
        for (var k = 0; k < horizon; k++)
            for (var i = 0; i <= k; i++) variance[k] += psi[k - i] * psi[k - i] * h[i];
        return variance;
    }

    /// <summary>
    /// Joint futures, <c>[path, step]</c> by rows; path i is the same whatever the number of paths. The plain form, one path after
    /// the other: <see cref="GarchPaths"/> gives the same numbers and is what forecasts use.
    /// </summary>
    public double[] Simulate(int count, int horizon, ulong seed)
    {
        var innovation = specification.CreateInnovation(theta);
        var random = new RandomSource(seed);
        var values = new double[checked(count * horizon)];
        var mu = specification.Mean(theta);
        double[] y = Tail(path.Deviation, 0, _lags, horizon), e = Tail(path.Residual, 0, _lags, horizon);
        double[] s = Tail(path.SquaredInput, path.Presample, _lags, horizon), h = Tail(path.Variance, path.Presample, _lags, horizon);
        var level = new double[levels.Length];
        for (var p = 0; p < count; p++)
        {
            levels.CopyTo(level, 0);
            for (var k = 0; k < horizon; k++)
            {
                var at = _lags + k;
                h[at] = GarchRecursion.NextVariance(specification, theta, s.AsSpan(0, at), h.AsSpan(0, at), path.Presample);
                e[at] = Math.Sqrt(h[at]) * innovation.Sample(random);
                s[at] = e[at] * e[at];
                y[at] = GarchRecursion.NextDeviation(specification, theta, y.AsSpan(0, at), e.AsSpan(0, at)) + e[at];
                values[p * horizon + k] = Differencing.Step(mu + y[at], level);
            }
        }

        return values;
    }

    /// <summary>ψ_0..ψ_{horizon-1} of (1-B)^{-d} ma(B)/ar(B).</summary>
    private double[] Weights(int horizon)
    {
        var psi = new double[horizon];
        for (var k = 0; k < horizon; k++)
        {
            psi[k] = k == 0 ? 1 : k <= specification.MaOrder ? theta[specification.MaIndex + k - 1] : 0;
            for (var i = 1; i <= Math.Min(k, specification.ArOrder); i++) psi[k] += theta[specification.ArIndex + i - 1] * psi[k - i];
        }

        for (var d = 0; d < levels.Length; d++)
            for (var k = 1; k < horizon; k++) psi[k] += psi[k - 1];
        return psi;
    }

    /// <summary>The last lags of a path (its presample value where the path is shorter) with room for the horizon.</summary>
    internal static double[] Tail(double[] past, double before, int lags, int horizon)
    {
        var tail = new double[lags + horizon];
        for (var i = 0; i < lags; i++)
        {
            var t = past.Length - lags + i;
            tail[i] = t >= 0 ? past[t] : before;
        }

        return tail;
    }
}
