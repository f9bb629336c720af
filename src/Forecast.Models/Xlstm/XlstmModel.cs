using System.Globalization;
using Forecast.Models.Catalogue;
using Forecast.Models.Lstm;

namespace Forecast.Models.Xlstm;

/// <summary>How the catalogue writes and makes an <c>xlstm</c>: the panel network of <c>lstm</c> with a stack of xLSTM blocks as its recurrence.</summary>
public static class XlstmModel
{
    private static readonly XlstmOptions Defaults = new();

    public static ModelDescriptor Descriptor { get; } = new(
        "xlstm",
        "xLSTM blocks (sLSTM and mLSTM) for the whole panel: scaled look-backs, a linear skip, quantiles that cannot cross; needs the tensor engine.",
        $"xlstm{{lookback, patch, hidden, form: blocks|large, blocks, slstm: [1], heads, convolution, {LstmModel.TrainingUsage}}}",
        "xlstm{hidden: 8, blocks: 2, heads: 2, epochs: 2, steps: 5, batch: 16}",
        [
            .. LstmModel.WindowOptions,
            new OptionSchema("form", OptionKind.Choice, "blocks: as first published; large: mLSTM blocks without convolution, with soft-capped gates and a feed-forward layer each.", "blocks") { Choices = ["blocks", "large"] },
            new OptionSchema("blocks", OptionKind.Integer, "Residual blocks.", "2") { Minimum = 1 },
            new OptionSchema("slstm", OptionKind.Text, "Places of the sLSTM blocks, from 0, as [0, 2]; [] = none, as always in the large form. The others are mLSTM blocks.", "[1]"),
            new OptionSchema("heads", OptionKind.Integer, "Heads of every block; they divide hidden.", "4") { Minimum = 1 },
            new OptionSchema("convolution", OptionKind.Integer, "Steps that the convolution before the gates sees.", "4") { Minimum = 1 },
            .. LstmModel.TrainingOptions,
        ],
        arguments =>
        {
            var blocks = arguments.Integer("blocks") ?? Defaults.Blocks;
            var large = string.Equals(arguments.Choice("form"), "large", StringComparison.Ordinal);
            if (large && arguments.Integer("convolution") is not null) throw arguments.Invalid("the large form has no convolution", "convolution");
            var stack = new XlstmOptions
            {
                Large = large,
                Blocks = blocks,
                SlstmAt = Places(arguments) ?? (large ? [] : [.. Defaults.SlstmAt.Where(p => p < blocks)]),
                Heads = arguments.Integer("heads") ?? Defaults.Heads,
                Convolution = arguments.Integer("convolution") ?? Defaults.Convolution,
            };
            return new LstmForecaster(LstmModel.Read(arguments) with { Layers = blocks, Stack = stack }, arguments.Spec.Text);
        });

    private static int[]? Places(ModelArguments arguments)
    {
        if (!arguments.Spec.Options.TryGetValue("slstm", out var text)) return null;
        var inside = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (string.IsNullOrWhiteSpace(inside)) return [];
        return [.. inside.Split(',', StringSplitOptions.TrimEntries).Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw arguments.Invalid($"slstm: '{p}' is no place of a block", "slstm"))];
    }
}
