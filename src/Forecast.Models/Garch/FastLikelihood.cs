using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// The vectorised kernels for orders (1,1), a constant or zero mean and no missing value, and how their coordinates become those of
/// the parameters. Holds workspace: one instance a thread.
/// </summary>
internal sealed class FastLikelihood
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly CoordinateFold? _fold;
    private readonly int _size;
    private readonly int[] _slots;
    private readonly double[] _gradient;
    private readonly double[] _hessian;
    private readonly double[] _logarithms;
    private readonly double[] _powers;

    private FastLikelihood(GarchSpecification specification, GarchSample sample)
    {
        _spec = specification;
        _sample = sample;
        _fold = CoordinateFold.For(specification);
        var news = specification.IsAsymmetric;
        _size = news ? News11Kernel.Size : Garch11Kernel.Size;
        _gradient = new double[_size];
        _hessian = new double[_size * _size];
        var aparch = specification.Family == VarianceFamily.Aparch;
        _logarithms = new double[aparch ? sample.Length : 0];
        _powers = new double[aparch ? sample.Length : 0];
        _slots = [.. Enumerable.Range(0, _size).Where(i =>
            (i > 0 || specification.HasMean) && (i < _size - 1 || specification.HasShape) && (!news || i != 5 || specification.Family != VarianceFamily.Gjr))];
    }

    /// <summary>The fast form of a likelihood, or null where there is none.</summary>
    public static FastLikelihood? For(GarchSpecification specification, GarchSample sample) =>
        specification is { ArchOrder: 1, GarchOrder: 1, ArOrder: 0, MaOrder: 0, HasSkew: false } and not { Family: VarianceFamily.Figarch } && !sample.HasMissing
            ? new FastLikelihood(specification, sample)
            : null;

    public double Value(ReadOnlySpan<double> theta) => _spec.Innovation switch
    {
        InnovationKind.Normal => Value(theta, new NormalErrorKernel()),
        InnovationKind.StudentT => Value(theta, new StudentErrorKernel(theta[_spec.ShapeIndex])),
        InnovationKind.Ged => Value(theta, new GedErrorKernel(theta[_spec.ShapeIndex])),
        _ => throw new InvalidOperationException($"No kernel for {_spec.Innovation}."),
    };

    /// <summary>Log-likelihoods at points that share mean and shape; several at once where there is a kernel for that.</summary>
    public void Values(IReadOnlyList<double[]> thetas, Span<double> values)
    {
        const int points = Garch11Grid.Points;
        var abreast = _spec.Family == VarianceFamily.Garch && Garch11Grid.Serves(_spec.Innovation);
        Span<double> omega = stackalloc double[points], alpha = stackalloc double[points], beta = stackalloc double[points], found = stackalloc double[points];
        for (var first = 0; first < thetas.Count; first += points)
        {
            var count = Math.Min(points, thetas.Count - first);
            for (var i = 0; i < points && abreast; i++)
            {
                var theta = thetas[first + Math.Min(i, count - 1)];
                (omega[i], alpha[i], beta[i]) = (theta[_spec.OmegaIndex], theta[_spec.AlphaIndex], theta[_spec.BetaIndex]);
            }

            if (abreast) Garch11Grid.Values(_sample.Values, _spec.Mean(thetas[first]), omega, alpha, beta, _spec.HasShape ? thetas[first][_spec.ShapeIndex] : 0, found);
            for (var i = 0; i < count; i++) values[first + i] = abreast && double.IsFinite(found[i]) ? found[i] : Value(thetas[first + i]);
        }
    }

    public double Differentiate(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian)
    {
        var value = _spec.Innovation switch
        {
            InnovationKind.Normal => Differentiate(theta, new NormalErrorKernel()),
            InnovationKind.StudentT => Differentiate(theta, new StudentErrorKernel(theta[_spec.ShapeIndex])),
            InnovationKind.Ged => Differentiate(theta, new GedErrorKernel(theta[_spec.ShapeIndex])),
            _ => throw new InvalidOperationException($"No kernel for {_spec.Innovation}."),
        };
        var k = _slots.Length;
        Span<double> g = _fold is null ? gradient : _fold.Gradient, h = _fold is null ? hessian : _fold.Hessian;
        for (var a = 0; a < k; a++)
        {
            g[a] = _gradient[_slots[a]];
            for (var b = 0; b < k; b++) h[a * k + b] = _hessian[_slots[a] * _size + _slots[b]];
        }

        _fold?.Apply(_spec.Family == VarianceFamily.Egarch ? _spec.CreateInnovation(theta).DifferentiateAbsoluteMean() : default, gradient, hessian, []);
        return value;
    }

    private double Value<TError>(ReadOnlySpan<double> theta, TError error)
        where TError : struct, IErrorKernel
    {
        double mu = _spec.Mean(theta), omega = theta[_spec.OmegaIndex], alpha = theta[_spec.AlphaIndex], beta = Beta(theta);
        var gamma = _spec.IsAsymmetric ? theta[_spec.GammaIndex] : 0;
        return _spec.Family switch
        {
            VarianceFamily.Gjr => News11Kernel.Value(_sample.Values, mu, omega, beta, new GjrKernel(alpha, gamma), error),
            VarianceFamily.Egarch => News11Kernel.Value(_sample.Values, mu, omega, beta, new EgarchKernel(alpha, gamma, _spec.CreateInnovation(theta).AbsoluteMean), error),
            VarianceFamily.Aparch => News11Kernel.Value(_sample.Values, mu, omega, beta, new AparchKernel(alpha, gamma, theta[_spec.DeltaIndex], _logarithms, _powers), error),
            _ => Garch11Kernel.Value(_sample.Values, mu, omega, alpha, beta, error),
        };
    }

    private double Differentiate<TError>(ReadOnlySpan<double> theta, TError error)
        where TError : struct, IErrorKernel
    {
        double mu = _spec.Mean(theta), omega = theta[_spec.OmegaIndex], alpha = theta[_spec.AlphaIndex], beta = Beta(theta);
        var gamma = _spec.IsAsymmetric ? theta[_spec.GammaIndex] : 0;
        var free = _spec.HasMean;
        return _spec.Family switch
        {
            VarianceFamily.Gjr => News11Kernel.Differentiate(_sample.Values, mu, omega, beta, free, new GjrKernel(alpha, gamma), error, _gradient, _hessian),
            VarianceFamily.Egarch => News11Kernel.Differentiate(
                _sample.Values, mu, omega, beta, free, new EgarchKernel(alpha, gamma, _spec.CreateInnovation(theta).AbsoluteMean), error, _gradient, _hessian),
            VarianceFamily.Aparch => News11Kernel.Differentiate(
                _sample.Values, mu, omega, beta, free, new AparchKernel(alpha, gamma, theta[_spec.DeltaIndex], _logarithms, _powers), error, _gradient, _hessian),
            _ => Garch11Kernel.Differentiate(_sample.Values, mu, omega, alpha, beta, free, error, _gradient, _hessian),
        };
    }

    private double Beta(ReadOnlySpan<double> theta) => _spec.Family == VarianceFamily.Igarch ? 1 - theta[_spec.AlphaIndex] : theta[_spec.BetaIndex];
}
