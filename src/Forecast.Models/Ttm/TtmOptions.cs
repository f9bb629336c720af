using Forecast.Core;
using Forecast.Models.Training;

namespace Forecast.Models.Ttm;

/// <summary>What of the network learns from the history.</summary>
public enum TtmTuning
{
    /// <summary>Nothing: zero-shot.</summary>
    None,

    /// <summary>The head alone.</summary>
    Head,

    /// <summary>Decoder and head, which the authors do with few data.</summary>
    Decoder,

    All,
}

/// <summary>Which weights a <c>ttm</c> has and how they are fitted further.</summary>
public sealed record TtmOptions
{
    /// <summary>What the authors' toolkit takes on small sets.</summary>
    public const double PublishedHeadDropout = 0.7;

    /// <summary>Chosen on months before any test: the folder's README has the table.</summary>
    public const double PointBlend = 0.75;

    /// <summary>In place of weights: start from random ones.</summary>
    public const string NoWeights = "none";

    /// <summary>A folder, a published model, or <see cref="NoWeights"/>.</summary>
    public string Weights { get; init; } = "ibm-granite/granite-timeseries-ttm-r2";

    public TtmTuning Tune { get; init; }

    /// <summary>Whether a head of quantiles is learned beside the point forecast.</summary>
    public bool Quantiles { get; init; }

    /// <summary>Share of the training windows, the latest, that are learned from.</summary>
    public double Share { get; init; } = 1;

    /// <summary>
    /// Share of the target rows, the latest, that says when to stop; 0 = none. A long span: few windows overfit within an epoch or two,
    /// and a short one does not tell (the published ETT protocol judges by 4 months after 12).
    /// </summary>
    public double Validation { get; init; } = 0.25;

    /// <summary>Dropout before the head while training; null = <see cref="PublishedHeadDropout"/> on published weights, the configuration's without.</summary>
    public double? HeadDropout { get; init; }

    /// <summary>
    /// How far the weights end on the way from the published ones (0) to the fitted ones (1): few windows pull a network to their own
    /// season, and what both ends know survives between them (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    /// Null = <see cref="PointBlend"/> for point forecasts on published weights, else 1.
    /// </summary>
    public double? Blend { get; init; }

    /// <summary>Rows that a network without weights reads; null = <see cref="Lookback.Choose"/>.</summary>
    public int? Context { get; init; }

    /// <summary>Width of a network without weights.</summary>
    public int Width { get; init; } = 32;

    /// <summary>
    /// The recipe of the authors' toolkit (granite-tsfm): AdamW at 1e-3 under one cycle over 50 epochs, patience 10, the best epoch kept,
    /// none included; its batches of 64 instants are some 500 windows where there are 7 series, and smaller ones overfitted sooner. How
    /// it was chosen stands in the folder's README.
    /// </summary>
    public TrainerOptions Training { get; init; } = new() { Epochs = 50, StepsPerEpoch = 50, BatchSize = 512, Patience = 10, Schedule = LearningRateSchedule.OneCycle };

    /// <exception cref="ForecastException">An option out of its range, or two that contradict one another.</exception>
    public TtmOptions Validated()
    {
        var none = string.Equals(Weights, NoWeights, StringComparison.OrdinalIgnoreCase);
        if (none && Tune != TtmTuning.All) throw new ForecastException("tune-invalid", "without weights the whole network has to learn: weights: none needs tune: all", "tune");
        if (Quantiles && Tune == TtmTuning.None) throw new ForecastException("tune-invalid", "quantiles are learned: quantiles: true needs tune: head, decoder or all; conformal(ttm) puts intervals around zero-shot forecasts", "tune");
        if (!(Share > 0 && Share <= 1)) throw new ForecastException("share-invalid", $"share is {Share}; it must be above 0 and at most 1", "share");
        if (!(Validation >= 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be between 0 and 0.5", "validation");
        if (HeadDropout is { } dropout && !(dropout >= 0 && dropout < 1)) throw new ForecastException("dropout-invalid", $"head_dropout is {dropout}; it must be at least 0 and below 1", "head_dropout");
        if (Blend is { } blend && !(blend > 0 && blend <= 1)) throw new ForecastException("blend-invalid", $"blend is {blend}; it must be above 0 and at most 1", "blend");
        if (none && Blend is < 1) throw new ForecastException("blend-invalid", $"blend is {Blend}; without weights there is nothing to blend the fitted ones with", "blend");
        if (Context is < 2) throw new ForecastException("context-invalid", $"context is {Context}; it must be at least 2", "context");
        if (Width < 2) throw new ForecastException("width-invalid", $"width is {Width}; it must be at least 2", "width");
        if (!none && Context is not null) throw new ForecastException("context-invalid", "published weights have a context of their own; context is for weights: none", "context");
        Training.Validated();
        return none ? this with { Weights = NoWeights } : this;
    }

    internal double EffectiveBlend => Blend ?? (FromScratch || Quantiles ? 1 : PointBlend);

    internal bool FromScratch => string.Equals(Weights, NoWeights, StringComparison.Ordinal);
}
