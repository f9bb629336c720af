using Forecast.Models.Arima;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Between the parameters and the coordinates in which the search runs: AR and MA blocks become partial autocorrelations
/// within ±0.9999, GJR's gammas become alpha + gamma ≥ 0, everything else is itself within its bounds. All bounds are boxes in
/// the coordinates, so that a solution on a bound is reached exactly.
/// </summary>
public sealed class ParameterMap
{
    private const double PartialBound = 0.9999;
    private const double OmegaFloor = 1e-9;
    private const double LogarithmicReach = 2;
    private const double DeltaFloor = 0.1;
    private const double DeltaCeiling = 8;
    private readonly GarchSpecification _spec;
    private readonly double[] _jacobian;
    private readonly double[] _scratch;

    /// <param name="specification">Orders and distribution.</param>
    /// <remarks>Expects a sample of unit variance: the floor of omega, 1e-9, is relative to that.</remarks>
    public ParameterMap(GarchSpecification specification)
    {
        _spec = specification;
        var k = specification.Count;
        Lower = new double[k];
        Upper = new double[k];
        _jacobian = new double[k * k];
        _scratch = new double[k * k];
        Array.Fill(Lower, double.NegativeInfinity);
        Array.Fill(Upper, double.PositiveInfinity);
        Lower.AsSpan(specification.ArIndex, specification.ArOrder + specification.MaOrder).Fill(-PartialBound);
        Upper.AsSpan(specification.ArIndex, specification.ArOrder + specification.MaOrder).Fill(PartialBound);
        BoundVariance();
        if (specification.HasSkew) (Lower[specification.SkewIndex], Upper[specification.SkewIndex]) = InnovationKinds.SkewBounds;
        if (specification.HasShape) (Lower[^1], Upper[^1]) = specification.Innovation.ShapeBounds();
    }

    /// <summary>Lower bounds of the coordinates.</summary>
    public double[] Lower { get; }

    /// <summary>Upper bounds of the coordinates.</summary>
    public double[] Upper { get; }

    private bool IsIdentity => _spec.ArOrder <= 1 && _spec.MaOrder == 0 && _spec.Family != VarianceFamily.Gjr;

    /// <summary>Parameters θ at the coordinates.</summary>
    public void ToParameters(ReadOnlySpan<double> coordinates, Span<double> theta)
    {
        coordinates.CopyTo(theta);
        if (IsIdentity) return;
        var k = _spec.Count;
        _jacobian.AsSpan().Clear();
        for (var i = 0; i < k; i++) _jacobian[i * k + i] = 1;
        Block(coordinates, theta, _spec.ArIndex, _spec.ArOrder, 1);
        Block(coordinates, theta, _spec.MaIndex, _spec.MaOrder, -1);
        if (_spec.Family != VarianceFamily.Gjr) return;
        for (var i = 0; i < _spec.ArchOrder; i++)
        {
            theta[_spec.GammaIndex + i] -= theta[_spec.AlphaIndex + i];
            _jacobian[(_spec.GammaIndex + i) * k + _spec.AlphaIndex + i] = -1;
        }
    }

    /// <summary>Coordinates of θ, moved inside the bounds; an unstable AR or MA block starts from 0.</summary>
    public void ToCoordinates(ReadOnlySpan<double> theta, Span<double> coordinates)
    {
        theta.CopyTo(coordinates);
        Inverse(theta, coordinates, _spec.ArIndex, _spec.ArOrder, 1);
        Inverse(theta, coordinates, _spec.MaIndex, _spec.MaOrder, -1);
        if (_spec.Family == VarianceFamily.Gjr)
            for (var i = 0; i < _spec.ArchOrder; i++) coordinates[_spec.GammaIndex + i] += theta[_spec.AlphaIndex + i];
        for (var i = 0; i < coordinates.Length; i++) coordinates[i] = Math.Clamp(coordinates[i], Lower[i], Upper[i]);
    }

    /// <summary>
    /// Turns derivatives in θ, taken where <see cref="ToParameters"/> was last called, into derivatives in the coordinates:
    /// J'g and J'HJ. The term with the map's own curvature is left out; it is 0 where the gradient is.
    /// </summary>
    public void PullBack(Span<double> gradient, Span<double> hessian)
    {
        if (IsIdentity) return;
        var k = _spec.Count;
        Span<double> g = _scratch.AsSpan(0, k);
        g.Clear();
        for (var i = 0; i < k; i++)
            for (var a = 0; a < k; a++) g[a] += _jacobian[i * k + a] * gradient[i];
        g.CopyTo(gradient);

        _scratch.AsSpan().Clear();
        for (var i = 0; i < k; i++)
            for (var j = 0; j < k; j++)
                for (var b = 0; b < k; b++) _scratch[i * k + b] += hessian[i * k + j] * _jacobian[j * k + b];
        hessian.Clear();
        for (var i = 0; i < k; i++)
            for (var a = 0; a < k; a++)
                for (var b = 0; b < k; b++) hessian[a * k + b] += _jacobian[i * k + a] * _scratch[i * k + b];
    }

    /// <summary>Which parameters have a coordinate on its bound; an AR or MA block goes together, and so do alpha and gamma of a GJR's alpha + gamma = 0.</summary>
    public bool[] OnBound(ReadOnlySpan<double> coordinates)
    {
        var result = new bool[coordinates.Length];
        for (var i = 0; i < result.Length; i++) result[i] = coordinates[i] <= Lower[i] || coordinates[i] >= Upper[i];
        Spread(result.AsSpan(_spec.ArIndex, _spec.ArOrder));
        Spread(result.AsSpan(_spec.MaIndex, _spec.MaOrder));
        if (_spec.Family != VarianceFamily.Gjr) return result;
        for (var i = 0; i < _spec.ArchOrder; i++) result[_spec.AlphaIndex + i] |= result[_spec.GammaIndex + i];
        return result;
    }

    private void BoundVariance()
    {
        var (omega, alpha, beta, gamma) = (_spec.OmegaIndex, _spec.AlphaIndex, _spec.BetaIndex, _spec.GammaIndex);
        switch (_spec.Family)
        {
            case VarianceFamily.Egarch:
                SetBounds(alpha, _spec.ArchOrder, -LogarithmicReach, LogarithmicReach);
                SetBounds(gamma, _spec.ArchOrder, -LogarithmicReach, LogarithmicReach);
                SetBounds(beta, _spec.GarchOrder, -PartialBound, PartialBound);
                return;
            case VarianceFamily.Figarch:
                Lower[omega] = OmegaFloor;
                SetBounds(alpha, _spec.ArchOrder, -PartialBound, PartialBound);
                SetBounds(_spec.MemoryIndex, 1, 0, 1);
                SetBounds(beta, _spec.GarchOrder, -PartialBound, PartialBound);
                return;
        }

        Lower[omega] = OmegaFloor;
        SetBounds(alpha, _spec.ArchOrder, 0, _spec.Family == VarianceFamily.Igarch ? 1 : double.PositiveInfinity);
        SetBounds(beta, _spec.BetaCount, 0, _spec.Family == VarianceFamily.Igarch ? 1 : double.PositiveInfinity);
        if (_spec.Family == VarianceFamily.Gjr) SetBounds(gamma, _spec.ArchOrder, 0, double.PositiveInfinity);
        if (_spec.Family != VarianceFamily.Aparch) return;
        SetBounds(gamma, _spec.ArchOrder, -PartialBound, PartialBound);
        SetBounds(_spec.DeltaIndex, 1, DeltaFloor, DeltaCeiling);
    }

    private void SetBounds(int start, int count, double lower, double upper)
    {
        Lower.AsSpan(start, count).Fill(lower);
        Upper.AsSpan(start, count).Fill(upper);
    }

    private static void Spread(Span<bool> block)
    {
        if (block.Contains(true)) block.Fill(true);
    }

    private void Block(ReadOnlySpan<double> coordinates, Span<double> theta, int start, int order, double sign)
    {
        if (order == 0) return;
        var jacobian = new double[order * order];
        ArmaStability.ToCoefficients(coordinates.Slice(start, order), theta.Slice(start, order), jacobian);
        var k = _spec.Count;
        for (var i = 0; i < order; i++)
        {
            theta[start + i] *= sign;
            for (var j = 0; j < order; j++) _jacobian[(start + i) * k + start + j] = sign * jacobian[i * order + j];
        }
    }

    private static void Inverse(ReadOnlySpan<double> theta, Span<double> coordinates, int start, int order, double sign)
    {
        var phi = theta.Slice(start, order).ToArray();
        for (var i = 0; i < order; i++) phi[i] *= sign;
        if (!PartialAutocorrelation.TryFromCoefficients(phi, coordinates.Slice(start, order))) coordinates.Slice(start, order).Clear();
    }
}
