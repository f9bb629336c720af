namespace Forecast.Models.Garch;

/// <summary>
/// The log-likelihood of one sample as a function of the parameters, through <see cref="Garch11Kernel"/> where it applies and
/// <see cref="GarchDerivatives"/> otherwise. Holds workspace: one instance a thread.
/// </summary>
public sealed class GarchLikelihood
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly bool _fast;
    private readonly int[] _slots;
    private readonly double[] _gradient = new double[Garch11Kernel.Size];
    private readonly double[] _hessian = new double[Garch11Kernel.Size * Garch11Kernel.Size];
    private GarchDerivatives? _general;
    private double[]? _scratch;

    public GarchLikelihood(GarchSpecification specification, GarchSample sample)
    {
        _spec = specification;
        _sample = sample;
        _fast = specification is { Family: VarianceFamily.Garch, ArchOrder: 1, GarchOrder: 1, ArOrder: 0, MaOrder: 0, HasSkew: false } && !sample.HasMissing;
        _slots = [.. Enumerable.Range(0, Garch11Kernel.Size).Where(i => (i > 0 || specification.HasMean) && (i < 4 || specification.HasShape))];
    }

    /// <summary>Log-likelihood evaluations so far, with or without derivatives.</summary>
    public int Evaluations { get; private set; }

    private GarchDerivatives General => _general ??= new GarchDerivatives(_spec, _sample);

    /// <summary>The log-likelihood at θ; NaN where a variance is not positive and finite.</summary>
    public double Value(ReadOnlySpan<double> theta)
    {
        Evaluations++;
        if (!_fast) return GarchRecursion.LogLikelihood(_spec, _sample, theta, _scratch ??= new double[4 * _sample.Length]);
        return _spec.Innovation switch
        {
            Innovations.InnovationKind.Normal => Fast(theta, new NormalErrorKernel()),
            Innovations.InnovationKind.StudentT => Fast(theta, new StudentErrorKernel(theta[_spec.ShapeIndex])),
            Innovations.InnovationKind.Ged => Fast(theta, new GedErrorKernel(theta[_spec.ShapeIndex])),
            _ => throw new InvalidOperationException($"No kernel for {_spec.Innovation}."),
        };
    }

    /// <summary>The log-likelihood at θ with gradient (k) and Hessian (k × k).</summary>
    public double Differentiate(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian)
    {
        Evaluations++;
        if (!_fast) return General.Evaluate(theta, gradient, hessian, []);
        return _spec.Innovation switch
        {
            Innovations.InnovationKind.Normal => Fast(theta, new NormalErrorKernel(), gradient, hessian),
            Innovations.InnovationKind.StudentT => Fast(theta, new StudentErrorKernel(theta[_spec.ShapeIndex]), gradient, hessian),
            Innovations.InnovationKind.Ged => Fast(theta, new GedErrorKernel(theta[_spec.ShapeIndex]), gradient, hessian),
            _ => throw new InvalidOperationException($"No kernel for {_spec.Innovation}."),
        };
    }

    /// <summary>The same with the outer product of the scores (k × k), by the general recursion.</summary>
    public double DifferentiateWithScores(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        Evaluations++;
        return General.Evaluate(theta, gradient, hessian, outerProduct);
    }

    private double Fast<TError>(ReadOnlySpan<double> theta, TError error)
        where TError : struct, IErrorKernel
    {
        var o = _spec.OmegaIndex;
        return Garch11Kernel.Value(_sample.Values, _spec.Mean(theta), theta[o], theta[o + 1], theta[o + 2], error);
    }

    private double Fast<TError>(ReadOnlySpan<double> theta, TError error, Span<double> gradient, Span<double> hessian)
        where TError : struct, IErrorKernel
    {
        var o = _spec.OmegaIndex;
        var value = Garch11Kernel.Differentiate(
            _sample.Values, _spec.Mean(theta), theta[o], theta[o + 1], theta[o + 2], _spec.HasMean, error, _gradient, _hessian);
        var k = _slots.Length;
        for (var a = 0; a < k; a++)
        {
            gradient[a] = _gradient[_slots[a]];
            for (var b = 0; b < k; b++) hessian[a * k + b] = _hessian[_slots[a] * Garch11Kernel.Size + _slots[b]];
        }

        return value;
    }
}
