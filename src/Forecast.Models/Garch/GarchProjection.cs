using Forecast.Core.Numerics;

namespace Forecast.Models.Garch;

/// <summary>
/// The future of a filtered ARIMA-GARCH model: means and variances in closed form, and simulated paths.
/// </summary>
/// <remarks>
/// h_{T+k|T} follows the variance recursion with future e² replaced by its expectation h; EGARCH has a closed form of its own, APARCH
/// none, so that its variances beyond the first step are means over simulated futures. The k-step forecast error is
/// Σ_{i=1..k} ψ_{k-i} e_{T+i} with the weights ψ of the ARMA part summed d times; the e are uncorrelated, so
/// Var(x_{T+k}) = Σ ψ²_{k-i} h_{T+i|T} exactly, whatever the distribution.
/// </remarks>
/// <param name="specification">Orders and distribution.</param>
/// <param name="theta">Parameters.</param>
/// <param name="path">The sample filtered at these parameters.</param>
/// <param name="levels">Last values of the 0th..(d-1)th differences; empty when the model is of the series itself.</param>
/// <param name="law">Where future z come from; null takes the fitted distribution.</param>
public sealed class GarchProjection(GarchSpecification specification, double[] theta, GarchPath path, double[] levels, FutureLaw? law = null)
{
    private const int VariancePaths = 10_000;
    private const ulong VarianceSeed = 20_101_993;
    private readonly int _lags = Lags(specification);
    private readonly FutureLaw _law = law ?? FutureLaw.Of(specification.CreateInnovation(theta));

    /// <summary>How far back the recursions reach.</summary>
    internal static int Lags(GarchSpecification specification) => specification.Family == VarianceFamily.Figarch
        ? Math.Max(FigarchWeights.Lags, Math.Max(specification.ArOrder, specification.MaOrder))
        : Math.Max(Math.Max(specification.ArOrder, specification.MaOrder), Math.Max(specification.ArchOrder, specification.GarchOrder));

    /// <summary>Variances h of the innovations at steps 1..horizon; NaN where the mean of h does not exist.</summary>
    public double[] InnovationVariance(int horizon)
    {
        if (specification.Family == VarianceFamily.Aparch && horizon > 1) return SimulatedVariance(horizon);
        var egarch = specification.Family == VarianceFamily.Egarch;
        var equation = Equation(specification.Family == VarianceFamily.Gjr ? _law.NegativeShare : 0.5);
        var e = Tail(path.Residual, 0, _lags, horizon);
        var s = Tail(path.SquaredInput, path.Presample, _lags, horizon);
        var h = Tail(path.Variance, path.Presample, _lags, horizon);
        for (var k = 0; k < horizon; k++)
        {
            var at = _lags + k;
            h[at] = equation.Next(e.AsSpan(0, at), s.AsSpan(0, at), h.AsSpan(0, at));

            // EGARCH asks for h with every future z at 0, the others for the expectation.
            s[at] = egarch ? 0 : h[at];
        }

        return egarch ? EgarchExpectation.Variances(specification, theta, [.. h[_lags..].Select(v => Math.Log(v))], _law) : h[_lags..];
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
        var values = new double[checked(count * horizon)];
        Walk(count, horizon, seed, values, []);
        return values;
    }

    /// <summary>Means of h over simulated futures, the same for the same state.</summary>
    private double[] SimulatedVariance(int horizon)
    {
        var sum = new double[horizon];
        Walk(VariancePaths, horizon, VarianceSeed, [], sum);
        for (var k = 0; k < horizon; k++) sum[k] /= VariancePaths;
        return sum;
    }

    /// <summary>Simulates; keeps values, or sums of variances, where there is room for them.</summary>
    private void Walk(int count, int horizon, ulong seed, Span<double> values, Span<double> variances)
    {
        var random = new RandomSource(seed);
        var equation = Equation(0.5);
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
                h[at] = equation.Next(e.AsSpan(0, at), s.AsSpan(0, at), h.AsSpan(0, at));
                e[at] = Math.Sqrt(h[at]) * _law.Sample(random);
                s[at] = e[at] * e[at];
                y[at] = GarchRecursion.NextDeviation(specification, theta, y.AsSpan(0, at), e.AsSpan(0, at)) + e[at];
                if (!values.IsEmpty) values[p * horizon + k] = Differencing.Step(mu + y[at], level);
                if (!variances.IsEmpty) variances[k] += h[at];
            }
        }
    }

    private VarianceEquation Equation(double negativeShare) =>
        VarianceEquation.Create(specification, theta, path.Presample, path.PresampleNews, negativeShare);

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
