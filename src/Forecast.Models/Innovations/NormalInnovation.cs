using Forecast.Core.Numerics;
using MathNet.Numerics;

namespace Forecast.Models.Innovations;

/// <summary>Standard normal: g(z) = -½ ln 2π - ½ z².</summary>
public sealed class NormalInnovation : SymmetricInnovation
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double InverseSqrtPi = 0.56418958354775628695;
    private const double InverseSqrtTwo = 0.70710678118654752440;

    private NormalInnovation()
    {
    }

    /// <summary>The one instance.</summary>
    public static NormalInnovation Instance { get; } = new();

    /// <inheritdoc/>
    public override InnovationKind Kind => InnovationKind.Normal;

    /// <inheritdoc/>
    public override double Shape => double.NaN;

    /// <inheritdoc/>
    public override double AbsoluteMean => 0.79788456080286535588;

    /// <inheritdoc/>
    public override double AbsoluteThirdMoment => 2 * AbsoluteMean;

    /// <inheritdoc/>
    public override double FourthMoment => 3;

    /// <inheritdoc/>
    public override ShapeDerivatives DifferentiateAbsoluteMean() => ShapeDerivatives.OfShape(AbsoluteMean, 0, 0);

    /// <inheritdoc/>
    public override double LogDensity(double z) => -HalfLogTwoPi - 0.5 * z * z;

    /// <inheritdoc/>
    public override InnovationDerivatives Differentiate(double z) => new(LogDensity(z), -z, -1, 0, 0, 0);

    /// <inheritdoc/>
    public override double Sample(RandomSource random) => random.NextNormal();

    /// <inheritdoc/>
    public override void Fill(RandomSource random, Span<double> draws)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(draws);
    }

    /// <inheritdoc/>
    protected internal override double UpperTail(double z) => 0.5 * SpecialFunctions.Erfc(z * InverseSqrtTwo);

    /// <inheritdoc/>
    protected override double Central(double z) => 0.5 * SpecialFunctions.Erf(z * InverseSqrtTwo);

    /// <inheritdoc/>
    protected internal override double UpperPartialMean(double z) => Density(z);

    /// <inheritdoc/>
    protected override double TailStart(double tail) => Math.Sqrt(-2 * Math.Log(tail));

    /// <inheritdoc/>
    protected override double HalfMeanDifference() => InverseSqrtPi;
}
