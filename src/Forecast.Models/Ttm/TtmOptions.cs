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
    /// <summary>In place of weights: start from random ones.</summary>
    public const string NoWeights = "none";

    /// <summary>A folder, a published model, or <see cref="NoWeights"/>.</summary>
    public string Weights { get; init; } = "ibm-granite/granite-timeseries-ttm-r2";

    public TtmTuning Tune { get; init; }

    /// <summary>Whether a head of quantiles is learned beside the point forecast.</summary>
    public bool Quantiles { get; init; }

    /// <summary>Share of the training windows, the latest, that are learned from.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Share of the target rows, the latest, that says when to stop; 0 = none.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>Dropout before the head while training; null = the configuration's. The authors take 0.7 on small sets.</summary>
    public double? HeadDropout { get; init; }

    /// <summary>Rows that a network without weights reads; null = <see cref="Lookback.Choose"/>.</summary>
    public int? Context { get; init; }

    /// <summary>Width of a network without weights.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Steps of 64 windows; patience is the authors'.</summary>
    public TrainerOptions Training { get; init; } = new() { Epochs = 20, StepsPerEpoch = 200, Patience = 10 };

    /// <exception cref="ForecastException">An option out of its range, or two that contradict one another.</exception>
    public TtmOptions Validated()
    {
        var none = string.Equals(Weights, NoWeights, StringComparison.OrdinalIgnoreCase);
        if (none && Tune != TtmTuning.All) throw new ForecastException("tune-invalid", "without weights the whole network has to learn: weights: none needs tune: all", "tune");
        if (Quantiles && Tune == TtmTuning.None) throw new ForecastException("tune-invalid", "quantiles are learned: quantiles: true needs tune: head, decoder or all; conformal(ttm) puts intervals around zero-shot forecasts", "tune");
        if (!(Share > 0 && Share <= 1)) throw new ForecastException("share-invalid", $"share is {Share}; it must be above 0 and at most 1", "share");
        if (!(Validation >= 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be between 0 and 0.5", "validation");
        if (HeadDropout is { } dropout && !(dropout >= 0 && dropout < 1)) throw new ForecastException("dropout-invalid", $"head_dropout is {dropout}; it must be at least 0 and below 1", "head_dropout");
        if (Context is < 2) throw new ForecastException("context-invalid", $"context is {Context}; it must be at least 2", "context");
        if (Width < 2) throw new ForecastException("width-invalid", $"width is {Width}; it must be at least 2", "width");
        if (!none && Context is not null) throw new ForecastException("context-invalid", "published weights have a context of their own; context is for weights: none", "context");
        Training.Validated();
        return none ? this with { Weights = NoWeights } : this;
    }

    internal bool FromScratch => string.Equals(Weights, NoWeights, StringComparison.Ordinal);
}
