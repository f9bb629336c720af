using Forecast.Models.Catalogue;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>How the catalogue writes and makes <see cref="HistoricalSimulationForecaster"/>.</summary>
public static class HistoricalSimulationModel
{
    private static readonly HistoricalSimulationOptions Defaults = new();

    public static ModelDescriptor Descriptor { get; } = new(
        "historical-simulation",
        "The last n returns as the law of the next: plain, age-weighted, or scaled to today's volatility.",
        "historical-simulation(n){weights: plain|age, lambda, filter: none|volatility, decay, paths}",
        "historical-simulation(50)",
        [
            new OptionSchema("weights", OptionKind.Choice, "All days alike, or lambda to the power of the age (Boudoukh, Richardson and Whitelaw 1998).", "plain") { Choices = ["plain", "age"] },
            new OptionSchema("lambda", OptionKind.Number, "Ratio of the weights of two neighbouring days.", "0.98") { Minimum = 0, Maximum = 1 },
            new OptionSchema("filter", OptionKind.Choice, "Whether each return is scaled from the volatility of its day to today's (Hull and White 1998).", "none") { Choices = ["none", "volatility"] },
            new OptionSchema("decay", OptionKind.Number, "Decay of the exponentially weighted variance of the filter (RiskMetrics 1996).", "0.94") { Minimum = 0, Maximum = 1 },
            new OptionSchema("paths", OptionKind.Integer, "Simulated futures behind the later steps of the filtered form.", "10000") { Minimum = 100, Maximum = 10_000_000 },
        ],
        arguments =>
        {
            arguments.Allow(1);
            return new HistoricalSimulationForecaster(new HistoricalSimulationOptions
            {
                Window = arguments.Integers(0, 1, "n")?[0] ?? Defaults.Window,
                Weights = string.Equals(arguments.Choice("weights"), "age", StringComparison.Ordinal) ? ReturnWeights.Age : ReturnWeights.Plain,
                Lambda = arguments.Number("lambda") ?? Defaults.Lambda,
                Filtered = string.Equals(arguments.Choice("filter"), "volatility", StringComparison.Ordinal),
                Decay = arguments.Number("decay") ?? Defaults.Decay,
                Paths = arguments.Integer("paths", 100) ?? Defaults.Paths,
            });
        });
}
