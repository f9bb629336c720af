namespace Forecast.Core.Forecasting;

/// <summary>Whether one fit serves one series or the whole panel.</summary>
public enum FitScope
{
    Local,
    Global,
}

/// <summary>What is asked of a model.</summary>
/// <param name="Horizon">Steps ahead, at least 1.</param>
/// <param name="Levels">Quantile levels wanted, strictly ascending within (0, 1).</param>
public sealed record ForecastTask(int Horizon, IReadOnlyList<double> Levels)
{
    /// <summary>0.1, 0.5, 0.9.</summary>
    public static IReadOnlyList<double> DefaultLevels { get; } = [0.1, 0.5, 0.9];

    /// <summary>Names of the targets; empty = all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <exception cref="ForecastException">A horizon below 1, or levels outside (0, 1), repeated or out of order.</exception>
    public ForecastTask Validated()
    {
        if (Horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {Horizon}; it must be at least 1", "horizon");
        for (var i = 0; i < Levels.Count; i++)
        {
            if (!(Levels[i] > 0 && Levels[i] < 1))
                throw new ForecastException("level-invalid", $"level {Levels[i]} is not strictly between 0 and 1", "levels", index: i);
            if (i > 0 && Levels[i] <= Levels[i - 1])
                throw new ForecastException("level-order", $"levels must ascend without repeats; {Levels[i]} follows {Levels[i - 1]}", "levels", index: i);
        }

        return this;
    }
}

/// <summary>How a fit is carried out: nothing here may change what is asked, only seed, place, progress and patience.</summary>
/// <param name="Seed">Seed of everything random in the fit.</param>
public sealed record FitContext(ulong Seed)
{
    /// <summary><c>cpu</c>, <c>cuda:0</c>, ...</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Share done, 0..1, for long fits.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Told after each epoch of a network's training.</summary>
    public IProgress<TrainingProgress>? Training { get; init; }

    public CancellationToken Cancellation { get; init; }
}
