using Forecast.Core;
using Forecast.Models.Training;

namespace Forecast.Models.LstmMdn;

/// <summary>What an <c>lstm-mdn</c> is and how it is trained. <see cref="Herrig"/> and <see cref="Robust"/> are where one starts.</summary>
public sealed record LstmMdnOptions
{
    /// <summary>k, normal laws in the mixture.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Returns of the past that the network reads.</summary>
    public int Lookback { get; init; }

    public int Hidden { get; init; }

    /// <summary>Units of the rectified layer between state and mixture; 0 = none.</summary>
    public int Dense { get; init; }

    /// <summary>Whether the cell has rectifiers instead of hyperbolic tangents.</summary>
    public bool Rectified { get; init; }

    public DeviationLink Link { get; init; }

    /// <summary>What returns are divided by; with several the networks take turns.</summary>
    public IReadOnlyList<VolatilityScale> Scales { get; init; } = [VolatilityScale.None];

    /// <summary>
    /// Weight of a normal law of <see cref="UnknownSpread"/> times the deviation of a network's mixture, about its mean, that is mixed in: days of a kind that
    /// the past has not shown (contamination, Huber 1964).
    /// </summary>
    public double Unknown { get; init; }

    /// <summary>Deviations of the unknown.</summary>
    public const double UnknownSpread = 3;

    /// <summary>Whether training starts at a mixture that was fitted to the returns, and not anywhere.</summary>
    public bool FromMixture { get; init; }

    /// <summary>Weight of the sum of all squared logits in the loss of a batch.</summary>
    public double Regularise { get; init; }

    /// <summary>Networks from seeds of their own; the forecast is the mixture of their mixtures.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Share of the windows, the latest, that are not trained on.</summary>
    public double Validation { get; init; }

    /// <summary>Whether early stopping looks at the windows that are trained on, as published, instead of at the later ones.</summary>
    public bool StopsOnTraining { get; init; }

    /// <summary>Whether a network is trained again on all windows for as many epochs as were best.</summary>
    public bool Refit { get; init; }

    /// <summary>Simulated futures behind the steps after the first.</summary>
    public int Paths { get; init; } = 5_000;

    public TrainerOptions Training { get; init; } = new();

    /// <summary>Scales that networks take turns with: each is wrong in its own way.</summary>
    public static IReadOnlyList<VolatilityScale> Mixed { get; } = [VolatilityScale.Gjr, VolatilityScale.Ewma, VolatilityScale.Garch];

    /// <summary>
    /// The published settings (Herrig 2025, arXiv 2501.01278): the last 10 simple returns, LSTM of 6 and dense layer of 10 with rectifiers, Adam at 0.001 in
    /// batches of 32 (Keras' default), at most 100 epochs, an end after 5 without a lower training loss, the latest tenth of the rows left out.
    /// </summary>
    public static LstmMdnOptions Herrig { get; } = new()
    {
        Lookback = 10,
        Hidden = 6,
        Dense = 10,
        Rectified = true,
        Link = DeviationLink.Elu,
        Validation = 0.1,
        StopsOnTraining = true,
        Training = new TrainerOptions { Epochs = 100, BatchSize = 32, LearningRate = 1e-3, WeightDecay = 0, Schedule = LearningRateSchedule.Constant, Warmup = 0, ClipNorm = 1e6, Patience = 5 },
    };

    /// <summary>What answers the paper's own complaints; how its numbers were chosen is in the folder's README.</summary>
    public static LstmMdnOptions Robust { get; } = new()
    {
        Lookback = 10,
        Hidden = 8,
        Link = DeviationLink.Softplus,
        Components = 3,
        Scales = Mixed,
        Unknown = 0.0075,
        FromMixture = true,
        Seeds = 6,
        Validation = 0.2,
        Refit = true,
        Training = new TrainerOptions { Epochs = 30, BatchSize = 512, LearningRate = 3e-3, WeightDecay = 0.01, Schedule = LearningRateSchedule.Cosine, ClipNorm = 1, Patience = 5 },
    };

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public LstmMdnOptions Validated()
    {
        Between(Components, 1, 20, "k");
        Between(Lookback, 1, 1000, "lookback");
        Between(Hidden, 1, 1000, "hidden");
        Between(Dense, 0, 1000, "dense");
        Between(Seeds, 1, 100, "seeds");
        Between(Paths, 100, 1_000_000, "paths");
        if (!(Regularise >= 0)) throw new ForecastException("regularise-invalid", $"regularise is {Regularise}; it must not be negative", "regularise");
        if (!(Validation >= 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be from 0 to 0.5", "validation");
        if (!(Unknown >= 0 && Unknown <= 0.5)) throw new ForecastException("unknown-invalid", $"unknown is {Unknown}; it must be from 0 to 0.5", "unknown");
        Training.Validated();
        return this;

        static void Between(int value, int least, int most, string field)
        {
            if (value < least || value > most) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be from {least} to {most}", field);
        }
    }
}
