using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Turns derivatives in the coordinates of a recursion into those in the parameters, where the two differ: IGARCH's last beta is
/// 1 less the others; EGARCH's E|z| is a function of skewness and shape. g = J'g, H = J'HJ + g_κ d²κ, and J'BJ for the scores.
/// </summary>
internal sealed class CoordinateFold
{
    private readonly int _full;
    private readonly int _count;
    private readonly int _row;
    private readonly GarchSpecification _spec;
    private readonly double[] _jacobian;
    private readonly double[] _scratch;

    private CoordinateFold(GarchSpecification specification, int full, int row)
    {
        _spec = specification;
        _full = full;
        _count = specification.Count;
        _row = row;
        _jacobian = new double[full * _count];
        _scratch = new double[full * _count];
        Gradient = new double[full];
        Hessian = new double[full * full];
        OuterProduct = new double[full * full];
        for (var i = 0; i < full; i++)
            if (i != row) _jacobian[i * _count + (i < row ? i : i - 1)] = 1;
        if (specification.Family != VarianceFamily.Igarch) return;
        for (var j = specification.AlphaIndex; j < row; j++) _jacobian[row * _count + j] = -1;
    }

    /// <summary>Room for the derivatives in the coordinates of the recursion.</summary>
    public double[] Gradient { get; }

    public double[] Hessian { get; }

    public double[] OuterProduct { get; }

    /// <summary>The fold of a family, or null where coordinates and parameters are the same.</summary>
    public static CoordinateFold? For(GarchSpecification specification) => specification.Family switch
    {
        VarianceFamily.Igarch => new(specification, specification.Count + 1, specification.GammaIndex),
        VarianceFamily.Egarch => new(specification, specification.Count + 1, specification.RecursionCount),
        _ => null,
    };

    /// <summary>Folds what <see cref="Gradient"/> and the others hold.</summary>
    /// <param name="absoluteMean">EGARCH: E|z| with its derivatives.</param>
    /// <param name="gradient">Receives k entries.</param>
    /// <param name="hessian">Receives k × k entries.</param>
    /// <param name="outerProduct">Receives k × k entries, unless empty.</param>
    public void Apply(in ShapeDerivatives absoluteMean, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        if (_spec.HasSkew && _spec.Family == VarianceFamily.Egarch) _jacobian[_row * _count + _spec.SkewIndex] = absoluteMean.Skew;
        if (_spec.HasShape && _spec.Family == VarianceFamily.Egarch) _jacobian[_row * _count + _spec.ShapeIndex] = absoluteMean.Shape;
        gradient[.._count].Clear();
        for (var i = 0; i < _full; i++)
            for (var a = 0; a < _count; a++) gradient[a] += _jacobian[i * _count + a] * Gradient[i];
        Quadratic(Hessian, hessian);
        if (!outerProduct.IsEmpty) Quadratic(OuterProduct, outerProduct);
        if (_spec.Family != VarianceFamily.Egarch || !_spec.HasShape) return;
        var weight = Gradient[_row];
        var s = _spec.ShapeIndex;
        hessian[s * _count + s] += weight * absoluteMean.ShapeShape;
        if (!_spec.HasSkew) return;
        var k = _spec.SkewIndex;
        hessian[k * _count + k] += weight * absoluteMean.SkewSkew;
        hessian[k * _count + s] += weight * absoluteMean.SkewShape;
        hessian[s * _count + k] += weight * absoluteMean.SkewShape;
    }

    private void Quadratic(double[] full, Span<double> folded)
    {
        _scratch.AsSpan().Clear();
        for (var i = 0; i < _full; i++)
            for (var j = 0; j < _full; j++)
                for (var b = 0; b < _count; b++) _scratch[i * _count + b] += full[i * _full + j] * _jacobian[j * _count + b];
        folded[..(_count * _count)].Clear();
        for (var i = 0; i < _full; i++)
            for (var a = 0; a < _count; a++)
                for (var b = 0; b < _count; b++) folded[a * _count + b] += _jacobian[i * _count + a] * _scratch[i * _count + b];
    }
}
