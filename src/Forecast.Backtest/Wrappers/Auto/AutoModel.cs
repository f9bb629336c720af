using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>How the catalogue writes and makes <see cref="AutoForecaster"/>.</summary>
public static class AutoModel
{
    /// <summary>Fast classical models that need no option; those that cannot work on a series drop out there.</summary>
    private static readonly string[] DefaultCandidates = ["naive", "seasonal-naive", "drift", "theta", "auto-ets", "auto-arima"];

    public static ModelDescriptor Descriptor { get; } = new(
        "auto",
        "For each series the few candidates, and options, that did best in an inner walk-forward, weighted by how well they did.",
        "auto(model, model, ..){metric: mae|rmse|smape|pinball, keep: n, folds: n, refit: never|every:K}",
        "auto(naive, theta, linear-ar(7|14))",
        [
            new("metric", OptionKind.Choice, "Loss in the inner walk-forward; pinball is averaged over the levels asked for.", "mae") { Choices = ["mae", "rmse", "smape", "pinball"] },
            new("keep", OptionKind.Integer, "Candidates kept, the best ones; each weighs 1 / loss^2. 1 takes the best alone.", "4") { Minimum = 1 },
            new("folds", OptionKind.Integer, "Inner folds at most; as many as give 36 steps, but at least 3, if left out.") { Minimum = 1 },
            new("refit", OptionKind.Text, "Refits within the inner walk-forward: never (one fit, then conditioning) or every:K folds.", "never"),
        ],
        Create);

    private static AutoForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(1);
        var written = arguments.Spec.Arguments.Count == 1 ? arguments.Spec.Arguments[0] : [];
        if (!Nested.TryRefit(arguments.Spec.Options.GetValueOrDefault("refit"), out var every)) throw arguments.Invalid("refit: write never or every:K", "refit");
        var options = new AutoOptions
        {
            Metric = Enum.Parse<ChoiceMetric>(arguments.Choice("metric") ?? "mae", ignoreCase: true),
            Keep = arguments.Integer("keep", 1) ?? AutoOptions.DefaultKeep,
            Folds = arguments.Integer("folds", 1),
            RefitEvery = every,
        };
        IForecaster[] candidates = [.. (written.Count > 0 ? written : DefaultCandidates).SelectMany(CandidateGrid.Expand).Distinct(StringComparer.Ordinal).Select(arguments.Inner)];
        return candidates.Length <= CandidateGrid.MaxCandidates
            ? new AutoForecaster(candidates, options.Validated(), arguments.Spec.Text)
            : throw arguments.Invalid($"stands for {candidates.Length} candidates; at most {CandidateGrid.MaxCandidates} are tried");
    }
}
