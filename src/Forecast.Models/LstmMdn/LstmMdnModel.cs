using Forecast.Models.Catalogue;

namespace Forecast.Models.LstmMdn;

/// <summary>How the catalogue writes and makes <see cref="LstmMdnForecaster"/>.</summary>
public static class LstmMdnModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "lstm-mdn",
        "Recurrent network (LSTM) whose output is a mixture of k normal laws: Value-at-Risk and expected shortfall of returns; needs the tensor engine.",
        "lstm-mdn(k){preset: herrig|robust, regularise, volatility: none|ewma|garch|gjr|mixed, unknown, lookback, hidden, dense, epochs, batch, learning_rate, weight_decay, patience, validation, refit, seeds, paths}",
        "lstm-mdn(2){preset: robust, seeds: 2, epochs: 2, batch: 64, paths: 1000}",
        [
            new OptionSchema("preset", OptionKind.Choice, "The published settings (Herrig 2025), or scaled returns, a start at a fitted mixture, several seeds and a later validation span.", "herrig") { Choices = ["herrig", "robust"] },
            new OptionSchema("regularise", OptionKind.Number, "Weight of the sum of squared mixture logits of a batch in its loss; published: 0.1.", "0") { Minimum = 0 },
            new OptionSchema("volatility", OptionKind.Choice, "What returns are divided by; mixed: networks take turns with gjr, ewma and garch; left out: none for herrig, mixed for robust.") { Choices = ["none", "ewma", "garch", "gjr", "mixed"] },
            new OptionSchema("unknown", OptionKind.Number, "Weight of a normal law of three times the deviation that is mixed in, for days of a kind that the past has not shown; left out: 0 for herrig, 0.0075 for robust.") { Minimum = 0, Maximum = 0.5 },
            new OptionSchema("lookback", OptionKind.Integer, "Returns that the network reads.", "10") { Minimum = 1, Maximum = 1000 },
            new OptionSchema("hidden", OptionKind.Integer, "Size of the recurrent state; left out: 6 for herrig, 8 for robust.") { Minimum = 1, Maximum = 1000 },
            new OptionSchema("dense", OptionKind.Integer, "Units of the rectified layer after it, 0 = none; left out: 10 for herrig, none for robust.") { Minimum = 0, Maximum = 1000 },
            new OptionSchema("epochs", OptionKind.Integer, "Passes at most; left out: 100 for herrig, 30 for robust.") { Minimum = 1 },
            new OptionSchema("batch", OptionKind.Integer, "Windows a step of the optimiser sees; left out: 32 for herrig, 512 for robust.") { Minimum = 1 },
            new OptionSchema("learning_rate", OptionKind.Number, "Highest learning rate; left out: 0.001 for herrig, 0.003 for robust.") { Minimum = 0, Maximum = 1 },
            new OptionSchema("weight_decay", OptionKind.Number, "Decoupled weight decay; left out: 0 for herrig (Adam), 0.01 for robust.") { Minimum = 0, Maximum = 1 },
            new OptionSchema("patience", OptionKind.Integer, "Epochs without a lower loss after which training ends.", "5") { Minimum = 1 },
            new OptionSchema("validation", OptionKind.Number, "Share of the windows, the latest, kept apart; left out: 0.1 for herrig, 0.2 for robust.") { Minimum = 0, Maximum = 0.5 },
            new OptionSchema("refit", OptionKind.Boolean, "Whether it is trained again on all windows for the number of epochs that was best; left out: robust only."),
            new OptionSchema("seeds", OptionKind.Integer, "Networks from seeds of their own, whose mixtures are mixed; left out: 1 for herrig, 6 for robust.") { Minimum = 1, Maximum = 100 },
            new OptionSchema("paths", OptionKind.Integer, "Simulated futures behind the steps after the first.", "5000") { Minimum = 100, Maximum = 1_000_000 },
        ],
        Create);

    private static LstmMdnForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(1);
        var preset = string.Equals(arguments.Choice("preset"), "robust", StringComparison.Ordinal) ? LstmMdnOptions.Robust : LstmMdnOptions.Herrig;
        var scales = arguments.Choice("volatility") switch
        {
            null => preset.Scales,
            "mixed" => LstmMdnOptions.Mixed,
            var word => [Enum.Parse<VolatilityScale>(word, ignoreCase: true)],
        };
        return new LstmMdnForecaster(
            preset with
            {
                Components = arguments.Integers(0, 1, "k")?[0] ?? preset.Components,
                Regularise = arguments.Number("regularise") ?? preset.Regularise,
                Scales = scales,
                Unknown = arguments.Number("unknown") ?? preset.Unknown,
                Lookback = arguments.Integer("lookback") ?? preset.Lookback,
                Hidden = arguments.Integer("hidden") ?? preset.Hidden,
                Dense = arguments.Integer("dense") ?? preset.Dense,
                Validation = arguments.Number("validation") ?? preset.Validation,
                Refit = arguments.Boolean("refit") ?? preset.Refit,
                Seeds = arguments.Integer("seeds") ?? preset.Seeds,
                Paths = arguments.Integer("paths") ?? preset.Paths,
                Training = preset.Training with
                {
                    Epochs = arguments.Integer("epochs") ?? preset.Training.Epochs,
                    BatchSize = arguments.Integer("batch") ?? preset.Training.BatchSize,
                    LearningRate = arguments.Number("learning_rate") ?? preset.Training.LearningRate,
                    WeightDecay = arguments.Number("weight_decay") ?? preset.Training.WeightDecay,
                    Patience = arguments.Integer("patience") ?? preset.Training.Patience,
                },
            },
            arguments.Spec.Text);
    }
}
