using Forecast.Models.Catalogue;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>How <c>garch</c> is written in a model string.</summary>
internal static class GarchModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "garch",
        "GARCH(p,q): p squared innovations (alpha) and q lagged variances (beta), by maximum likelihood.",
        "garch(p,q)[-dist]{dist: norm|std|ged, mean: constant|zero, paths: N}",
        "garch(1,1){dist: std}",
        Options,
        Create);

    /// <summary>Options of both models of this family.</summary>
    internal static IReadOnlyList<OptionSchema> Options =>
    [
        new("dist", OptionKind.Choice, "Distribution of the standardised innovations: normal, Student t or generalised error.", "norm")
        {
            Choices = ["norm", "std", "ged", "normal", "t"],
        },
        new("mean", OptionKind.Choice, "Whether a mean (of the differences, if there are any) is estimated.", "constant") { Choices = ["constant", "zero"] },
        new("paths", OptionKind.Integer, "Simulated futures behind quantiles beyond the first step.", "10000") { Minimum = 100, Maximum = 10_000_000 },
    ];

    /// <summary>The distribution of the suffix or the option; both must not be given.</summary>
    internal static InnovationKind Distribution(ModelArguments arguments)
    {
        var option = arguments.Choice("dist");
        var suffix = arguments.Spec.Suffix;
        if (suffix is not null && option is not null) throw arguments.Invalid("the distribution is given twice", "dist");
        return InnovationKinds.Parse(option ?? suffix ?? "norm");
    }

    private static GarchForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(brackets: 1, suffix: true);
        var order = arguments.Integers(0, 2, "p,q");
        return new GarchForecaster(new GarchOptions
        {
            ArchOrder = order?[0] ?? 1,
            GarchOrder = order?[1] ?? 1,
            Distribution = Distribution(arguments),
            HasMean = arguments.Choice("mean") != "zero",
            Paths = arguments.Integer("paths", 100) ?? 10_000,
        });
    }
}
