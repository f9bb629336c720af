using Forecast.Models.Catalogue;

namespace Forecast.Models.Intermittent;

/// <summary>How the catalogue writes and makes <see cref="IntermittentForecaster"/>.</summary>
public static class IntermittentModel
{
    private static readonly OptionSchema[] Smoothing =
    [
        new("alpha", OptionKind.Number, "Smoothing of demand sizes (R's default: 0.1).", null) { Minimum = 0, Maximum = 1 },
        new("beta", OptionKind.Number, "Smoothing of intervals, or of the probability of a demand; as alpha where it is left out.", null) { Minimum = 0, Maximum = 1 },
        new("optimise", OptionKind.Boolean, "Whether parameters that are not given make the mean squared one-step error least.", "false"),
    ];

    public static IReadOnlyList<ModelDescriptor> Descriptors { get; } =
    [
        new(
            "croston",
            "Croston's method for intermittent demand: smoothed demand size over smoothed interval.",
            "croston{variant: croston|sba|tsb, alpha, beta, optimise: true|false}",
            "croston",
            [new OptionSchema("variant", OptionKind.Choice, "The method itself, the approximation of Syntetos and Boylan, or that of Teunter, Syntetos and Babai.", "croston") { Choices = ["croston", "sba", "tsb"] }, .. Smoothing],
            arguments => Create(arguments, arguments.Choice("variant") switch { "sba" => IntermittentVariant.Sba, "tsb" => IntermittentVariant.Tsb, _ => IntermittentVariant.Croston })),
        new(
            "sba",
            "Croston's method times 1 - beta / 2, which takes off most of its bias (Syntetos and Boylan).",
            "sba{alpha, beta, optimise: true|false}",
            "sba",
            Smoothing,
            arguments => Create(arguments, IntermittentVariant.Sba)),
        new(
            "tsb",
            "Intermittent demand by smoothed size and smoothed probability, which falls while nothing is sold (Teunter, Syntetos and Babai).",
            "tsb{alpha, beta, optimise: true|false}",
            "tsb{optimise: true}",
            Smoothing,
            arguments => Create(arguments, IntermittentVariant.Tsb)),
    ];

    private static IntermittentForecaster Create(ModelArguments arguments, IntermittentVariant variant)
    {
        arguments.Allow(0);
        return new IntermittentForecaster(new IntermittentOptions
        {
            Variant = variant,
            Alpha = arguments.Number("alpha"),
            Beta = arguments.Number("beta"),
            Optimise = arguments.Boolean("optimise") ?? false,
        });
    }
}
