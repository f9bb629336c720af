using Forecast.Models.Catalogue;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>How the catalogue writes and makes <see cref="EnsembleForecaster"/>.</summary>
public static class EnsembleModel
{
    private static readonly (string Word, Combination Combination)[] Methods =
    [
        ("mean", Combination.Mean),
        ("median", Combination.Median),
        ("inverse-error", Combination.InverseError),
        ("stacked", Combination.Stacked),
        ("stacked-pinball", Combination.StackedPinball),
    ];

    public static ModelDescriptor Descriptor { get; } = new(
        "ensemble",
        "Several models as one: their quantiles averaged with equal, inverse-error or stacked weights, or their median.",
        "ensemble(model, model, ..){method: mean|median|inverse-error|stacked|stacked-pinball, folds: n, refit: never|every:K}",
        "ensemble(theta, naive, linear-ar(7)){method: stacked}",
        [
            new("method", OptionKind.Choice, "Weights: equal, 1/MSE of an inner walk-forward, or those of least squared error or pinball loss there (not negative, of sum 1); or the median.", "mean") { Choices = [.. Methods.Select(m => m.Word)] },
            new("folds", OptionKind.Integer, "Inner folds by which weights are estimated, at most; as many as give 36 steps, but at least 3, if left out.") { Minimum = 1 },
            new("refit", OptionKind.Text, "Refits within the inner walk-forward: never (one fit, then conditioning) or every:K folds.", "never"),
        ],
        Create);

    /// <summary>The word of a combination in model strings.</summary>
    internal static string Word(Combination combination) => Array.Find(Methods, m => m.Combination == combination).Word;

    private static EnsembleForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(1);
        var names = arguments.Spec.Arguments.Count == 1 ? arguments.Spec.Arguments[0] : [];
        if (names.Count == 0) throw arguments.Invalid("the models are missing");
        var method = arguments.Choice("method");
        if (!Nested.TryRefit(arguments.Spec.Options.GetValueOrDefault("refit"), out var every)) throw arguments.Invalid("refit: write never or every:K", "refit");
        var options = new EnsembleOptions
        {
            Combination = method is null ? Combination.Mean : Array.Find(Methods, m => string.Equals(m.Word, method, StringComparison.Ordinal)).Combination,
            Folds = arguments.Integer("folds", 1),
            RefitEvery = every,
        };
        return new EnsembleForecaster([.. names.Select(arguments.Inner)], options.Validated(), arguments.Spec.Text);
    }
}
