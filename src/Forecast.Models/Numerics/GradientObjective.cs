namespace Forecast.Models.Numerics;

/// <summary>A function to be minimised that also gives its gradient.</summary>
/// <param name="x">The point, length n.</param>
/// <param name="gradient">Receives the n partial derivatives; its content is ignored when the value is not finite.</param>
/// <returns>f(x), or +infinity or NaN where the point is infeasible.</returns>
public delegate double GradientObjective(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>A function of n variables; +infinity or NaN marks an infeasible point.</summary>
public delegate double ScalarObjective(ReadOnlySpan<double> x);
