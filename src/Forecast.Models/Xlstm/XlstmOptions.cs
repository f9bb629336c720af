using Forecast.Core;

namespace Forecast.Models.Xlstm;

/// <summary>The recurrence of an <c>xlstm</c>: a stack of residual blocks where an <c>lstm</c> has its layers.</summary>
public sealed record XlstmOptions
{
    /// <summary>Residual blocks.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>
    /// Places of the sLSTM blocks, from 0; the others are mLSTM blocks. One of each by default: sLSTM mixes its memory from step to step
    /// and tracks states, mLSTM stores and looks up (Beck et al. 2024).
    /// </summary>
    public IReadOnlyList<int> SlstmAt { get; init; } = [1];

    /// <summary>The xLSTM-large form: mLSTM blocks without convolution, each with a feed-forward layer, soft-capped gates (Beck et al. 2025).</summary>
    public bool Large { get; init; }

    /// <summary>Heads of every block (published default).</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Steps that the convolution before the gates sees (published default).</summary>
    public int Convolution { get; init; } = 4;

    /// <param name="width">Width of the stack.</param>
    /// <exception cref="ForecastException">An option out of its range, or a width that the heads do not divide.</exception>
    public XlstmOptions Validated(int width)
    {
        Least(Blocks, "blocks");
        Least(Heads, "heads");
        Least(Convolution, "convolution");
        foreach (var place in SlstmAt)
        {
            if (place < 0 || place >= Blocks) throw new ForecastException("slstm-invalid", $"slstm names block {place}; with {Blocks} blocks they are 0 to {Blocks - 1}", "slstm");
        }

        if (Large && SlstmAt.Count > 0) throw new ForecastException("slstm-invalid", "the large form has mLSTM blocks only; slstm is [] with it", "slstm");
        if (Large && width % (2 * Heads) != 0) throw new ForecastException("heads-invalid", $"heads is {Heads}; twice as many must divide hidden, which is {width}, in the large form", "heads");
        if (width % Heads != 0) throw new ForecastException("heads-invalid", $"heads is {Heads}; it must divide hidden, which is {width}", "heads");
        var inner = Config(width).InnerWidth;
        if (inner % Heads != 0) throw new ForecastException("heads-invalid", $"heads is {Heads}; it must divide {inner}, the width inside mLSTM blocks", "heads");
        return this;

        static void Least(int value, string field)
        {
            if (value < 1) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be at least 1", field);
        }
    }

    /// <summary>The published proportions of the large form.</summary>
    internal XlstmLargeConfig LargeConfig(int width) => new(width, Heads, Blocks, Vocabulary: 0, QueryFactor: 0.5, ValueFactor: 1, FeedForwardFactor: 2.667, GateCap: 15, LogitCap: 30);

    internal XlstmConfig Config(int width) => new()
    {
        Width = width,
        Blocks = Blocks,
        SlstmAt = SlstmAt.ToHashSet(),
        SlstmHeads = Heads,
        MlstmHeads = Heads,
        SlstmConvolution = Convolution,
        MlstmConvolution = Convolution,
    };
}
