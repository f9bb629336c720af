using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;

namespace Forecast.Models.LinearAr;

/// <summary>How the catalogue writes and makes the linear autoregressions.</summary>
public static class LinearArModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "linear-ar",
        "Linear autoregression, one ridge regression a step ahead, on look-backs scaled to mean 0 and deviation 1.",
        "linear-ar(lookback){scope: local|global, ridge: x, validation: share}; without a look-back seven seasons",
        "linear-ar(24)",
        [
            new OptionSchema("scope", OptionKind.Choice, "One regression for each series, or one for the panel.", "local") { Choices = ["local", "global"] },
            new OptionSchema("ridge", OptionKind.Number, "Penalty relative to the inputs' variance; left out: the best of 1e-6 to 0.1 on the later span.") { Minimum = 0 },
            new OptionSchema("validation", OptionKind.Number, "Share of the target rows, the latest, that chooses the penalty and gives the residual quantiles.", "0.2") { Minimum = 0, Maximum = 0.5 },
        ],
        arguments =>
        {
            arguments.Allow(1);
            var options = new LinearArOptions
            {
                Lookback = arguments.Integers(0, 1, "lookback")?[0],
                Ridge = arguments.Number("ridge"),
                Scope = string.Equals(arguments.Choice("scope"), "global", StringComparison.Ordinal) ? FitScope.Global : FitScope.Local,
                Validation = arguments.Number("validation") ?? LinearArOptions.DefaultValidation,
            };
            return options.Scope == FitScope.Global
                ? new PanelLinearArForecaster(options, arguments.Spec.Text)
                : new LinearArForecaster(options, arguments.Spec.Text);
        });
}
