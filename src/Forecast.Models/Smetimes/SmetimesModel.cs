using Forecast.Models.Catalogue;

namespace Forecast.Models.Smetimes;

/// <summary>How the catalogue writes and makes <see cref="SmetimesForecaster"/>.</summary>
public static class SmetimesModel
{
    private static readonly SmetimesOptions Defaults = new();

    public static ModelDescriptor Descriptor { get; } = new(
        "smetimes",
        "Small language model for the whole panel: segments of a series, and words about them, through a frozen language model; needs the tensor engine.",
        "smetimes{preset: smetimes|autotimes|no-llm, weights: stories260K|DIR|OWNER/NAME, segment, segments, prompts: none|published|full, experts, layers, hidden, dropout, width, stride, validation, epochs, steps, batch, learning_rate, weight_decay, clip, patience, precision}",
        "smetimes{segment: 6, segments: 3, prompts: published, epochs: 2, steps: 5, batch: 8, stride: 6}",
        [
            new OptionSchema("preset", OptionKind.Choice, "Everything; its ancestor without prompts and experts; or one layer of attention in place of the language model, which tells what that adds.", "smetimes") { Choices = ["smetimes", "autotimes", "no-llm"] },
            new OptionSchema("weights", OptionKind.Weights, "The frozen language model: stories260K, which ships, a folder with config.json, weights and tokeniser, or a published one that was fetched with forecast pull.", Defaults.Weights) { Choices = [SmetimesOptions.ShippedWeights] },
            new OptionSchema("segment", OptionKind.Integer, "Rows in a segment; left out: seven seasons, at least 35 rows, at most a third of the history, over the number of segments.") { Minimum = 1 },
            new OptionSchema("segments", OptionKind.Integer, "Segments in a window.", "7") { Minimum = 1 },
            new OptionSchema("prompts", OptionKind.Choice, "What is said in words about each segment; left out: full for preset smetimes, else none.") { Choices = ["none", "published", "full"] },
            new OptionSchema("experts", OptionKind.Integer, "Maps that share what the language model gives; left out: 4, none for preset autotimes.") { Minimum = 0 },
            new OptionSchema("layers", OptionKind.Integer, "Layers of the maps from segments and to them; below 2 each is one linear map.", "2") { Minimum = 0 },
            new OptionSchema("hidden", OptionKind.Integer, "Width between those layers.", "64") { Minimum = 1 },
            new OptionSchema("dropout", OptionKind.Number, "Share dropped between those layers while training.", "0.3") { Minimum = 0, Maximum = 1 },
            new OptionSchema("width", OptionKind.Integer, "Width of the layer of preset no-llm, a multiple of 8.", "64") { Minimum = 8 },
            new OptionSchema("stride", OptionKind.Integer, "Rows between two windows that are learned from; left out: 1 without prompts, else as few as leave 4,096 segments to be put into words.") { Minimum = 1 },
            new OptionSchema("validation", OptionKind.Number, "Share of the target rows, the latest, that early stopping and intervals look at; 0 = none.", "0.2") { Minimum = 0, Maximum = 0.5 },
            new OptionSchema("epochs", OptionKind.Integer, "Passes at most; early stopping may end them before.", "20") { Minimum = 1 },
            new OptionSchema("steps", OptionKind.Integer, "Steps of the optimiser an epoch at most.", "50") { Minimum = 1 },
            new OptionSchema("batch", OptionKind.Integer, "Windows a step sees.", "64") { Minimum = 1 },
            new OptionSchema("learning_rate", OptionKind.Number, "Highest learning rate of AdamW.", "0.001") { Minimum = 0, Maximum = 1 },
            new OptionSchema("weight_decay", OptionKind.Number, "Decoupled weight decay of AdamW.", "0") { Minimum = 0, Maximum = 1 },
            new OptionSchema("clip", OptionKind.Number, "Largest norm of the gradient.", "1") { Minimum = 0 },
            new OptionSchema("patience", OptionKind.Integer, "Epochs without a better validation loss after which training ends.", "4") { Minimum = 1 },
            new OptionSchema("precision", OptionKind.Choice, "Weights and products of the frozen language model on a GPU; on the processor always float32.", "float32") { Choices = ["float32", "bfloat16"] },
        ],
        arguments =>
        {
            arguments.Allow(0);
            var training = Defaults.Training;
            return new SmetimesForecaster(
                new SmetimesOptions
                {
                    Preset = arguments.Choice("preset") switch { "autotimes" => SmetimesPreset.AutoTimes, "no-llm" => SmetimesPreset.NoLanguage, _ => SmetimesPreset.Smetimes },
                    Weights = arguments.Spec.Options.GetValueOrDefault("weights", Defaults.Weights),
                    Segment = arguments.Integer("segment"),
                    Segments = arguments.Integer("segments") ?? Defaults.Segments,
                    Prompts = arguments.Choice("prompts") switch { "none" => PromptKind.None, "published" => PromptKind.Published, "full" => PromptKind.Full, _ => null },
                    Experts = arguments.Integer("experts"),
                    Layers = arguments.Integer("layers") ?? Defaults.Layers,
                    Hidden = arguments.Integer("hidden") ?? Defaults.Hidden,
                    Dropout = arguments.Number("dropout") ?? Defaults.Dropout,
                    Width = arguments.Integer("width") ?? Defaults.Width,
                    Stride = arguments.Integer("stride"),
                    Validation = arguments.Number("validation") ?? Defaults.Validation,
                    HalfPrecision = string.Equals(arguments.Choice("precision"), "bfloat16", StringComparison.Ordinal),
                    Training = training with
                    {
                        Epochs = arguments.Integer("epochs") ?? training.Epochs,
                        StepsPerEpoch = arguments.Integer("steps") ?? training.StepsPerEpoch,
                        BatchSize = arguments.Integer("batch") ?? training.BatchSize,
                        LearningRate = arguments.Number("learning_rate") ?? training.LearningRate,
                        WeightDecay = arguments.Number("weight_decay") ?? training.WeightDecay,
                        ClipNorm = arguments.Number("clip") ?? training.ClipNorm,
                        Patience = arguments.Integer("patience") ?? training.Patience,
                    },
                },
                arguments.Spec.Text);
        });
}
