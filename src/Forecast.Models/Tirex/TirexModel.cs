using Forecast.Models.Catalogue;

namespace Forecast.Models.Tirex;

/// <summary>How the catalogue writes and makes <see cref="TirexForecaster"/>.</summary>
public static class TirexModel
{
    private static readonly TirexOptions Defaults = new();

    public static ModelDescriptor Descriptor { get; } = new(
        "tirex",
        "TiRex: zero-shot quantile forecasts from published sLSTM weights, with gaps, at any horizon; needs the tensor engine.",
        "tirex{weights: DIR|OWNER/NAME|random, precision: float32|bfloat16, patches: R, batch: B}",
        "tirex{weights: random, width: 32, blocks: 1, context: 64}",
        [
            new OptionSchema("weights", OptionKind.Weights, "A folder with model.ckpt, a published model that was fetched with forecast pull, or random: weights that were never trained and forecast the mean, for timing.", Defaults.Weights) { Choices = [TirexOptions.Untrained] },
            new OptionSchema("precision", OptionKind.Choice, "Precision of the network: bfloat16 on CUDA multiplies matrices in bfloat16 and sums in float32, on the CPU it rounds recurrences as the published cell does.", "float32") { Choices = ["float32", "bfloat16"] },
            new OptionSchema("patches", OptionKind.Integer, "Patches that one pass forecasts at most; more are faster at long horizons and less exact.", "1") { Minimum = 1 },
            new OptionSchema("batch", OptionKind.Integer, "Series that are worked on together; bounds the memory.", "256") { Minimum = 1 },
            new OptionSchema("width", OptionKind.Integer, "Width of an untrained network, a multiple of 4.", "512") { Minimum = 4, Maximum = 4096 },
            new OptionSchema("blocks", OptionKind.Integer, "Blocks of an untrained network.", "12") { Minimum = 1, Maximum = 96 },
            new OptionSchema("context", OptionKind.Integer, "Rows that an untrained network reads, a multiple of 32.", "2048") { Minimum = 32, Maximum = 65536 },
        ],
        arguments =>
        {
            arguments.Allow(0);
            var options = Defaults with
            {
                Weights = arguments.Spec.Options.GetValueOrDefault("weights", Defaults.Weights),
                Precision = string.Equals(arguments.Choice("precision"), "bfloat16", StringComparison.Ordinal) ? TirexPrecision.BFloat16 : TirexPrecision.Float32,
                PatchesPerPass = arguments.Integer("patches") ?? Defaults.PatchesPerPass,
                Batch = arguments.Integer("batch") ?? Defaults.Batch,
            };
            var (width, blocks, context) = (arguments.Integer("width"), arguments.Integer("blocks"), arguments.Integer("context"));
            var shape = options.Shape with { Width = width ?? options.Shape.Width, Blocks = blocks ?? options.Shape.Blocks, ContextLength = context ?? options.Shape.ContextLength };
            var untrained = string.Equals(options.Weights, TirexOptions.Untrained, StringComparison.OrdinalIgnoreCase);
            if (!untrained && (width ?? blocks ?? context) is not null) throw arguments.Invalid("width, blocks and context are those of the weights; they can be chosen with weights: random only", "width");
            if (shape.Width % shape.Heads != 0) throw arguments.Invalid($"width {shape.Width} is no multiple of {shape.Heads}", "width");
            if (shape.ContextLength % shape.Patch != 0) throw arguments.Invalid($"context {shape.ContextLength} is no multiple of {shape.Patch}", "context");
            return new TirexForecaster(options with { Shape = shape }, arguments.Spec.Text);
        });
}
