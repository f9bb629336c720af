using Forecast.Models.Catalogue;

namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>How the catalogue writes and makes <see cref="ConformalForecaster"/>.</summary>
public static class ConformalModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "conformal",
        "Intervals around any model's mean from its own errors in an inner walk-forward, fixed (split) or following what they cover (adaptive).",
        "conformal(model){method: split|adaptive, score: absolute|signed, errors: n, rate: gamma, refit: never|every:K}",
        "conformal(theta){method: adaptive}",
        [
            new("method", OptionKind.Choice, "split reads the errors at the levels asked for; adaptive moves these levels by what was covered (Gibbs and Candes 2021).", "split") { Choices = ["split", "adaptive"] },
            new("score", OptionKind.Choice, "absolute gives symmetric intervals around the mean; signed learns each tail by itself, and needs more errors.", "absolute") { Choices = ["absolute", "signed"] },
            new("errors", OptionKind.Integer, "Errors kept for each step ahead, at most.", "100") { Minimum = 2 },
            new("rate", OptionKind.Number, "Step of the adaptive levels: how fast they follow.", "0.01") { Minimum = 0, Maximum = 1 },
            new("refit", OptionKind.Text, "Refits within the inner walk-forward: never (one fit, then conditioning) or every:K folds.", "never"),
        ],
        Create);

    private static ConformalForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(1);
        if (arguments.Spec.Arguments.Count != 1 || arguments.Spec.Arguments[0].Count != 1) throw arguments.Invalid("write one model in the brackets");
        if (!Nested.TryRefit(arguments.Spec.Options.GetValueOrDefault("refit"), out var every)) throw arguments.Invalid("refit: write never or every:K", "refit");
        var defaults = new ConformalOptions();
        var options = new ConformalOptions
        {
            Method = arguments.Choice("method") is "adaptive" ? ConformalMethod.Adaptive : ConformalMethod.Split,
            Signed = arguments.Choice("score") is "signed",
            Errors = arguments.Integer("errors", 2) ?? defaults.Errors,
            Rate = arguments.Number("rate") ?? defaults.Rate,
            RefitEvery = every,
        };
        return new ConformalForecaster(arguments.Inner(arguments.Spec.Arguments[0][0]), options.Validated(), arguments.Spec.Text);
    }
}
