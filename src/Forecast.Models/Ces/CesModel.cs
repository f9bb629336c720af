using Forecast.Models.Catalogue;

namespace Forecast.Models.Ces;

/// <summary>How the catalogue writes and makes <see cref="CesForecaster"/>.</summary>
public static class CesModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "ces",
        "Complex exponential smoothing: level and potential by one complex parameter, so that stationary and trending series are one model.",
        "ces[m]{seasonality: auto|none|simple|partial|full}",
        "ces",
        [
            new OptionSchema("seasonality", OptionKind.Choice, "Where the season enters; auto: the form with the least AICc.", "auto") { Choices = ["auto", "none", "simple", "partial", "full"] },
        ],
        arguments =>
        {
            arguments.Allow(0, period: true);
            return new CesForecaster(new CesOptions
            {
                Period = arguments.Period(),
                Seasonality = arguments.Choice("seasonality") switch
                {
                    "none" => CesSeasonality.None,
                    "simple" => CesSeasonality.Simple,
                    "partial" => CesSeasonality.Partial,
                    "full" => CesSeasonality.Full,
                    _ => null,
                },
            });
        });
}
