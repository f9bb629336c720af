namespace Forecast.Models.Numerics;

/// <summary>A function to be minimised within bounds, with values and gradients asked for apart.</summary>
internal interface IBoxObjective
{
    /// <summary>f(x), or +infinity or NaN where the point is infeasible for another reason than the bounds.</summary>
    double Value(ReadOnlySpan<double> x);

    /// <summary>Gradient at the point of the last <see cref="Value"/>.</summary>
    void Gradient(Span<double> gradient);
}
