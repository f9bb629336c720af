using Forecast.Core.Numerics;
using Forecast.Models.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>
/// Skewed Student t of Fernández and Steel (1998), re-standardised to mean 0 and variance 1. With g the unit-variance t and ξ the
/// skewness, X has density 2/(ξ+1/ξ) g(x/ξ) for x ≥ 0 and 2/(ξ+1/ξ) g(ξx) below, and Z = (X - m)/s with m = M (ξ - 1/ξ),
/// s² = (1 - M²)(ξ² + 1/ξ²) + 2M² - 1, M = E|T| under g.
/// </summary>
/// <remarks>ξ = 1 is the symmetric t; ξ below 1 puts the longer tail on the left. The same law as <c>sstd</c> of fGarch and rugarch.</remarks>
public sealed class SkewedStudentTInnovation : Innovation
{
    private readonly StudentTInnovation _t;
    private readonly double _xi;
    private readonly double _left;
    private readonly double _m;
    private readonly double _s;
    private readonly Lazy<SkewTransform> _transform;

    /// <param name="skew">ξ, positive.</param>
    /// <param name="degreesOfFreedom">ν, above 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">ξ is not a positive number, or ν not above 2.</exception>
    public SkewedStudentTInnovation(double skew, double degreesOfFreedom)
    {
        if (!(skew > 0 && double.IsFinite(skew))) throw new ArgumentOutOfRangeException(nameof(skew), skew, "The skewness of Fernández and Steel is a positive number.");
        _t = new StudentTInnovation(degreesOfFreedom);
        _xi = skew;
        _left = 1 / (1 + skew * skew);
        var mean = _t.AbsoluteMean;
        _m = mean * (skew - 1 / skew);
        _s = Math.Sqrt((1 - mean * mean) * (skew * skew + 1 / (skew * skew)) + 2 * mean * mean - 1);
        _transform = new(() => new SkewTransform(skew, _t.DifferentiateAbsoluteMean()));
    }

    /// <inheritdoc/>
    public override InnovationKind Kind => InnovationKind.SkewedStudentT;

    /// <inheritdoc/>
    public override double Shape => _t.Shape;

    /// <inheritdoc/>
    public override double Skew => _xi;

    /// <inheritdoc/>
    public override bool HasExponentialMoments => false;

    /// <summary>E|Z| = 2 (m F(m) - L(m))/s with L(x) = E[X; X ≤ x].</summary>
    public override double AbsoluteMean => 2 * (_m * CdfOfX(_m) - LowerPartialMean(_m)) / _s;

    /// <summary>From the raw moments E X^r = M_r (ξ^(r+1) + (-1)^r ξ^-(r+1))/(ξ + 1/ξ).</summary>
    public override double FourthMoment
    {
        get
        {
            if (!(Shape > 4)) return double.PositiveInfinity;
            double m2 = Raw(1, 2), m3 = Raw(_t.AbsoluteThirdMoment, 3), m4 = Raw(_t.FourthMoment, 4);
            return (m4 - 4 * _m * m3 + 6 * _m * _m * m2 - 3 * _m * _m * _m * _m) / (_s * _s * _s * _s);
        }
    }

    /// <inheritdoc/>
    public override double LogDensity(double z)
    {
        var x = _m + _s * z;
        return Math.Log(2 * _s / (_xi + 1 / _xi)) + _t.LogDensity(x >= 0 ? x / _xi : x * _xi);
    }

    /// <inheritdoc/>
    public override InnovationDerivatives Differentiate(double z) => _transform.Value.Differentiate(z, _t);

    /// <summary>Derivatives by extrapolated differences: the closed forms run through the incomplete beta function's parameters.</summary>
    public override ShapeDerivatives DifferentiateAbsoluteMean()
    {
        static double Of(ReadOnlySpan<double> x) => x[0] > 0 && x[1] > 2 ? new SkewedStudentTInnovation(x[0], x[1]).AbsoluteMean : double.NaN;
        double[] at = [_xi, Shape], typical = [0.1, 0.1 * (Shape - 2)], gradient = new double[2];
        var step = Math.Min(1e-3, 0.1 * (Shape - 2) / Shape);
        NumericalDerivatives.Gradient(Of, at, gradient, 1e-2 * step, typical);
        var hessian = NumericalDerivatives.Hessian(Of, at, step, typical);
        return new ShapeDerivatives(AbsoluteMean, gradient[0], gradient[1], hessian[0], hessian[1], hessian[3]);
    }

    /// <summary>The sign by its probability, then |T| on that side's scale.</summary>
    public override double Sample(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var negative = random.NextDouble() < _left;
        var magnitude = Math.Abs(_t.Sample(random));
        return ((negative ? -magnitude / _xi : magnitude * _xi) - _m) / _s;
    }

    /// <inheritdoc/>
    public override double Cdf(double z) => double.IsNaN(z) ? double.NaN : CdfOfX(_m + _s * z);

    /// <inheritdoc/>
    public override double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        return (QuantileOfX(p) - _m) / _s;
    }

    /// <inheritdoc/>
    public override double LowerTailMean(double alpha)
    {
        if (!(alpha > 0 && alpha <= 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A tail probability lies in (0, 1].");
        return alpha == 1 ? 0 : (LowerPartialMean(QuantileOfX(alpha)) / alpha - _m) / _s;
    }

    /// <summary>E|X - x| = x (2F(x) - 1) + m - 2L(x); ½E|X - X'| = ∫ F (1 - F), piece by piece from that of the t.</summary>
    public override double Crps(double z)
    {
        var x = _m + _s * z;
        var distance = x * (2 * CdfOfX(x) - 1) + _m - 2 * LowerPartialMean(x);
        var half = 0.5 * _t.AbsoluteMean;
        var square = half - 0.5 * _t.HalfDifference;
        double l = 2 * _left, r = 2 * (1 - _left);
        return (distance - l / _xi * (half - l * square) - r * _xi * (half - r * square)) / _s;
    }

    /// <summary>P(X ≤ x): 2 P(X&lt;0) G(ξx) on the left, 1 - 2 P(X&gt;0) (1 - G(x/ξ)) on the right.</summary>
    private double CdfOfX(double x) => x < 0 ? 2 * _left * _t.Cdf(x * _xi) : 1 - 2 * (1 - _left) * _t.Cdf(-x / _xi);

    private double QuantileOfX(double p) => p < _left ? _t.Quantile(0.5 * p / _left) / _xi : -_xi * _t.Quantile(0.5 * (1 - p) / (1 - _left));

    /// <summary>L(x) = E[X; X ≤ x].</summary>
    private double LowerPartialMean(double x) =>
        x < 0 ? -2 * _left / _xi * _t.UpperPartialMean(-x * _xi) : _m - 2 * (1 - _left) * _xi * _t.UpperPartialMean(x / _xi);

    private double Raw(double moment, int order)
    {
        var up = Math.Pow(_xi, order + 1);
        return moment * (up + (order % 2 == 0 ? 1 : -1) / up) / (_xi + 1 / _xi);
    }
}
