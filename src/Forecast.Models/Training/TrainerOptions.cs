using Forecast.Core;

namespace Forecast.Models.Training;

/// <summary>How the learning rate moves over a training.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same throughout.</summary>
    Constant,

    /// <summary>Rises linearly over the warm-up, then falls as half a cosine to 0 (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,

    /// <summary>
    /// One cycle (Smith and Topin 2018, with half cosines on both sides): from 1/25 of the highest rate up over the first 30 % of the
    /// steps, then down to 1/10,000 of where it began. Epochs that come before early stopping thus see small rates. It has a warm-up of its own.
    /// </summary>
    OneCycle,
}

/// <summary>Type of the matrix products while training; weights and the optimiser keep float32.</summary>
public enum TrainingPrecision
{
    Float32,

    /// <summary>Autocast to bfloat16, whose range is float32's, so that no loss needs scaling.</summary>
    BFloat16,
}

/// <summary>What a training does, whatever the network.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes at most.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Where to end before <see cref="Epochs"/>, with the learning rates of the whole; null = nowhere.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Windows a step of the optimiser sees at once.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Batches whose gradients are summed before a step: a large batch in little memory.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Steps of the optimiser an epoch at most; null = as many as the windows allow.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Highest learning rate of AdamW (Loshchilov and Hutter 2019).</summary>
    public double LearningRate { get; init; } = 1e-3;

    public double WeightDecay { get; init; } = 0.01;

    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Share of all steps over which the learning rate rises.</summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>Largest norm of all gradients taken together; larger ones are shrunk to it (Pascanu et al. 2013).</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Epochs without a lower validation loss after which training ends.</summary>
    public int Patience { get; init; } = 3;

    public TrainingPrecision Precision { get; init; }

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public TrainerOptions Validated()
    {
        Least(Epochs, 1, "epochs");
        Least(BatchSize, 1, "batch");
        Least(Accumulation, 1, "accumulation");
        Least(StepsPerEpoch ?? 1, 1, "steps");
        Least(Patience, 1, "patience");
        if (!(LearningRate > 0 && LearningRate <= 1)) throw new ForecastException("learning-rate-invalid", $"learning_rate is {LearningRate}; it must be above 0 and at most 1", "learning_rate");
        if (!(WeightDecay >= 0 && WeightDecay < 1)) throw new ForecastException("weight-decay-invalid", $"weight_decay is {WeightDecay}; it must be at least 0 and below 1", "weight_decay");
        if (!(Warmup >= 0 && Warmup < 1)) throw new ForecastException("warmup-invalid", $"warmup is {Warmup}; it must be at least 0 and below 1", "warmup");
        if (!(ClipNorm > 0)) throw new ForecastException("clip-invalid", $"clip is {ClipNorm}; it must be above 0", "clip");
        return this;

        static void Least(int value, int least, string field)
        {
            if (value < least) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be at least {least}", field);
        }
    }

    /// <summary>Learning rate of a step, a function of its number alone, so that training can go on from anywhere.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Of the whole training.</param>
    public double RateAt(long step, long steps)
    {
        if (Schedule == LearningRateSchedule.Constant) return LearningRate;
        if (Schedule == LearningRateSchedule.OneCycle) return OneCycle(step, steps);
        var rise = Warmup * steps;
        if (step < rise) return LearningRate * (step + 1) / (rise + 1);
        return LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - rise) / Math.Max(1, steps - rise)));
    }

    private double OneCycle(long step, long steps)
    {
        var (start, top) = (LearningRate / 25, Math.Max(1, (0.3 * steps) - 1));
        return step <= top ? Between(start, LearningRate, step / top) : Between(LearningRate, start / 1e4, (step - top) / Math.Max(1, steps - 1 - top));

        static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
    }
}
