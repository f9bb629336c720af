using Forecast.Models.Catalogue;
using Forecast.Models.Ets;

namespace Forecast.Models.HoltWinters;

/// <summary>How the catalogue writes and makes <see cref="HoltWintersForecaster"/>.</summary>
public static class HoltWintersModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "holt-winters",
        "Holt-Winters smoothing of level, slope and season by least squares, with R's starting values.",
        "holt-winters[m]{seasonal: additive|multiplicative|none, trend: true|false, paths: n}",
        "holt-winters[7]",
        [
            new OptionSchema("seasonal", OptionKind.Choice, "How the season enters (R's default: additive).", "additive") { Choices = ["additive", "multiplicative", "none"] },
            new OptionSchema("trend", OptionKind.Boolean, "Whether there is a slope.", "true"),
            new OptionSchema("paths", OptionKind.Integer, "Simulated futures behind the quantiles of a multiplicative season.", "5000") { Minimum = 1 },
        ],
        arguments =>
        {
            arguments.Allow(0, period: true);
            return new HoltWintersForecaster(new HoltWintersOptions
            {
                Seasonal = arguments.Choice("seasonal") switch { "multiplicative" => EtsPart.Multiplicative, "none" => EtsPart.None, _ => EtsPart.Additive },
                Trend = arguments.Boolean("trend") ?? true,
                Period = arguments.Period(),
                Paths = arguments.Integer("paths", 1) ?? HoltWintersOptions.DefaultPaths,
            });
        });
}
