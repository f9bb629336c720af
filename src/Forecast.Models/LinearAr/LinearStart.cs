namespace Forecast.Models.LinearAr;

/// <summary>Linear autoregressions that a network starts from.</summary>
/// <param name="Shared">[L + 1, H] row by row, the last row the constant: for series that have none of their own.</param>
/// <param name="Own">The same for each series of the panel; null where the shared one is better.</param>
internal sealed record LinearStart(double[] Shared, IReadOnlyList<double[]?> Own);
