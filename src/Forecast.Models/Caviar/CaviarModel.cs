using Forecast.Models.Catalogue;

namespace Forecast.Models.Caviar;

/// <summary>How the catalogue writes and makes <see cref="CaviarForecaster"/>.</summary>
public static class CaviarModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "caviar",
        "Conditional autoregressive Value-at-Risk: an equation for each quantile asked for, by least quantile loss.",
        "caviar{form: sav|as|indirect-garch|adaptive, starts}",
        "caviar{starts: 50}",
        [
            new OptionSchema("form", OptionKind.Choice, "Symmetric absolute value, asymmetric slope, indirect GARCH or adaptive (Engle and Manganelli 2004).", "as") { Choices = ["sav", "as", "indirect-garch", "adaptive"] },
            new OptionSchema("starts", OptionKind.Integer, "Random points that the search begins with.", "1000") { Minimum = 10, Maximum = 1_000_000 },
        ],
        arguments =>
        {
            arguments.Allow(0);
            var form = arguments.Choice("form") switch
            {
                "sav" => CaviarForm.SymmetricAbsoluteValue,
                "indirect-garch" => CaviarForm.IndirectGarch,
                "adaptive" => CaviarForm.Adaptive,
                _ => CaviarForm.AsymmetricSlope,
            };
            return new CaviarForecaster(new CaviarOptions { Form = form, Starts = arguments.Integer("starts") ?? 1000 }, arguments.Spec.Text);
        });
}
