using Forecast.Models.Catalogue;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>How the variance families are written in a model string.</summary>
internal static class GarchModel
{
    private const string Braces = "[-dist]{dist: norm|std|ged|sstd, mean: constant|zero, ar: N, ma: N, draws: fitted|historical, paths: N}";

    /// <summary>GARCH, which the catalogue lists first, and its relatives.</summary>
    public static ModelDescriptor Descriptor { get; } = Describe(
        VarianceFamily.Garch,
        "GARCH(p,q): p squared innovations (alpha) and q lagged variances (beta), by maximum likelihood.",
        "garch(1,1){dist: std}");

    public static IReadOnlyList<ModelDescriptor> Relatives { get; } =
    [
        Describe(VarianceFamily.Gjr, "GJR-GARCH(p,q): falls may raise the variance more than rises do (gamma), by maximum likelihood.", "gjr-garch(1,1)"),
        Describe(VarianceFamily.Egarch, "EGARCH(p,q): the logarithm of the variance, with size (alpha) and sign (gamma) of the news, by maximum likelihood.", "egarch(1,1)"),
        Describe(VarianceFamily.Aparch, "APARCH(p,q): a power (delta) of the volatility with asymmetric news (gamma), by maximum likelihood.", "aparch(1,1)"),
        Describe(VarianceFamily.Igarch, "IGARCH(p,q): GARCH whose alphas and betas sum to 1, so that variance forecasts do not revert, by maximum likelihood.", "igarch(1,1)"),
        Describe(VarianceFamily.Figarch, "FIGARCH(p,d,q): variance with long memory of order d, by maximum likelihood.", "figarch(1,d,1)"),
    ];

    /// <summary>Options that <c>arima-garch</c> has too.</summary>
    internal static IReadOnlyList<OptionSchema> Options =>
    [
        new("dist", OptionKind.Choice, "Distribution of the standardised innovations: normal, Student t, generalised error or skewed t.", "norm")
        {
            Choices = ["norm", "std", "ged", "sstd", "normal", "t", "skew-t"],
        },
        new("mean", OptionKind.Choice, "Whether a mean (of the differences, if there are any) is estimated.", "constant") { Choices = ["constant", "zero"] },
        new("draws", OptionKind.Choice, "Where future innovations come from: the fitted distribution, or the standardised residuals (filtered historical simulation).", "fitted")
        {
            Choices = ["fitted", "historical"],
        },
        new("paths", OptionKind.Integer, "Simulated futures behind quantiles beyond the first step.", "10000") { Minimum = 100, Maximum = 10_000_000 },
    ];

    /// <summary>The name at the head of a model string.</summary>
    internal static string NameOf(VarianceFamily family) => family == VarianceFamily.Gjr ? "gjr-garch" : family.ToString().ToLowerInvariant();

    /// <summary>The distribution of the suffix or the option; both must not be given.</summary>
    internal static InnovationKind Distribution(ModelArguments arguments)
    {
        var option = arguments.Choice("dist");
        var suffix = arguments.Spec.Suffix;
        if (suffix is not null && option is not null) throw arguments.Invalid("the distribution is given twice", "dist");
        return InnovationKinds.Parse(option ?? suffix ?? "norm");
    }

    private static ModelDescriptor Describe(VarianceFamily family, string summary, string example)
    {
        var name = NameOf(family);
        IReadOnlyList<OptionSchema> options =
        [
            .. Options,
            new("ar", OptionKind.Integer, "Autoregressive terms of the mean.", "0") { Minimum = 0, Maximum = 20 },
            new("ma", OptionKind.Integer, "Moving-average terms of the mean.", "0") { Minimum = 0, Maximum = 20 },
        ];
        return new(name, summary, $"{name}({(family == VarianceFamily.Figarch ? "p,d,q" : "p,q")}){Braces}", example, options, arguments => Create(family, arguments));
    }

    private static GarchForecaster Create(VarianceFamily family, ModelArguments arguments)
    {
        arguments.Allow(brackets: 1, suffix: true);
        var (p, q) = Orders(family, arguments);
        return new GarchForecaster(new GarchOptions
        {
            Family = family,
            ArchOrder = p,
            GarchOrder = q,
            Distribution = Distribution(arguments),
            HasMean = arguments.Choice("mean") != "zero",
            ArOrder = arguments.Integer("ar", 0) ?? 0,
            MaOrder = arguments.Integer("ma", 0) ?? 0,
            Historical = arguments.Choice("draws") == "historical",
            Paths = arguments.Integer("paths", 100) ?? 10_000,
        });
    }

    /// <summary>(p,q); for FIGARCH (p,d,q) with the letter d, or (p,q).</summary>
    private static (int P, int Q) Orders(VarianceFamily family, ModelArguments arguments)
    {
        if (family == VarianceFamily.Figarch && arguments.Spec.Arguments is [[var first, "d", var last]])
        {
            return int.TryParse(first, out var phi) && int.TryParse(last, out var beta)
                ? (phi, beta)
                : throw arguments.Invalid($"({first},d,{last}) should be (p,d,q) with whole numbers p and q");
        }

        var order = arguments.Integers(0, 2, family == VarianceFamily.Figarch ? "p,d,q" : "p,q");
        return (order?[0] ?? 1, order?[1] ?? 1);
    }
}
