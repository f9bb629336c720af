using Forecast.Models.Catalogue;

namespace Forecast.Models.Ets;

/// <summary>How the catalogue writes and makes <see cref="EtsForecaster"/>.</summary>
public static class EtsModel
{
    private static readonly OptionSchema[] Choice =
    [
        new("ic", OptionKind.Choice, "Criterion of the automatic choice (R's default).", "aicc") { Choices = ["aicc", "aic", "bic"] },
        new("damped", OptionKind.Choice, "Whether the trend is damped; auto: as the form says, or whichever the criterion prefers.", "auto") { Choices = ["auto", "true", "false"] },
        new("restrict", OptionKind.Boolean, "Whether the automatic choice leaves out forms that divide by a state that may be 0 (R's default).", "true"),
        new("multiplicative_trend", OptionKind.Boolean, "Whether the automatic choice considers multiplicative trends (R's default: not).", "false"),
        new("bounds", OptionKind.Choice, "Smoothing parameters within the usual bounds of 0 to 1, beta up to alpha (usual), such that first states are forgotten (admissible), both (R's default), or from 0 to 1 each and admissible (stable).", "both") { Choices = ["both", "usual", "admissible", "stable"] },
        new("paths", OptionKind.Integer, "Simulated futures behind the quantiles of forms without closed forms (R's default).", "5000") { Minimum = 1 },
    ];

    public static IReadOnlyList<ModelDescriptor> Descriptors { get; } =
    [
        new(
            "ets",
            "Exponential smoothing in any of 30 forms ETS(error,trend,season), by maximum likelihood; the form is chosen by AICc where it is left out.",
            "ets(E,T,S)[m]{ic, damped, restrict, multiplicative_trend, bounds, paths}; E: A|M|Z, T: N|A|Ad|M|Md|Z, S: N|A|M|Z (Z: automatic)",
            "ets(A,Ad,N)",
            Choice,
            arguments =>
            {
                arguments.Allow(1, period: true);
                return new EtsForecaster(Options(arguments, Parts(arguments)));
            }),
        new(
            "auto-ets",
            "Exponential smoothing whose form is chosen by AICc among those that suit the data, as R's ets does.",
            "auto-ets[m]{ic, damped, restrict, multiplicative_trend, bounds, paths}",
            "auto-ets",
            Choice,
            arguments =>
            {
                arguments.Allow(0, period: true);
                return new EtsForecaster(Options(arguments, ["Z", "Z", "Z"]));
            }),
    ];

    private static EtsOptions Options(ModelArguments arguments, IReadOnlyList<string> parts)
    {
        var trend = parts[1].ToUpperInvariant();
        var marked = trend is "AD" or "MD";
        bool? wanted = arguments.Choice("damped") switch { "true" => true, "false" => false, _ => null };
        if (marked && wanted == false)
            throw arguments.Invalid($"trend {parts[1]} is damped, but damped is false", "damped");
        var part = Part(arguments, marked ? trend[..1] : trend, "trend");
        return new EtsOptions
        {
            Error = Part(arguments, parts[0], "error"),
            Trend = part,

            // A trend written without a d is not damped, as R's "AAN" is not once damped is left to be decided by the letters.
            Damped = marked ? true : wanted ?? (part is EtsPart.Additive or EtsPart.Multiplicative && arguments.Choice("damped") is null ? false : null),
            Season = Part(arguments, parts[2], "season"),
            Period = arguments.Period(),
            Criterion = arguments.Choice("ic") switch { "aic" => EtsCriterion.Aic, "bic" => EtsCriterion.Bic, _ => EtsCriterion.Aicc },
            Restrict = arguments.Boolean("restrict") ?? true,
            MultiplicativeTrend = arguments.Boolean("multiplicative_trend") ?? false,
            Bounds = arguments.Choice("bounds") switch { "usual" => EtsBounds.Usual, "admissible" => EtsBounds.Admissible, "stable" => EtsBounds.Stable, _ => EtsBounds.Both },
            Paths = arguments.Integer("paths", 1) ?? EtsOptions.DefaultPaths,
        }.Validated();
    }

    /// <summary>Three parts: <c>(M,Ad,M)</c>, or written together, <c>(MAdM)</c>; all automatic without brackets.</summary>
    private static IReadOnlyList<string> Parts(ModelArguments arguments)
    {
        if (arguments.Spec.Arguments.Count == 0) return ["Z", "Z", "Z"];
        var list = arguments.Spec.Arguments[0];
        if (list.Count == 3) return list;
        var word = list.Count == 1 ? list[0].Trim() : "";
        return word.Length switch
        {
            3 => [word[..1], word[1..2], word[2..]],
            4 when word[2] is 'd' or 'D' => [word[..1], word[1..3], word[3..]],
            _ => throw arguments.Invalid($"({string.Join(",", list)}) should be (error,trend,season)"),
        };
    }

    private static EtsPart? Part(ModelArguments arguments, string letter, string what) => letter.Trim().ToUpperInvariant() switch
    {
        "N" when what is not "error" => EtsPart.None,
        "A" => EtsPart.Additive,
        "M" => EtsPart.Multiplicative,
        "Z" => null,
        _ => throw arguments.Invalid($"'{letter}' is no {what}; write {(what is "error" ? "A, M or Z" : what is "trend" ? "N, A, Ad, M, Md or Z" : "N, A, M or Z")}"),
    };
}
