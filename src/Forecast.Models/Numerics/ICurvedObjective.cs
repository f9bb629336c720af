namespace Forecast.Models.Numerics;

/// <summary>A function to be minimised within bounds that knows its second derivatives well enough to start a search, and to set it right on its way.</summary>
internal interface ICurvedObjective
{
    /// <summary>f(x), or +infinity or NaN where the point is infeasible for another reason than the bounds.</summary>
    double Value(ReadOnlySpan<double> x);

    /// <summary>Gradient at the point of the last <see cref="Value"/>.</summary>
    void Gradient(Span<double> gradient);

    /// <summary>Positive semidefinite approximation of the second derivatives at the point of the last <see cref="Value"/>.</summary>
    /// <param name="hessian">Receives n rows of <see cref="PaddedFactor.Stride"/> entries; the padding is 0.</param>
    void Curvature(Span<double> hessian);
}
