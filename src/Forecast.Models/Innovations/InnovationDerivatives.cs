namespace Forecast.Models.Innovations;

/// <summary>Log-density g(z; ξ, s) of a standardised innovation and its derivatives in z, in the skewness ξ and in the shape s.</summary>
/// <remarks>
/// The derivatives in z are taken at z itself. Where the density has a kink or cusp (GED with s &lt; 2 at z = 0) the two
/// derivatives in z are reported as 0, the middle of the subgradient.
/// </remarks>
/// <param name="Value">g.</param>
/// <param name="Z">dg/dz.</param>
/// <param name="ZZ">d²g/dz².</param>
/// <param name="Shape">dg/ds; 0 for a distribution without a shape.</param>
/// <param name="ZShape">d²g/dz ds.</param>
/// <param name="ShapeShape">d²g/ds².</param>
/// <param name="Skew">dg/dξ; 0 for a symmetric distribution.</param>
/// <param name="ZSkew">d²g/dz dξ.</param>
/// <param name="SkewSkew">d²g/dξ².</param>
/// <param name="SkewShape">d²g/dξ ds.</param>
public readonly record struct InnovationDerivatives(
    double Value, double Z, double ZZ, double Shape, double ZShape, double ShapeShape, double Skew = 0, double ZSkew = 0, double SkewSkew = 0, double SkewShape = 0);

/// <summary>A function of the skewness ξ and the shape s with its first and second derivatives.</summary>
public readonly record struct ShapeDerivatives(double Value, double Skew, double Shape, double SkewSkew, double SkewShape, double ShapeShape)
{
    /// <summary>A function of the shape alone.</summary>
    public static ShapeDerivatives OfShape(double value, double first, double second) => new(value, 0, first, 0, 0, second);
}
