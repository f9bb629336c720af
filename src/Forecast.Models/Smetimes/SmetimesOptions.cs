using Forecast.Core;
using Forecast.Models.Training;

namespace Forecast.Models.Smetimes;

/// <summary>Which member of the family.</summary>
public enum SmetimesPreset
{
    /// <summary>Prompts, fusion gate, experts, frozen language model (Fan et al. 2025).</summary>
    Smetimes,

    /// <summary>Its ancestor: segments through the frozen language model, without prompts and experts (Liu et al. 2024).</summary>
    AutoTimes,

    /// <summary>As <see cref="Smetimes"/>, with one trained layer of attention where the language model stands, and so without prompts.</summary>
    NoLanguage,
}

/// <summary>What a <c>smetimes</c> reads and how it is trained.</summary>
public sealed record SmetimesOptions
{
    /// <summary>The language model that ships.</summary>
    public const string ShippedWeights = "stories260K";

    public SmetimesPreset Preset { get; init; }

    /// <summary>The frozen language model: a shipped name, a folder in the Hugging Face layout, or OWNER/NAME.</summary>
    public string Weights { get; init; } = ShippedWeights;

    /// <summary>Segments in a window, 7 as published (672 rows of 96).</summary>
    public int Segments { get; init; } = 7;

    /// <summary>Rows in a segment; null = the look-back of <see cref="Lookback.Choose"/> over <see cref="Segments"/>.</summary>
    public int? Segment { get; init; }

    /// <summary>Null = <see cref="PromptKind.Full"/> for <see cref="SmetimesPreset.Smetimes"/>, else none.</summary>
    public PromptKind? Prompts { get; init; }

    /// <summary>Experts on what the language model gives; null = 4, none for <see cref="SmetimesPreset.AutoTimes"/>.</summary>
    public int? Experts { get; init; }

    /// <summary>Layers of the maps from segments and to them; below 2 each is one linear map.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width between those layers.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Dropout between those layers. This and their number were chosen on ETTh1's validation months: benchmarks/smetimes.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Width of the layer that stands for a language model.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Share of the target rows, the latest, that says when to stop and how wide intervals are.</summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>Rows between two windows; null = as few as leave at most <see cref="MostPrompts"/> segments to be put into words.</summary>
    public int? Stride { get; init; }

    /// <summary>Whether the frozen language model is kept and run in bfloat16; on a processor it never is.</summary>
    public bool HalfPrecision { get; init; }

    public TrainerOptions Training { get; init; } = new() { Epochs = 20, StepsPerEpoch = 50, BatchSize = 64, Patience = 4, WeightDecay = 0 };

    /// <summary>Segments put into words by the default stride: some seconds of a processor with the language model that ships.</summary>
    internal const int MostPrompts = 4096;

    internal const int DefaultExperts = 4;

    internal bool HasLanguage => Preset != SmetimesPreset.NoLanguage;

    internal PromptKind EffectivePrompts => Prompts ?? (Preset == SmetimesPreset.Smetimes ? PromptKind.Full : PromptKind.None);

    internal int EffectiveExperts => Experts ?? (Preset == SmetimesPreset.AutoTimes ? 0 : DefaultExperts);

    /// <exception cref="ForecastException">An option out of its range, or two that contradict one another.</exception>
    public SmetimesOptions Validated()
    {
        if (EffectivePrompts != PromptKind.None && !HasLanguage) throw new ForecastException("prompts-invalid", "prompts are read by a language model, and preset no-llm has none", "prompts");
        Least(Segments, 1, "segments");
        Least(Segment ?? 1, 1, "segment");
        Least(Experts ?? 0, 0, "experts");
        Least(Layers, 0, "layers");
        Least(Hidden, 1, "hidden");
        Least(Stride ?? 1, 1, "stride");
        if (Width < 8 || Width % 8 != 0) throw new ForecastException("width-invalid", $"width is {Width}; it must be a multiple of 8", "width");
        if (!(Dropout >= 0 && Dropout < 1)) throw new ForecastException("dropout-invalid", $"dropout is {Dropout}; it must be at least 0 and below 1", "dropout");
        if (!(Validation >= 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be between 0 and 0.5", "validation");
        Training.Validated();
        return this;

        static void Least(int value, int least, string field)
        {
            if (value < least) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be at least {least}", field);
        }
    }
}
