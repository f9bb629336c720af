using Forecast.Backtest.Wrappers;

namespace Forecast.Backtest.Tests.Degenerate;

/// <summary>A row of the table.</summary>
/// <param name="Text">The model string.</param>
/// <param name="Name">The model's word in the catalogue.</param>
/// <param name="Free">Of whole numbers: the same model without that constraint; null where there is none.</param>
internal sealed record DegenerateModel(string Text, string Name, string? Free = null)
{
    /// <summary>Every model of the platform by its example, and the constraints on one of them.</summary>
    public static IReadOnlyList<DegenerateModel> All { get; } =
    [
        .. PlatformCatalogue.All.Models.Select(m => new DegenerateModel(m.Example, m.Name)),
        new("theta{min: 0}", "theta"),
        new("theta{integer: true}", "theta", "theta"),
        new("theta{min: 0, max: 1e15, integer: true}", "theta", "theta{min: 0, max: 1e15}"),
    ];
}
