using Forecast.Models.Arima;
using Forecast.Models.Catalogue;
using Forecast.Models.UnitRoots;

namespace Forecast.Models.AutoArima;

/// <summary>How the catalogue writes and makes <see cref="AutoArimaForecaster"/>.</summary>
public static class AutoArimaModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "auto-arima",
        "Seasonal ARIMA whose differences, orders, mean and drift are chosen on each training window.",
        "auto-arima[m]{d: auto|n, seasonal_d: auto|n, max_order: n, max_seasonal_order: n, max_total: n, search: stepwise|full, max_models: n, ic: aicc|aic|bic, test: kpss|adf|pp, seasonal_test: strength|ocsb, mean: true|false, drift: true|false, regressors: [a, b@1], variance: df|ml}",
        "auto-arima",
        [
            new OptionSchema("d", OptionKind.Integer, "Plain differences; chosen by the unit-root test if left out.") { Minimum = 0, Maximum = 2 },
            new OptionSchema("seasonal_d", OptionKind.Integer, "Seasonal differences; chosen by the seasonal test if left out.") { Minimum = 0, Maximum = 1 },
            new OptionSchema("max_order", OptionKind.Integer, "Largest p and q.", "5") { Minimum = 0 },
            new OptionSchema("max_seasonal_order", OptionKind.Integer, "Largest P and Q.", "2") { Minimum = 0 },
            new OptionSchema("max_total", OptionKind.Integer, "Largest p + q + P + Q of the full search.", "5") { Minimum = 0 },
            new OptionSchema("search", OptionKind.Choice, "From neighbour to neighbour, or every model up to max_total.", "stepwise") { Choices = ["stepwise", "full"] },
            new OptionSchema("max_models", OptionKind.Integer, "Models that a stepwise search may try.", "94") { Minimum = 1 },
            new OptionSchema("ic", OptionKind.Choice, "Information criterion.", "aicc") { Choices = ["aicc", "aic", "bic"] },
            new OptionSchema("test", OptionKind.Choice, "Unit-root test that chooses d.", "kpss") { Choices = ["kpss", "adf", "pp"] },
            new OptionSchema("seasonal_test", OptionKind.Choice, "Test that chooses the seasonal difference: strength of the STL season, or OCSB.", "strength") { Choices = ["strength", "ocsb"] },
            new OptionSchema("mean", OptionKind.Boolean, "Whether models without differences may have a mean.", "true"),
            new OptionSchema("drift", OptionKind.Boolean, "Whether models with one difference may have a drift.", "true"),
            new OptionSchema("regressors", OptionKind.Text, "Covariates used as regressors: [a, b], or * for all known ahead; a@k is a, k rows earlier. None if left out."),
            new OptionSchema("variance", OptionKind.Choice, "Innovation variance of the forecast: df divides by n* - k + 1 (R's forecast package), ml by n*.", "df") { Choices = ["df", "ml"] },
        ],
        arguments =>
        {
            arguments.Allow(0, period: true);
            var defaults = new AutoArimaOptions();
            return new AutoArimaForecaster(
                new AutoArimaOptions
                {
                    Period = arguments.Period(),
                    Differences = arguments.Integer("d", 0),
                    SeasonalDifferences = arguments.Integer("seasonal_d", 0),
                    MaxOrder = arguments.Integer("max_order", 0) ?? defaults.MaxOrder,
                    MaxSeasonalOrder = arguments.Integer("max_seasonal_order", 0) ?? defaults.MaxSeasonalOrder,
                    MaxTotal = arguments.Integer("max_total", 0) ?? defaults.MaxTotal,
                    Stepwise = arguments.Choice("search") is not "full",
                    MaxModels = arguments.Integer("max_models", 1) ?? defaults.MaxModels,
                    Criterion = arguments.Choice("ic") switch { "aic" => InformationCriterion.Aic, "bic" => InformationCriterion.Bic, _ => InformationCriterion.Aicc },
                    Test = arguments.Choice("test") switch { "adf" => UnitRootTest.Adf, "pp" => UnitRootTest.Pp, _ => UnitRootTest.Kpss },
                    SeasonalTest = arguments.Choice("seasonal_test") is "ocsb" ? SeasonalRootTest.Ocsb : SeasonalRootTest.Strength,
                    AllowMean = arguments.Boolean("mean") ?? true,
                    AllowDrift = arguments.Boolean("drift") ?? true,
                    Regressors = ArimaModel.Regressors(arguments),
                    Variance = arguments.Choice("variance") is "ml" ? ArimaVariance.MaximumLikelihood : ArimaVariance.DegreesOfFreedom,
                },
                arguments.Spec.Text);
        });
}
