using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>
/// Student t with ν &gt; 2 degrees of freedom scaled to unit variance (Bollerslev 1987):
/// g(z) = ln Γ((ν+1)/2) - ln Γ(ν/2) - ½ ln(π(ν-2)) - (ν+1)/2 ln(1 + z²/(ν-2)).
/// </summary>
public sealed class StudentTInnovation : SymmetricInnovation
{
    private readonly double _nu;
    private readonly double _w;
    private readonly double _logBetaRatio;
    private readonly double _constant;
    private readonly Lazy<(double First, double Second)> _constantDerivatives;

    /// <param name="degreesOfFreedom">ν, above 2 so that the variance exists.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not a number above 2.</exception>
    public StudentTInnovation(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 2 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Unit variance needs more than 2 degrees of freedom.");
        _nu = degreesOfFreedom;
        _w = _nu - 2;
        _logBetaRatio = GammaFunctions.LogHalfStepRatio(0.5 * _nu);
        _constant = _logBetaRatio - 0.5 * Math.Log(Math.PI * _w);
        _constantDerivatives = new(() => (
            0.5 * (GammaFunctions.Digamma(0.5 * (_nu + 1)) - GammaFunctions.Digamma(0.5 * _nu)) - 0.5 / _w,
            0.25 * (GammaFunctions.Trigamma(0.5 * (_nu + 1)) - GammaFunctions.Trigamma(0.5 * _nu)) + 0.5 / (_w * _w)));
    }

    /// <inheritdoc/>
    public override InnovationKind Kind => InnovationKind.StudentT;

    /// <inheritdoc/>
    public override double Shape => _nu;

    /// <inheritdoc/>
    public override double AbsoluteMean => 2 * UpperPartialMean(0);

    /// <summary>Power tails: no exponential moment.</summary>
    public override bool HasExponentialMoments => false;

    /// <summary>E|z|³ = 4 (ν-2)² f(0) / ((ν-1)(ν-3)) for ν above 3.</summary>
    public override double AbsoluteThirdMoment => _nu > 3 ? 4 * Math.Exp(_constant) * _w * _w / ((_nu - 1) * (_nu - 3)) : double.PositiveInfinity;

    /// <inheritdoc/>
    public override double FourthMoment => _nu > 4 ? 3 * _w / (_nu - 4) : double.PositiveInfinity;

    /// <inheritdoc/>
    public override double LogDensity(double z) => _constant - 0.5 * (_nu + 1) * LogOnePlus(z * z / _w);

    /// <summary>ln E|z| = ln 2 + ln f(0) + ln(ν-2) - ln(ν-1), differentiated.</summary>
    public override ShapeDerivatives DifferentiateAbsoluteMean()
    {
        var (c1, c2) = _constantDerivatives.Value;
        var r = 1 / (_nu - 1);
        var first = c1 + 1 / _w - r;
        var second = c2 - 1 / (_w * _w) + r * r;
        var mean = AbsoluteMean;
        return ShapeDerivatives.OfShape(mean, mean * first, mean * (second + first * first));
    }

    /// <inheritdoc/>
    public override InnovationDerivatives Differentiate(double z)
    {
        var u = z * z;
        var d = _w + u;
        var log = LogOnePlus(u / _w);
        var wd = _w * d;
        var (c1, c2) = _constantDerivatives.Value;
        return new(
            Value: _constant - 0.5 * (_nu + 1) * log,
            Z: -(_nu + 1) * z / d,
            ZZ: -(_nu + 1) * (_w - u) / (d * d),
            Shape: c1 - 0.5 * log + 0.5 * (_nu + 1) * u / wd,
            ZShape: -z / d + (_nu + 1) * z / (d * d),
            ShapeShape: c2 + u / wd - 0.5 * (_nu + 1) * u * (_w + d) / (wd * wd));
    }

    /// <summary>Bailey's (1994) polar method: exact, two uniforms a trial.</summary>
    public override double Sample(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double u, s;
        do
        {
            u = 2 * random.NextDouble() - 1;
            var v = 2 * random.NextDouble() - 1;
            s = u * u + v * v;
        }
        while (s >= 1);

        // T² = ν (s^(-2/ν) - 1) u²/s; expm1 keeps large ν exact.
        return u * Math.Sqrt(_w * ExpMinusOne(-2 / _nu * Math.Log(s)) / s);
    }

    /// <inheritdoc/>
    protected internal override double UpperTail(double z)
    {
        var u = z * z;
        return double.IsPositiveInfinity(u) ? 0 : 0.5 * IncompleteBeta.Regularized(0.5 * _nu, 0.5, _w / (_w + u), u / (_w + u), LogBeta);
    }

    /// <inheritdoc/>
    protected override double Central(double z)
    {
        var u = z * z;
        return double.IsPositiveInfinity(u) ? 0.5 : 0.5 * IncompleteBeta.Regularized(0.5, 0.5 * _nu, u / (_w + u), _w / (_w + u), LogBeta);
    }

    /// <summary>U(z) = f(z) (ν - 2 + z²)/(ν - 1).</summary>
    protected internal override double UpperPartialMean(double z) =>
        Math.Exp(_constant - 0.5 * (_nu - 1) * LogOnePlus(z * z / _w)) * _w / (_nu - 1);

    /// <summary>
    /// The nearer of two bounds from above, so that the start is right of the root: the power law of the tail, sharp far out, and
    /// √(ν-2) √(exp(x²/(ν-½)) - 1) of the normal quantile x (Wallace 1959), sharp for many degrees of freedom.
    /// </summary>
    protected override double TailStart(double tail)
    {
        // 1 - F(z) ≤ ∫ f with (1 + z²/w) replaced by z²/w = C w^((ν+1)/2) z^(-ν) / ν.
        var log = (_constant + 0.5 * (_nu + 1) * Math.Log(_w) - Math.Log(_nu) - Math.Log(tail)) / _nu;
        var x = NormalDistribution.Quantile(tail);
        return Math.Min(Math.Exp(Math.Min(log, 700)), Math.Sqrt(_w * ExpMinusOne(x * x / (_nu - 0.5))));
    }

    /// <summary>2√(ν-2)/(ν-1) · B(½, ν-½)/B(½, ν/2)², the t's constant (Jordan, Krüger and Lerch 2019, A.2) at unit variance.</summary>
    protected override double HalfMeanDifference()
    {
        var logHalfNu = LogBeta;
        var logNu = LogBetaHalf(_nu - 0.5);
        return 2 * Math.Sqrt(_w) / (_nu - 1) * Math.Exp(logNu - 2 * logHalfNu);
    }

    /// <summary>ln B(½, ν/2).</summary>
    private double LogBeta => 0.5 * Math.Log(Math.PI) - _logBetaRatio;

    private static double LogBetaHalf(double x) => 0.5 * Math.Log(Math.PI) - GammaFunctions.LogHalfStepRatio(x);

    private static double LogOnePlus(double x)
    {
        var y = 1 + x;
        return y == 1 || double.IsPositiveInfinity(y) ? (y == 1 ? x : y) : Math.Log(y) * (x / (y - 1));
    }

    private static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        var half = Math.Tanh(0.5 * x);
        return 2 * half / (1 - half);
    }
}
