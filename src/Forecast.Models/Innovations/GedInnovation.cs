using Forecast.Core.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>
/// Generalised error distribution with exponent ν &gt; 0 scaled to unit variance (Nelson 1991):
/// g(z) = C(ν) - k(ν) |z|^ν, C = ln ν - ln 2 - 3/2 ln Γ(1/ν) + ½ ln Γ(3/ν), ln k = -ν/2 (ln Γ(1/ν) - ln Γ(3/ν)).
/// </summary>
/// <remarks>ν = 2 is the normal, ν = 1 the Laplace. With x = k |z|^ν, x has the gamma distribution with exponent 1/ν.</remarks>
public sealed class GedInnovation : SymmetricInnovation
{
    private readonly double _nu;
    private readonly double _a;
    private readonly GedConstants _constants;

    /// <param name="exponent">ν, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not a positive number.</exception>
    public GedInnovation(double exponent)
    {
        if (!(exponent > 0 && double.IsFinite(exponent)))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent of a GED is a positive number.");
        _nu = exponent;
        _a = 1 / exponent;
        _constants = new GedConstants(exponent);
    }

    /// <inheritdoc/>
    public override InnovationKind Kind => InnovationKind.Ged;

    /// <inheritdoc/>
    public override double Shape => _nu;

    /// <summary>E|z| = Γ(2/ν) / √(Γ(1/ν) Γ(3/ν)).</summary>
    public override double AbsoluteMean =>
        Math.Exp(GammaFunctions.LogGamma(2 * _a) - 0.5 * (GammaFunctions.LogGamma(_a) + GammaFunctions.LogGamma(3 * _a)));

    /// <summary>E exp(s|z|) is finite for some s only when the exponent is at least 1.</summary>
    public override bool HasExponentialMoments => _nu >= 1;

    /// <summary>E|z|³ = Γ(4/ν) Γ(1/ν)^½ / Γ(3/ν)^(3/2).</summary>
    public override double AbsoluteThirdMoment =>
        Math.Exp(GammaFunctions.LogGamma(4 * _a) + 0.5 * GammaFunctions.LogGamma(_a) - 1.5 * GammaFunctions.LogGamma(3 * _a));

    /// <summary>E z⁴ = Γ(5/ν) Γ(1/ν) / Γ(3/ν)².</summary>
    public override double FourthMoment =>
        Math.Exp(GammaFunctions.LogGamma(5 * _a) + GammaFunctions.LogGamma(_a) - 2 * GammaFunctions.LogGamma(3 * _a));

    /// <inheritdoc/>
    public override double LogDensity(double z) => _constants.C - Power(z);

    /// <summary>With a = 1/ν: ln E|z| = ln Γ(2a) - ½ (ln Γ(a) + ln Γ(3a)), differentiated through da/dν = -a².</summary>
    public override ShapeDerivatives DifferentiateAbsoluteMean()
    {
        var p = 2 * GammaFunctions.Digamma(2 * _a) - 0.5 * (GammaFunctions.Digamma(_a) + 3 * GammaFunctions.Digamma(3 * _a));
        var q = 4 * GammaFunctions.Trigamma(2 * _a) - 0.5 * (GammaFunctions.Trigamma(_a) + 9 * GammaFunctions.Trigamma(3 * _a));
        var first = -_a * _a * p;
        var second = _a * _a * _a * (_a * q + 2 * p);
        var mean = AbsoluteMean;
        return ShapeDerivatives.OfShape(mean, mean * first, mean * (second + first * first));
    }

    /// <inheritdoc/>
    public override InnovationDerivatives Differentiate(double z)
    {
        var c = _constants;
        if (z == 0) return new(c.C, 0, 0, c.C1, 0, c.C2);
        var logZ = Math.Log(Math.Abs(z));
        var p = Math.Exp(c.LogK + _nu * logZ);
        var l = c.LogK1 + logZ;
        return new(
            Value: c.C - p,
            Z: -_nu * p / z,
            ZZ: -_nu * (_nu - 1) * p / (z * z),
            Shape: c.C1 - p * l,
            ZShape: -p * (1 + _nu * l) / z,
            ShapeShape: c.C2 - p * (l * l + c.LogK2));
    }

    /// <summary>A signed root of a gamma draw of exponent 1/ν.</summary>
    public override double Sample(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var negative = random.NextDouble() < 0.5;
        var magnitude = Math.Exp((GammaSampler.LogDraw(_a, random) - _constants.LogK) / _nu);
        return negative ? -magnitude : magnitude;
    }

    /// <inheritdoc/>
    protected internal override double UpperTail(double z) => z == 0 ? 0.5 : 0.5 * IncompleteGamma.Upper(_a, Power(z));

    /// <inheritdoc/>
    protected override double Central(double z) => z == 0 ? 0 : 0.5 * IncompleteGamma.Lower(_a, Power(z));

    /// <inheritdoc/>
    protected internal override double UpperPartialMean(double z) =>
        0.5 * AbsoluteMean * (z == 0 ? 1 : IncompleteGamma.Upper(2 * _a, Power(z)));

    /// <inheritdoc/>
    protected override double TailStart(double tail) => Math.Exp((Math.Log(-Math.Log(tail)) - _constants.LogK) / _nu);

    /// <summary>No elementary closed form: exact numerical integration.</summary>
    protected override double HalfMeanDifference() => IntegrateHalfMeanDifference();

    /// <summary>k |z|^ν.</summary>
    private double Power(double z) => z == 0 ? 0 : Math.Exp(_constants.LogK + _nu * Math.Log(Math.Abs(z)));
}

/// <summary>C(ν) and ln k(ν) of the unit-variance GED with two derivatives each.</summary>
/// <remarks>
/// ln k' = -½ (ln Γ(1/ν) - ln Γ(3/ν)) + (ψ(1/ν) - 3ψ(3/ν))/(2ν), ln k'' = (9ψ'(3/ν) - ψ'(1/ν))/(2ν³),
/// C' = 1/ν + 3(ψ(1/ν) - ψ(3/ν))/(2ν²), C'' = -1/ν² - 3(ψ(1/ν) - ψ(3/ν))/ν³ + 3(3ψ'(3/ν) - ψ'(1/ν))/(2ν⁴).
/// </remarks>
internal readonly struct GedConstants
{
    public GedConstants(double nu)
    {
        double a = 1 / nu, b = 3 / nu;
        double ga = GammaFunctions.LogGamma(a), gb = GammaFunctions.LogGamma(b);
        double pa = GammaFunctions.Digamma(a), pb = GammaFunctions.Digamma(b);
        double ta = GammaFunctions.Trigamma(a), tb = GammaFunctions.Trigamma(b);
        C = Math.Log(0.5 * nu) - 1.5 * ga + 0.5 * gb;
        C1 = a + 1.5 * (pa - pb) * a * a;
        C2 = -a * a - 3 * (pa - pb) * a * a * a + 1.5 * (3 * tb - ta) * a * a * a * a;
        LogK = -0.5 * nu * (ga - gb);
        LogK1 = -0.5 * (ga - gb) + 0.5 * a * (pa - 3 * pb);
        LogK2 = 0.5 * a * a * a * (9 * tb - ta);
    }

    public double C { get; }

    public double C1 { get; }

    public double C2 { get; }

    public double LogK { get; }

    public double LogK1 { get; }

    public double LogK2 { get; }
}
