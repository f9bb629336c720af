using Forecast.Models.Catalogue;
using Forecast.Models.Training;

namespace Forecast.Models.Ttm;

/// <summary>How the catalogue writes and makes <see cref="TtmForecaster"/>.</summary>
public static class TtmModel
{
    private static readonly TtmOptions Defaults = new();

    public static ModelDescriptor Descriptor { get; } = new(
        "ttm",
        "Tiny Time Mixer: zero-shot point forecasts from published weights, fitted further on the panel, or trained from nothing; needs the tensor engine.",
        "ttm{weights: DIR|OWNER/NAME|none, tune: none|head|decoder|all, quantiles, share, validation, head_dropout, blend, epochs, steps, batch, learning_rate, weight_decay, clip, patience, precision, context, width}",
        "ttm{weights: none, tune: all, quantiles: true, width: 8, epochs: 2, steps: 5, batch: 16}",
        [
            new OptionSchema("weights", OptionKind.Weights, "A folder with config.json and weights, a published model that was fetched with forecast pull, or none to start from random weights.", Defaults.Weights) { Choices = [TtmOptions.NoWeights] },
            new OptionSchema("tune", OptionKind.Choice, "What learns from the history: nothing (zero-shot), the head, decoder and head, or all.", "none") { Choices = ["none", "head", "decoder", "all"] },
            new OptionSchema("quantiles", OptionKind.Boolean, "Whether a head of quantiles is learned, too; without it there are point forecasts only.", "false"),
            new OptionSchema("share", OptionKind.Number, "Share of the training windows, the latest, that are learned from; 0.05 is few-shot.", "1") { Minimum = 0, Maximum = 1 },
            new OptionSchema("validation", OptionKind.Number, "Share of the target rows, the latest, that early stopping looks at; 0 = none.", "0.25") { Minimum = 0, Maximum = 0.5 },
            new OptionSchema("head_dropout", OptionKind.Number, "Share of features dropped before the head while training; left out: 0.7 on published weights, as the authors do on small sets, else the configuration's.") { Minimum = 0, Maximum = 1 },
            new OptionSchema("blend", OptionKind.Number, "How far the weights end on the way from the published (0) to the fitted ones (1); left out: 0.75 for point forecasts on published weights, else 1.") { Minimum = 0, Maximum = 1 },
            new OptionSchema("epochs", OptionKind.Integer, "Passes at most; early stopping may end them before.", "50") { Minimum = 1 },
            new OptionSchema("steps", OptionKind.Integer, "Steps of the optimiser an epoch at most.", "50") { Minimum = 1 },
            new OptionSchema("batch", OptionKind.Integer, "Windows a step sees.", "512") { Minimum = 1 },
            new OptionSchema("learning_rate", OptionKind.Number, "Highest learning rate of AdamW, in one cycle from a 25th of it.", "0.001") { Minimum = 0, Maximum = 1 },
            new OptionSchema("weight_decay", OptionKind.Number, "Decoupled weight decay of AdamW.", "0.01") { Minimum = 0, Maximum = 1 },
            new OptionSchema("clip", OptionKind.Number, "Largest norm of the gradient.", "1") { Minimum = 0 },
            new OptionSchema("patience", OptionKind.Integer, "Epochs without a better validation loss after which training ends.", "10") { Minimum = 1 },
            new OptionSchema("precision", OptionKind.Choice, "Matrix products while training on a GPU; on the processor always float32.", "float32") { Choices = ["float32", "bfloat16"] },
            new OptionSchema("context", OptionKind.Integer, "Rows that a network without weights reads; left out: seven seasons, at least 35, at most a third of the history.") { Minimum = 2 },
            new OptionSchema("width", OptionKind.Integer, "Width of a network without weights.", "32") { Minimum = 2 },
        ],
        arguments =>
        {
            arguments.Allow(0);
            var training = Defaults.Training;
            return new TtmForecaster(
                new TtmOptions
                {
                    Weights = arguments.Spec.Options.GetValueOrDefault("weights", Defaults.Weights),
                    Tune = arguments.Choice("tune") switch { "head" => TtmTuning.Head, "decoder" => TtmTuning.Decoder, "all" => TtmTuning.All, _ => TtmTuning.None },
                    Quantiles = arguments.Boolean("quantiles") ?? Defaults.Quantiles,
                    Share = arguments.Number("share") ?? Defaults.Share,
                    Validation = arguments.Number("validation") ?? Defaults.Validation,
                    HeadDropout = arguments.Number("head_dropout"),
                    Blend = arguments.Number("blend"),
                    Context = arguments.Integer("context"),
                    Width = arguments.Integer("width") ?? Defaults.Width,
                    Training = training with
                    {
                        Epochs = arguments.Integer("epochs") ?? training.Epochs,
                        StepsPerEpoch = arguments.Integer("steps") ?? training.StepsPerEpoch,
                        BatchSize = arguments.Integer("batch") ?? training.BatchSize,
                        LearningRate = arguments.Number("learning_rate") ?? training.LearningRate,
                        WeightDecay = arguments.Number("weight_decay") ?? training.WeightDecay,
                        ClipNorm = arguments.Number("clip") ?? training.ClipNorm,
                        Patience = arguments.Integer("patience") ?? training.Patience,
                        Precision = string.Equals(arguments.Choice("precision"), "bfloat16", StringComparison.Ordinal) ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
                    },
                },
                arguments.Spec.Text);
        });
}
