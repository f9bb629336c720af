using Forecast.Models.Catalogue;
using Forecast.Models.Training;

namespace Forecast.Models.Lstm;

/// <summary>How the catalogue writes and makes <see cref="LstmForecaster"/>.</summary>
public static class LstmModel
{
    private static readonly LstmOptions Defaults = new();

    /// <summary>What the window and its reading are.</summary>
    internal static IReadOnlyList<OptionSchema> WindowOptions { get; } =
    [
        new OptionSchema("lookback", OptionKind.Integer, "Rows that the network reads; left out: seven seasons, at least 35, at most a third of the history.") { Minimum = 2 },
        new OptionSchema("patch", OptionKind.Integer, "Rows that one step of the recurrence reads; left out: the season where it divides the look-back, else 1.") { Minimum = 1 },
        new OptionSchema("hidden", OptionKind.Integer, "Size of the state of each layer.", "64") { Minimum = 1 },
    ];

    /// <summary>How it is trained and on what; the same for every recurrence.</summary>
    internal static IReadOnlyList<OptionSchema> TrainingOptions { get; } =
    [
        new OptionSchema("dropout", OptionKind.Number, "Share of units dropped after each layer while training.", "0.1") { Minimum = 0, Maximum = 1 },
        new OptionSchema("epochs", OptionKind.Integer, "Passes at most; early stopping may end them before.", "10") { Minimum = 1 },
        new OptionSchema("steps", OptionKind.Integer, "Steps of the optimiser an epoch at most; an epoch of fewer windows is shorter.", "200") { Minimum = 1 },
        new OptionSchema("batch", OptionKind.Integer, "Windows a step sees.", "64") { Minimum = 1 },
        new OptionSchema("accumulation", OptionKind.Integer, "Batches whose gradients are added up before a step.", "1") { Minimum = 1 },
        new OptionSchema("learning_rate", OptionKind.Number, "Highest learning rate of AdamW.", "0.001") { Minimum = 0, Maximum = 1 },
        new OptionSchema("weight_decay", OptionKind.Number, "Decoupled weight decay of AdamW.", "0.01") { Minimum = 0, Maximum = 1 },
        new OptionSchema("clip", OptionKind.Number, "Largest norm of the gradient.", "1") { Minimum = 0 },
        new OptionSchema("schedule", OptionKind.Choice, "Learning rate over the training: warm-up and half a cosine, or constant.", "cosine") { Choices = ["cosine", "constant"] },
        new OptionSchema("patience", OptionKind.Integer, "Epochs without a better validation loss after which training ends.", "3") { Minimum = 1 },
        new OptionSchema("validation", OptionKind.Number, "Share of the target rows, the latest, that early stopping looks at; 0 = none.", "0.15") { Minimum = 0, Maximum = 0.5 },
        new OptionSchema("refit", OptionKind.Boolean, "Whether it is trained again on all windows, the validation span among them, for the number of epochs that was best.", "true"),
        new OptionSchema("seeds", OptionKind.Integer, "Networks trained from seeds of their own, whose quantiles are averaged.", "1") { Minimum = 1 },
        new OptionSchema("precision", OptionKind.Choice, "Matrix products while training on a GPU; on the processor always float32.", "float32") { Choices = ["float32", "bfloat16"] },
        new OptionSchema("past", OptionKind.Text, "Past covariates that are read: [a, b]; none if left out."),
        new OptionSchema("future", OptionKind.Text, "Known-future covariates that are read: [a, b]; none if left out."),
        new OptionSchema("calendar", OptionKind.Boolean, "Whether time of day, day of the week and day of the year are read.", "false"),
    ];

    internal const string TrainingUsage = "dropout, epochs, steps, batch, learning_rate, weight_decay, clip, schedule, patience, validation, refit, seeds, precision, past: [a], future: [b], calendar";

    public static ModelDescriptor Descriptor { get; } = new(
        "lstm",
        "Recurrent network (LSTM) for the whole panel: scaled look-backs, a linear skip, quantiles that cannot cross; needs the tensor engine.",
        $"lstm{{lookback, patch, hidden, layers, {TrainingUsage}}}",
        "lstm{hidden: 8, epochs: 2, steps: 5, batch: 16}",
        [
            .. WindowOptions,
            new OptionSchema("layers", OptionKind.Integer, "Recurrent layers.", "2") { Minimum = 1 },
            .. TrainingOptions,
        ],
        arguments => new LstmForecaster(Read(arguments) with { Layers = arguments.Integer("layers") ?? Defaults.Layers }, arguments.Spec.Text));

    /// <summary>What the options say, all but the recurrence.</summary>
    internal static LstmOptions Read(ModelArguments arguments)
    {
        arguments.Allow(0);
        var training = Defaults.Training;
        return new LstmOptions
        {
            Lookback = arguments.Integer("lookback"),
            Patch = arguments.Integer("patch"),
            Hidden = arguments.Integer("hidden") ?? Defaults.Hidden,
            Dropout = arguments.Number("dropout") ?? Defaults.Dropout,
            Seeds = arguments.Integer("seeds") ?? Defaults.Seeds,
            Validation = arguments.Number("validation") ?? Defaults.Validation,
            Refit = arguments.Boolean("refit") ?? Defaults.Refit,
            Features = new PanelFeatures(Names(arguments, "past"), Names(arguments, "future"), arguments.Boolean("calendar") ?? false),
            Training = training with
            {
                Epochs = arguments.Integer("epochs") ?? training.Epochs,
                StepsPerEpoch = arguments.Integer("steps") ?? training.StepsPerEpoch,
                BatchSize = arguments.Integer("batch") ?? training.BatchSize,
                Accumulation = arguments.Integer("accumulation") ?? training.Accumulation,
                LearningRate = arguments.Number("learning_rate") ?? training.LearningRate,
                WeightDecay = arguments.Number("weight_decay") ?? training.WeightDecay,
                ClipNorm = arguments.Number("clip") ?? training.ClipNorm,
                Schedule = string.Equals(arguments.Choice("schedule"), "constant", StringComparison.Ordinal) ? LearningRateSchedule.Constant : LearningRateSchedule.Cosine,
                Precision = string.Equals(arguments.Choice("precision"), "bfloat16", StringComparison.Ordinal) ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
                Patience = arguments.Integer("patience") ?? training.Patience,
            },
        };
    }

    private static string[] Names(ModelArguments arguments, string option)
    {
        if (!arguments.Spec.Options.TryGetValue(option, out var text)) return [];
        var inside = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        var names = inside.Split(',', StringSplitOptions.TrimEntries);
        return Array.Exists(names, n => n.Length == 0) ? throw arguments.Invalid($"{option}: '{text}' has an empty place", option) : names;
    }
}
