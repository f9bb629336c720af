using Forecast.Models.Catalogue;

namespace Forecast.Models.Theta;

/// <summary>How the catalogue writes and makes <see cref="ThetaForecaster"/>.</summary>
public static class ThetaModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "theta",
        "The theta method: exponential smoothing with half the trend, standard, optimised or dynamic.",
        "theta[m]{method: standard|optimised|dynamic|dynamic-optimised, seasonal: auto|true|false, paths: n}",
        "theta",
        [
            new OptionSchema("method", OptionKind.Choice, "Theta 2 as R's thetaf, theta estimated, or with a line that is updated with every row (Fiorucci et al. 2016).", "standard") { Choices = ["standard", "optimised", "dynamic", "dynamic-optimised"] },
            new OptionSchema("seasonal", OptionKind.Choice, "Whether the series is seasonally adjusted; auto: where its autocorrelation at the season is significant (R's test).", "auto") { Choices = ["auto", "true", "false"] },
            new OptionSchema("paths", OptionKind.Integer, "Simulated futures behind the quantiles of the dynamic models.", "5000") { Minimum = 1 },
        ],
        arguments =>
        {
            arguments.Allow(0, period: true);
            return new ThetaForecaster(new ThetaOptions
            {
                Method = arguments.Choice("method") switch
                {
                    "optimised" => ThetaMethod.Optimised,
                    "dynamic" => ThetaMethod.Dynamic,
                    "dynamic-optimised" => ThetaMethod.DynamicOptimised,
                    _ => ThetaMethod.Standard,
                },
                Seasonal = arguments.Choice("seasonal") switch { "true" => true, "false" => false, _ => null },
                Period = arguments.Period(),
                Paths = arguments.Integer("paths", 1) ?? ThetaOptions.DefaultPaths,
            });
        });
}
