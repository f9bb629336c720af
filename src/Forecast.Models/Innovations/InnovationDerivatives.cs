namespace Forecast.Models.Innovations;

/// <summary>Log-density g(z; s) of a standardised innovation and its derivatives in z and in the shape s.</summary>
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
public readonly record struct InnovationDerivatives(double Value, double Z, double ZZ, double Shape, double ZShape, double ShapeShape);
