namespace Forecast.Models.Garch;

/// <summary>
/// The log-likelihood of one sample as a function of the parameters, through <see cref="FastLikelihood"/> or <see cref="FigarchLikelihood"/>
/// where they apply and <see cref="GarchDerivatives"/> otherwise. Holds workspace: one instance a thread.
/// </summary>
public sealed class GarchLikelihood
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly FastLikelihood? _fast;
    private GarchDerivatives? _general;
    private readonly FigarchLikelihood? _fractional;
    private double[]? _scratch;

    public GarchLikelihood(GarchSpecification specification, GarchSample sample)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        _spec = specification;
        _sample = sample;
        _fast = FastLikelihood.For(specification, sample);
        _fractional = specification.Family == VarianceFamily.Figarch ? new FigarchLikelihood(specification, sample) : null;
    }

    /// <summary>Log-likelihood evaluations so far, with or without derivatives.</summary>
    public int Evaluations { get; private set; }

    private GarchDerivatives General => _general ??= new GarchDerivatives(_spec, _sample);

    /// <summary>The log-likelihood at θ; NaN where a variance is not positive and finite, or outside what a fit may end in.</summary>
    public double Value(ReadOnlySpan<double> theta)
    {
        Evaluations++;
        if (_fractional is not null)
        {
            var weights = FigarchWeights.At(_spec, theta);
            return weights.AreNonNegative ? _fractional.Value(theta, weights) : double.NaN;
        }

        if (IsOutside(theta)) return double.NaN;
        return _fast?.Value(theta) ?? GarchRecursion.LogLikelihood(_spec, _sample, theta, _scratch ??= new double[4 * _sample.Length]);
    }

    /// <summary>The log-likelihoods at points that share mean and shape, as <see cref="Value"/> gives them.</summary>
    internal void Values(IReadOnlyList<double[]> thetas, Span<double> values)
    {
        if (_fast is null)
        {
            for (var i = 0; i < thetas.Count; i++) values[i] = Value(thetas[i]);
            return;
        }

        Evaluations += thetas.Count;
        _fast.Values(thetas, values);
    }

    /// <summary>The log-likelihood at θ with gradient (k) and Hessian (k × k).</summary>
    public double Differentiate(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian)
    {
        Evaluations++;
        if (IsOutside(theta)) return double.NaN;
        return _fast?.Differentiate(theta, gradient, hessian) ?? General.Evaluate(theta, gradient, hessian, []);
    }

    /// <summary>The same with the outer product of the scores (k × k), by the general recursion.</summary>
    public double DifferentiateWithScores(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        Evaluations++;
        return General.Evaluate(theta, gradient, hessian, outerProduct);
    }

    /// <summary>FIGARCH with a negative weight, since a forecast could have no variance.</summary>
    private bool IsOutside(ReadOnlySpan<double> theta) => _fractional is not null && !FigarchWeights.At(_spec, theta).AreNonNegative;
}
