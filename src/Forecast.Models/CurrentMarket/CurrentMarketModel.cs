using Forecast.Models.Catalogue;

namespace Forecast.Models.CurrentMarket;

/// <summary>How the catalogue writes and makes <see cref="CurrentMarketForecaster"/>.</summary>
public static class CurrentMarketModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "cmm",
        "The Gaussian current market model: mean and standard deviation of the last n returns.",
        "cmm(n)",
        "cmm(50)",
        [],
        arguments =>
        {
            arguments.Allow(1);
            return new CurrentMarketForecaster(arguments.Integers(0, 1, "n")?[0] ?? 250);
        });
}
